from __future__ import annotations

import json

import pytest

from mebench.leaderboard.cards import read_card
from mebench.leaderboard.groups import Ranked, group_cards
from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.schema.scorecard import ProtocolRef, Score
from tests.old_cards import typed


def labels(folders):
    (group,) = group_cards([read_card(folder) for folder in folders])
    return [(row.card.method, row.label) for row in group.all]


def f1(value, low, high):
    return typed(Score("f1", "overall", value, (low, high)))


def test_a_label_is_an_interval_or_one_place(make_run):
    card = read_card(make_run())
    assert [Ranked(card, 2, places).label for places in ((1, 3), (2, 2), None)] == ["1-3", "2", "–"]


def test_cards_of_other_scores_than_their_counts_are_placed_by_their_intervals(make_run):
    folders = [
        make_run("low", **f1(0.10, 0.05, 0.20)),
        make_run("high", **f1(0.60, 0.50, 0.70)),
        make_run("middle", **f1(0.50, 0.40, 0.60)),
    ]
    assert labels(folders) == [("high", "1-2"), ("middle", "1-2"), ("low", "3")]


def test_a_card_without_interval_is_ranked_by_its_value(make_run):
    folders = [make_run(m, **typed(Score("f1", "overall", v))) for m, v in (("a", 0.2), ("b", 0.3))]
    assert labels(folders) == [("b", "1"), ("a", "2")]


def test_bounds_and_incomplete_cards_have_no_rank_and_push_nobody_down(make_run):
    folders = [
        make_run("oracle", **f1(1.0, 1.0, 1.0)),
        make_run("half_done", complete=False, **f1(0.9, 0.85, 0.95)),
        make_run("mine", **f1(0.5, 0.4, 0.6)),
        make_run("random_intervals", **f1(0.1, 0.0, 0.2)),
    ]
    assert labels(folders) == [("mine", "1"), ("half_done", "–"), ("oracle", "–"), ("random_intervals", "–")]


@pytest.mark.parametrize(
    "changes",
    [
        {"convention": SpottingConvention(matching="truth_found")},
        {"protocol": ProtocolRef("megc2020-spotting", "2")},
        {"protocol": ProtocolRef("megc2021-spotting", "1")},
    ],
)
def test_cards_of_different_rules_never_share_a_table(make_run, changes):
    assert len(group_cards([read_card(make_run()), read_card(make_run(**changes))])) == 2


def test_cards_of_different_truths_never_share_a_table(make_run, truth):
    with_one_event_less = truth(events=truth().events.rows()[:2])
    cards = [read_card(make_run()), read_card(make_run(truth=with_one_event_less))]
    assert len(group_cards(cards)) == 2


def test_the_order_of_cards_does_not_matter(make_run):
    folders = [make_run("a"), make_run("b"), make_run("c", **f1(0.9, 0.8, 1.0))]
    assert labels(folders) == labels(folders[::-1])


def test_a_card_that_contradicts_itself_stands_apart_and_pushes_nobody_down(make_run):
    honest, typed_by_hand = make_run("mine"), make_run("typed")
    file = typed_by_hand / "scorecard.json"
    plain = json.loads(file.read_text())
    next(s for s in plain["scores"] if (s["metric"], s["scope"]) == ("f1", "overall"))["value"] = 0.99
    file.write_text(json.dumps(plain))
    (group,) = group_cards([read_card(honest), read_card(typed_by_hand)])
    assert [(row.card.method, row.label) for row in group.rows] == [("mine", "1")]
    assert [(row.card.method, row.label) for row in group.refused] == [("typed", "–")]
    assert group.refused[0].card.inconsistent.startswith("f1 of overall is given as 0.990000, but its counts")
    (alone,) = group_cards([read_card(typed_by_hand)])
    assert (alone.rows, alone.first.method) == ((), "typed")


def test_the_place_by_score_is_shared_by_equal_scores(make_run):
    (group,) = group_cards([read_card(make_run(m, **f1(v, 0.0, 1.0))) for m, v in (("a", 0.5), ("b", 0.5), ("c", 0.4))])
    assert [(row.rank, row.label) for row in group.rows] == [(1, "1-3"), (1, "1-3"), (3, "1-3")]
    assert len(group.standing.ranks) == 3
