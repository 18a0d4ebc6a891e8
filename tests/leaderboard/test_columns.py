"""Pages of the tasks other than spotting, from cards that their protocols made."""

from __future__ import annotations

import re

import pytest

from mebench.analysis.compare import p_value, statistic_for
from mebench.leaderboard.build import build_leaderboard
from mebench.leaderboard.cards import F1, read_card
from mebench.leaderboard.columns import layout_of
from mebench.leaderboard.groups import group_cards
from mebench.metrics.catalogue import METRICS, metric_of
from mebench.protocols.base import Predicted
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.scorecard import MethodRef, ProtocolRef, Score
from tests.every_task import TASKS
from tests.old_cards import typed


@pytest.fixture
def make(tmp_path):
    """Write the card of a method of some quality, 0 to 1, under a protocol, and return its path."""

    def card(protocol, method, quality, **changes):
        kind, data, _ = TASKS[protocol]
        predictions, truth = data(quality)
        graded = kind().score(Predicted(predictions, method=MethodRef(method, {}, "d")), truth)
        path = tmp_path / f"{protocol}-{method}" / "scorecard.json"
        graded.replace(**changes).write(path)
        return path

    return card


@pytest.mark.parametrize("protocol", TASKS)
def test_a_page_shows_every_score_and_ranks_by_the_protocols_own(make, tmp_path, parse, protocol):
    paths = [make(protocol, "poor", 0.2), make(protocol, "good", 1.0)]
    page = parse(build_leaderboard(paths, tmp_path / "page"))
    table, card = page.find("table", "board"), read_card(paths[1])
    ranks = [(r.find("td", "rank").text, r.find("a").text) for r in table.find("tbody").find_all("tr")]
    assert ranks == [("1", "good"), ("2", "poor")]
    first = table.find("tbody").find("tr")
    shown = [cell.attributes["data-v"] for cell in first.find_all("td", "score")]
    assert shown[0] == repr(card.score(*card.ranking).value)
    assert sorted(shown) == sorted(repr(score.value) for score in card.card.scores)
    assert f"methods by {TASKS[protocol][2]}" in page.text
    assert f"in the order of their {TASKS[protocol][2]}" in page.text
    assert len(table.find_all("td", "making")) == 2
    (difference,) = page.find("table", "matrix").find_all("td", "apart")
    assert re.match(r"\+(\d*\.\d+) \+.* to \+.* p .*\.\d+", difference.text)
    assert "macro-expressions" not in page.text
    assert "overall F1" not in page.text


@pytest.mark.parametrize("protocol", TASKS)
def test_heads_cells_and_links_fit(make, tmp_path, parse, protocol):
    page = parse(build_leaderboard([make(protocol, "a", 0.5)], tmp_path / "page"))
    for table in page.find_all("table"):
        heads = [th for th in table.find_all("th") if th.find_all("button")]
        if table.attributes.get("class") in ("confusion", "people"):
            rows = table.find_all("tr")
            assert len({len(row.find_all("td")) + len(row.find_all("th")) for row in rows}) == 1
            continue
        assert [int(th.attributes["data-column"]) for th in heads] == list(range(len(heads)))
        assert {len(row.find_all("td")) for row in table.find("tbody").find_all("tr")} == {len(heads)}
        spans = [int(th.attributes.get("colspan", 1)) for th in table.find("tr", "spans").find_all("th")]
        assert sum(spans) == len(heads)
    ids = [node.attributes["id"] for node in page.everything if "id" in node.attributes]
    assert {a.attributes["href"][1:] for a in page.find_all("a")} <= set(ids)


def test_the_ranking_score_comes_first_and_its_scopes_before_the_others(make):
    (group,) = group_cards([read_card(make("megc2019-cde", "a", 0.5))])
    layout = layout_of(group)
    assert list(layout.columns) == ["full", "casme2", "samm", "smic", *sorted(COMPOSITE_CLASSES)]
    assert [metric for metric, _ in layout.columns["full"]] == ["uf1", "accuracy", "macro_precision", "uar"]
    assert layout.subject_scopes == ("full", *sorted(COMPOSITE_CLASSES))
    assert layout.bar_note == ""


def test_bars_of_ratings_have_their_own_ends(make, tmp_path, parse):
    path = make("megc2021-generation", "a", 1.0)
    (group,) = group_cards([read_card(path)])
    assert layout_of(group).ranges["rating"] == (0.0, 5.0)
    page = parse(build_leaderboard([path], tmp_path / "page"))
    value = read_card(path).score("rating", "composite").value
    bar = page.find("table", "board").find("td", "score").find("line", "value")
    assert bar.attributes["x1"] == f"{100 * value / 5}%"
    assert "rating from 0 to 5" in page.text


