from __future__ import annotations

import base64
import hashlib
import re

import pytest

from mebench.errors import UserError
from mebench.leaderboard.build import build_leaderboard
from mebench.leaderboard.cards import read_card
from mebench.leaderboard.inside import POINTS
from mebench.metrics.conventions.spotting import PRESETS
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.runs.monitor import Monitor
from mebench.schema.scorecard import DatasetRef, Score
from mebench.schema.seed_scores import SeedScores

PERFECT = [("s1", "a", 100, 160, "macro", 1.0), ("s1", "a", 400, 410, "micro", 1.0), ("s2", "a", 50, 110, "macro", 1.0)]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def lines(page, cls="board"):
    """Every line of the ranking: rank, method, and the data of the sortable cells."""
    return [
        [
            row.find("td", "rank").text,
            row.find("a").text,
            *[c.attributes["data-v"] for c in row.find_all("td", "score")],
        ]
        for row in page.find("table", cls).find_all("tr")
        if row.find_all("td")
    ]


def test_one_page_without_any_other_file(make_run, tmp_path):
    path = build_leaderboard([make_run()], tmp_path / "page")
    assert path == tmp_path / "page/index.html"
    assert [p.name for p in path.parent.iterdir()] == ["index.html"]
    text = path.read_text()
    assert not re.search(r'(src|href)="(?!#|data:,)', text)
    assert not re.search(r"https?:|url\((?!#)|@import|\bfetch\(|XMLHttpRequest", text)


def test_the_table_shows_scores_at_full_precision(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run("au_sum"), make_run("oracle", rows=PERFECT)], tmp_path))
    mine, bound = lines(page)
    assert mine[:3] == ["1", "au_sum", repr(1 / 3)]
    assert bound[:5] == ["–", "oracle", "1.0", "1.0", "1.0"]
    assert bound[1] in page.find("tbody", "bounds").text


def test_every_score_of_the_card_has_its_column(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run()], tmp_path))
    names = [th.text for th in page.find("table", "board").find_all("th") if th.find_all("button")]
    assert names == ["rank", "method", "F1", "P", "R", *["F1", "P", "R", "AUC"] * 2, "TP", "FP", "FN", "training"]
    assert len(lines(page)[0]) == 2 + 11


def test_header_buttons_name_the_cells_below_them(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run()], tmp_path))
    for table in page.find_all("table"):
        heads = [th for th in table.find_all("th") if th.find_all("button")]
        assert [int(th.attributes["data-column"]) for th in heads] == list(range(len(heads)))
        assert {len(row.find_all("td")) for row in table.find("tbody").find_all("tr")} == {len(heads)}


def test_cards_that_may_not_be_compared_stand_in_tables_of_their_own(make_run, tmp_path, parse):
    runs = [make_run("a"), make_run("b"), make_run("c", convention=PRESETS["megc2020"])]
    page = parse(build_leaderboard(runs, tmp_path))
    boards = page.find_all("section", "card")
    assert sorted(len(board.find("table", "board").find_all("td", "rank")) for board in boards) == [1, 2]
    fingerprints = {board.find("ul", "chips").text for board in boards}
    assert all(any(PRESETS[name].fingerprint in text for text in fingerprints) for name in ("strict", "megc2020"))


def test_names_of_strangers_are_inert(make_run, truth, tmp_path, parse):
    evil = truth(videos=[(EVIL, EVIL, 30.0, 900)], events=[(EVIL, EVIL, 10, 60, "macro", float("nan"), EVIL, 30, EVIL)])
    run = make_run(EVIL, {EVIL: EVIL}, truth=evil, rows=[], reason=EVIL, environment={EVIL: EVIL})
    text = build_leaderboard([run, make_run(EVIL, {EVIL: 1}, truth=evil, rows=[])], tmp_path, title=EVIL).read_text()
    page = parse(tmp_path / "index.html")
    assert [script.attributes.get("type") for script in page.find_all("script")] == ["application/json"] * 2 + [None]
    assert not page.find_all("img")
    assert not any(name.startswith("on") for node in page.everything for name in node.attributes)
    assert "<script>alert" not in text
    assert page.find("h1").text == EVIL
    assert lines(page)[0][1] == EVIL


def test_only_the_pages_own_script_may_run(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run()], tmp_path))
    (script,) = ["".join(s.own_text) for s in page.find_all("script") if "type" not in s.attributes]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [m.attributes["content"] for m in page.find_all("meta") if "http-equiv" in m.attributes]
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy


def test_every_link_leads_somewhere_and_every_id_is_there_once(make_run, tmp_path, parse):
    page = parse(
        build_leaderboard([make_run("a"), make_run("b"), make_run("c", convention=PRESETS["megc2020"])], tmp_path)
    )
    ids = [node.attributes["id"] for node in page.everything if "id" in node.attributes]
    links = [a.attributes["href"] for a in page.find_all("a")]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)


def test_every_video_has_its_timeline_and_its_marks(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run()], tmp_path))
    figures = page.find_all("figure", "video")
    assert [figure.find("b").text for figure in figures] == ["a", "b", "a"]
    assert [len(figure.find_all("path", "curve")) for figure in figures] == [2, 2, 2]
    marks = {
        kind: len(page.find("details", "method").find_all("rect", f"m-{kind}"))
        for kind in ("hit", "false", "found", "missed")
    }
    assert marks == {"hit": 1, "false": 2, "found": 1, "missed": 2}


def test_counts_of_subjects_and_videos(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run()], tmp_path))
    table = page.find("details", "method").find("table")
    rows = [[cell.text for cell in row.find_all("td")] for row in table.find("tbody").find_all("tr")]
    assert rows[0][:6] == ["s1", "2", "1", "1", "1", ".500"]
    assert rows[1][:6] == ["s2", "1", "0", "1", "1", ".000"]
    assert "macro TP 1, FP 0, FN 0 · micro TP 0, FP 1, FN 1" in page.find("figure", "video").text


def test_a_card_alone_says_that_timelines_are_not_kept(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run(keep=False)], tmp_path))
    assert "Timelines are not kept for this card: there is no predictions.csv" in page.text
    assert not page.find_all("svg", "plot")
    assert page.find_all("figure", "video")


def test_what_does_not_belong_to_the_card_is_not_drawn(make_run, tmp_path, parse):
    run = make_run()
    (run / "predictions.csv").write_text("subject,video,onset,offset,type\ns1,a,1,2,micro\n")
    page = parse(build_leaderboard([run], tmp_path))
    assert "not what it was made of" in page.text
    assert not page.find_all("svg", "plot")


def test_badges_tell_what_is_official_and_complete(make_run, tmp_path, parse, truth, monkeypatch):
    bad = make_run("bad", complete=False)
    monkeypatch.setattr(Megc2020Spotting, "official", {"fake": truth().counts()})
    runs = [make_run("good"), bad]
    page = parse(build_leaderboard(runs, tmp_path))
    rows = page.find("table", "board").find_all("td", "method")
    assert [[badge.text for badge in row.find_all("span", "badge")] for row in rows] == [
        ["official", "complete"],
        ["not official", "incomplete"],
    ]
    assert "Not official: fake is no official set of megc2020-spotting" in page.text
    assert "This run is not complete" in page.text


def test_settings_in_which_rows_differ_stand_in_their_names(make_run, tmp_path, parse):
    runs = [make_run("net", {"lcn": lcn, "layers": 6, "skips": [1, 2]}) for lcn in (True, False)]
    runs.append(make_run("other", {"lcn": True}))
    page = parse(build_leaderboard(runs, tmp_path))
    names = {link.text for link in page.find("nav", "picker").find_all("a")}
    assert names == {"net:lcn=true", "net:lcn=false", "other"}
    settings = page.find("details", "method").find("dl", "facts")
    assert [node.text for node in settings.children][-2:] == ["skips", "1/2"]