def test_overlapping_intervals_leave_places_open(make):
    def scored(method, value, low, high):
        return read_card(make("megc2019-cde", method, 0.5, **typed(Score("uf1", "full", value, (low, high)))))

    (group,) = group_cards([scored("a", 0.7, 0.6, 0.8), scored("b", 0.65, 0.5, 0.7), scored("c", 0.2, 0.1, 0.3)])
    assert [(row.card.method, row.label) for row in group.rows] == [("a", "1-2"), ("b", "1-2"), ("c", "3")]


def test_less_is_better_where_the_metric_says_so(make, tmp_path, parse, monkeypatch):
    monkeypatch.setattr(type(METRICS.get("uf1")), "higher_is_better", False)
    paths = [
        make("megc2019-cde", method, 0.5, **typed(score))
        for method, score in (
            ("high", Score("uf1", "full", 0.7, (0.6, 0.8))),
            ("low", Score("uf1", "full", 0.2, (0.1, 0.3))),
            ("undefined", Score("uf1", "full", 0.0, None, defined=False)),
        )
    ]
    (group,) = group_cards([read_card(path) for path in paths])
    assert [(row.card.method, row.label) for row in group.rows] == [("low", "1"), ("high", "2"), ("undefined", "3")]
    assert "wholly below, as less is better" in parse(build_leaderboard(paths, tmp_path / "page")).text


def test_a_card_without_the_ranking_score_comes_last(make):
    folder = [make("megc2019-cde", "with", 0.0), make("megc2019-cde", "without", 1.0, **typed())]
    (group,) = group_cards([read_card(path) for path in folder])
    assert [row.card.method for row in group.rows] == ["with", "without"]


def test_spotting_and_unknown_protocols_rank_by_overall_f1(make_run):
    for card in (
        read_card(make_run()),
        read_card(make_run(protocol=ProtocolRef("somebody-elses", "1"))),
    ):
        assert card.ranking == F1
        (group,) = group_cards([card])
        assert layout_of(group).draws
        assert layout_of(group).ranks_by == "overall F1"


def test_tasks_may_share_a_page(make, make_run, tmp_path, parse):
    page = parse(build_leaderboard([make("megc2019-cde", "a", 0.5), make_run()], tmp_path / "page"))
    assert len(page.find_all("section", "card")) == 2
    assert "Every table ranks by the score that its protocol names" in page.find("header").text
    assert len(page.find_all("figure", "video")) == 3


def test_names_of_metrics():
    names = {"uf1": "UF1", "f1_spotting": "F1 spotting", "precision": "P", "krippendorff_alpha": "krippendorff alpha"}
    assert {metric: metric_of(metric).name for metric in names} == names


@pytest.mark.parametrize("protocol", ["megc2019-cde", "megc2021-generation"])
def test_the_picture_draws_the_score_that_ranks(draw_figure, make, tmp_path, protocol):
    paths = [make(protocol, "poor", 0.2), make(protocol, "good", 1.0)]
    two = draw_figure(paths, tmp_path / "two.png").read_bytes()
    others = [make(protocol, "poor", 0.2, scores=()), paths[1]]
    assert two[:4] == b"\x89PNG"
    assert draw_figure(others, tmp_path / "one.png").read_bytes() != two


@pytest.mark.parametrize("protocol", TASKS)
def test_every_ranking_score_follows_from_what_subjects_add(make, protocol):
    good, poor = (read_card(make(protocol, m, q)) for m, q in (("good", 1.0), ("poor", 0.2)))
    metric, scope = good.ranking
    kept = [statistic_for(card.card, metric, scope) for card in (good, poor)]
    value = kept[1].statistic(kept[1].parts.sum(axis=0)[None])[0][kept[1].row.metrics.index(metric)]
    assert value == pytest.approx(poor.score(metric, scope).value)
    assert p_value(*kept, metric) < 0.05
    assert p_value(kept[0], kept[0], metric) == 1


def test_paired_counts_tell_recognisers_apart_whose_intervals_overlap(make):
    cards = [read_card(make("megc2019-cde", m, q)) for m, q in (("a", 0.85), ("b", 0.6), ("c", 0.3))]
    (group,) = group_cards(cards[1:])
    assert cards[1].reach[0] < cards[2].reach[1]
    assert [row.label for row in group.rows] == ["1", "2"]


@pytest.mark.parametrize(("protocol", "tested"), [("megc2019-cde", True), ("megc2025-str", True), ("none", False)])
def test_the_page_says_how_methods_are_told_apart(make, tmp_path, parse, protocol, tested):
    card = make(protocol, "a", 0.5) if tested else make("megc2019-cde", "a", 0.5, statistics=())
    text = parse(build_leaderboard([card], tmp_path / "page")).text
    assert ("paired permutation test" in text) == tested
    assert ("a score without an interval counts by its value alone" in text) != tested


@pytest.mark.parametrize("changes", [{"by_subject": ()}, {"scores": (Score("uf1", "full", 0.123),)}])
def test_counts_that_do_not_give_the_score_are_not_used(make, changes):
    assert statistic_for(read_card(make("megc2019-cde", "a", 0.5, **changes)).card, "uf1", "full") is None