def test_undefined_scores_are_marked(make_run, tmp_path, parse):
    run = make_run(scores=(Score("f1", "overall", 0.0, (0.0, 0.0), defined=False),))
    page = parse(build_leaderboard([run], tmp_path))
    assert page.find("table", "board").find("td", "undefined").attributes["title"] == "0/0: not defined, counted as 0"


def test_literature_is_kept_apart(make_run, tmp_path, parse):
    published = tmp_path / "published.csv"
    published.write_text("method,dataset,scope,f1,source,note\nnet,samm_lv,macro,.5,Smith 2020,\n")
    page = parse(build_leaderboard([make_run()], tmp_path / "out", literature=[published]))
    section = page.find("section", id="literature")
    assert "Not comparable" in section.text
    assert "Smith 2020" in section.text
    assert "Smith 2020" not in page.find("table", "board").text


def test_the_same_cards_give_the_same_bytes(make_run, tmp_path):
    runs = [make_run("a"), make_run("b")]
    first = build_leaderboard(runs, tmp_path / "1").read_bytes()
    assert first == build_leaderboard([*runs[::-1], runs[0]], tmp_path / "2").read_bytes()
    assert str(tmp_path).encode() not in first


def test_a_challenge_sized_page_stays_small(make_run, truth, tmp_path):
    videos = [(f"s{i // 2}", f"v{i}", 30.0, 1800) for i in range(16)]
    events = [(s, v, 60 + 200 * k, 100 + 200 * k, "macro") for s, v, _, _ in videos for k in range(4)]
    runs = [make_run(f"m{i}", truth=truth(videos, events), rows=events) for i in range(5)]
    assert build_leaderboard(runs, tmp_path).stat().st_size < 2_000_000


def long_videos(make_run, truth, count, rows=(), n_frames=7000):
    """Make a run of noise over some videos of the length of those of SAMM Long Videos."""
    videos = [(f"s{i:02d}", f"v{i}", 200.0, n_frames) for i in range(count)]
    events = [(f"s{i:02d}", f"v{i}", 3000, 3039, "micro") for i in range(count)]
    return make_run(truth=truth(videos, events), rows=list(rows))


def test_a_video_of_noise_takes_a_few_kilobytes(make_run, truth, tmp_path):
    """147 of them make a method of SAMM Long Videos, which may take a megabyte of the page."""
    few, more = (
        build_leaderboard([long_videos(make_run, truth, count)], tmp_path / str(count)).stat().st_size
        for count in (2, 10)
    )
    assert (more - few) / 8 < 1_000_000 / 147


def test_a_method_that_passes_its_share_of_the_page_loses_its_curves_and_then_its_timelines(
    make_run, truth, tmp_path, parse, monkeypatch
):
    run = long_videos(make_run, truth, 1)
    lengths, limit = [], 1_000_000
    for _ in POINTS:
        monkeypatch.setattr("mebench.leaderboard.inside.LIMIT", limit)
        page = parse(build_leaderboard([run], tmp_path / str(limit)))
        lengths.append(sum(len(path.attributes["d"]) for path in page.find_all("path", "curve")))
        packed = re.search(
            r"<script type=\"application/json\"[^>]*>(.*)</script>", (tmp_path / str(limit) / "index.html").read_text()
        )
        assert len(packed[1]) <= limit
        limit = len(packed[1]) - 1
    assert lengths == sorted(set(lengths), reverse=True)
    assert not page.find_all("svg", "plot")
    assert "so many intervals that they would take more than a megabyte" in page.text


def test_a_micro_expression_is_seen_in_a_coarse_curve(make_run, truth, tmp_path, parse, monkeypatch):
    monkeypatch.setattr("mebench.leaderboard.inside.POINTS", (20, 0))
    page = parse(build_leaderboard([long_videos(make_run, truth, 1)], tmp_path))
    curve = page.find("figure", "video").find_all("path", "curve")[1].attributes["d"]
    x, ends = 0, set()
    for step in re.findall(r"h(\d+)", curve):
        ends.add(x := x + int(step))
    assert {2999, 3039} <= ends
    assert len([end for end in ends if 2999 <= end < 3039]) == 3


def test_the_page_says_what_its_subjects_tell_apart(make_run, tmp_path, parse):
    told = []
    page = parse(build_leaderboard([make_run("a"), make_run("b")], tmp_path, tell=told.append))
    assert "2 subjects cannot separate these methods: none of 1 pair differs" in page.find("p", "verdict").text
    assert told == [f"fake under megc2020-spotting v1: {page.find('p', 'verdict').text}"]
    assert [cell.text for cell in page.find_all("td", "rank")] == ["1-2", "1-2"]
    cells = page.find("table", "matrix").find("tbody").find_all("td")
    assert [cell.text for cell in cells] == [".000 .000 to .000 p 1.000"]


def test_a_page_of_many_cards_says_how_far_it_is(make_run, tmp_path, monkeypatch):
    class Watch(Monitor):
        def __init__(self):
            self.told = []

        def phase(self, name, tasks):
            self.told.append((name, tasks))

        def finished(self, task, error):
            self.told.append((task, error))

        def close(self):
            self.told.append("closed")

    watch, runs = Watch(), [make_run("a"), make_run("b")]
    build_leaderboard(runs, tmp_path, monitor=watch)
    assert watch.told == []
    monkeypatch.setattr("mebench.leaderboard.build.MANY", 1)
    build_leaderboard(runs, tmp_path, monitor=watch)
    assert watch.told == [("methods of the leaderboard", 2), ("a", None), ("b", None), "closed"]


def test_bounds_and_one_method_have_no_matrix(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run("a"), make_run("oracle", rows=PERFECT)], tmp_path))
    assert not page.find_all("table", "matrix")
    assert not page.find_all("p", "verdict")


def test_seeds_stand_apart_from_the_interval_over_subjects(make_run, tmp_path, parse):
    run = make_run()
    card = read_card(run).card
    cards = {i: card.replace(scores=(Score("f1", "overall", v),)) for i, v in enumerate((0.3, 0.5))}
    SeedScores.of(cards).write(run / "seeds.json")
    page = parse(build_leaderboard([run], tmp_path / "page"))
    cell = page.find("table", "board").find("td", "score")
    assert cell.find("span", "seeds").text == "2 seeds .400 ± .141"
    assert re.fullmatch(r"\.\d+ to [.\d]+", cell.find("span", "ci").text)
    assert "Two parts of the uncertainty stand apart" in page.text
    assert "Two parts" not in parse(build_leaderboard([make_run()], tmp_path / "other")).text


def test_seeds_that_are_not_of_the_card_are_told(make_run, tmp_path, parse):
    run = make_run()
    card = read_card(run).card.replace(dataset=DatasetRef("fake", "other"))
    SeedScores.of({0: card, 1: card}).write(run / "seeds.json")
    assert "The seeds of au_sum are not shown: " in parse(build_leaderboard([run], tmp_path / "page")).text


def test_no_scorecards_is_told(tmp_path):
    with pytest.raises(UserError, match="needs a scorecard"):
        build_leaderboard([], tmp_path)


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_a_file_that_is_no_scorecard_is_told_and_nothing_is_written(tmp_path, content):
    card = tmp_path / "scorecard.json"
    if content is not None:
        card.write_text(content)
    with pytest.raises(UserError, match=r"scorecard\.json"):
        build_leaderboard([card], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_older_page_survives_a_failure(make_run, tmp_path):
    page = build_leaderboard([make_run()], tmp_path / "out")
    before = page.read_bytes()
    with pytest.raises(UserError):
        build_leaderboard([tmp_path / "gone.json"], tmp_path / "out")
    assert page.read_bytes() == before
    assert [p.name for p in page.parent.iterdir()] == ["index.html"]
