"""Groups of cards as tables: settings that differ, facts as text, and counts of truths."""

from __future__ import annotations

from mebench.leaderboard.build import build_leaderboard
from mebench.leaderboard.cards import read_card
from mebench.leaderboard.groups import group_cards
from mebench.leaderboard.tables import build_board, facts
from mebench.schema.scorecard import Scorecard
from mebench.schema.seed_scores import SeedScores
from tests.analysis.cards import BASELINES, HISTORIC


def board(*runs):
    (group,) = group_cards([read_card(run) for run in runs])
    return build_board(group, 3)


def test_facts_are_flat_and_sorted():
    nested = {"b": {"y": 1, "x": {"z": 0.5}}, "a": [1, 2], "c": {}}
    assert facts(nested) == (("a", "1/2"), ("b.x.z", "0.5"), ("b.y", "1"), ("c", "{}"))


def test_only_settings_that_differ_are_shown(make_run):
    runs = [make_run("au_sum", {"window": w, "same": 1}) for w in (3, 5)]
    found = board(*runs, make_run("other", {"window": 9}))
    assert sorted(row.name for row in found.rows) == ["au_sum:window=3", "au_sum:window=5", "other"]


def test_bounds_stand_apart_and_ids_are_positions(make_run):
    found = board(make_run("au_sum"), make_run("oracle"), make_run("b"))
    assert [row.method for row in found.bounds] == ["oracle"]
    assert [row.id for row in (*found.rows, *found.bounds)] == ["g3-m1", "g3-m2", "g3-m3"]
    assert [row.is_bound for row in (*found.rows, *found.bounds)] == [False, False, True]
    assert found.size == 3
    assert found.opens == "g3-m1"


def test_numbers_of_truths_are_those_of_the_truth(make_run):
    found = board(make_run())
    assert (found.n_subjects, found.n_videos, found.n_macro, found.n_micro) == (2, 3, 2, 1)
    assert found.heading == "fake under megc2020-spotting v1"
    assert found.has_timelines
    assert not board(make_run(keep=False)).has_timelines


def test_reasons_are_told_once(make_run):
    (reason,) = board(make_run("a"), make_run("b")).reasons
    assert "fake is no official set" in reason


def test_cells_hold_the_scores_of_the_card(make_run):
    run = make_run()
    (row,) = board(run).rows
    assert row.cells["overall"]["f1"].sort == repr(read_card(run).score("f1", "overall").value)


def test_an_inconsistent_card_is_shown_apart_with_its_reason(make_run, tmp_path, parse):
    page = parse(build_leaderboard([make_run("mine"), make_run("typed", task="spoting")], tmp_path / "page"))
    assert "1 scorecard" in page.text or "2 scorecards" in page.text
    refused = next(table for table in page.find_all("tbody", "refused") if "typed" in table.text)
    assert "inconsistent" in refused.text
    assert "Inconsistent, so without a rank:" in page.text
    assert "typed. Its task 'spoting' is not known here: load the plug-in that has it." in page.text


def test_mean_and_spread_over_seeds_stand_beside_the_settings(make_run, tmp_path, parse):
    run = make_run("mine", environment={"seed": 0}, timing={"training_seconds": 12.5, "date": "2025-01-31"})
    card = Scorecard.read(run / "scorecard.json")
    SeedScores.of({0: card, 1: card}).write(run / "seeds.json")
    text = parse(build_leaderboard([run], tmp_path / "page")).text
    assert "Over seeds: the chance of training" in text
    value = card.score("f1", "overall").value
    assert f"mean {value:.3f}, sd 0.000, n = 2" in text
    for fact in ("seed 0", "training_seconds 12.5", "date 2025-01-31"):
        assert all(word in text for word in fact.split())


def test_an_old_card_whose_ranking_score_nothing_is_kept_of_is_marked():
    (str_card,) = (path for path in HISTORIC if path.stem == "megc2024-str")
    (spotted,) = (path for path in HISTORIC if path.stem == "mdmd")
    assert [board(path).rows[0].is_checked for path in (str_card, spotted)] == [False, True]


def test_a_score_that_a_new_card_keeps_nothing_of_is_marked_too(tmp_path, parse):
    (path,) = (path for path in BASELINES if path.parent.name == "mdmd")
    cells = board(path).rows[0].cells["macro"]
    assert {metric for metric, cell in cells.items() if cell.as_it_stands} == {"auc"}
    page = parse(build_leaderboard([path], tmp_path / "page"))
    assert "A score with * is taken as it stands" in page.text
    assert '<span title="taken as it stands">*</span>' in (tmp_path / "page" / "index.html").read_text()


def test_the_profile_stands_in_the_name_and_comes_first(make_run):
    thesis, own = {"a": 1, "percentile_of": "sum", "profile": "thesis"}, {"a": 2}
    assert [row.name for row in board(make_run("au_sum", thesis)).rows] == ["au_sum:profile=thesis"]
    assert [row.name for row in board(make_run("au_sum", own)).rows] == ["au_sum"]
    found = board(make_run("au_sum", thesis), make_run("au_sum", own), make_run("mdmd", {"p": 1}))
    assert {row.name for row in found.rows} == {"au_sum:profile=thesis,a=1", "au_sum:profile=mebench,a=2", "mdmd"}


def test_what_a_profile_says_is_not_said_again(make_run):
    own = {"min_rise": 0.05, "merge_valley": 0.5, "percentile": 75.0}
    thesis = {**own, "min_rise": 0.0, "merge_valley": 1.0, "percentile_of": "sum", "profile": "thesis"}
    configs = [own, thesis, {**thesis, "min_rise": 0.1}, {**own, "merge_valley": 1.0, "percentile": 60.0}]
    found = board(*(make_run("au_sum", config) for config in configs))
    assert {row.name for row in found.rows} == {
        "au_sum:profile=mebench,percentile=75",
        "au_sum:profile=thesis,percentile=75",
        "au_sum:profile=thesis,min_rise=0.1,percentile=75",
        "au_sum:profile=mebench,merge_valley=1,percentile=60",
    }


def test_settings_by_dataset_have_a_profile_too(make_run):
    by_dataset = {id: {"a": 1, "profile": "thesis"} for id in ("samm_lv", "casme_sq")}
    assert [row.name for row in board(make_run("au_sum", by_dataset)).rows] == ["au_sum:profile=thesis"]


def test_what_is_to_be_known_of_an_official_set_stands_below_the_table(make_run, tmp_path, parse):
    runs = [make_run("au_sum", official=True, reason="87 of 98"), make_run("mdmd", official=False, reason="too few")]
    found = board(*runs)
    assert (found.remarks, found.reasons) == (("87 of 98",), ("too few",))
    page = parse(build_leaderboard(runs, tmp_path / "page"))
    assert "Not official: too few" in page.text
    assert "Note: 87 of 98" in page.text


def test_methods_that_differ_in_what_their_cards_leave_out_have_two_names(make_run):
    thesis = {"percentile_of": "sum", "profile": "thesis"}
    found = board(make_run("au_sum", thesis), make_run("au_sum", {"profile": "thesis"}))
    assert {row.name for row in found.rows} == {
        "au_sum:profile=thesis",
        "au_sum:profile=thesis,percentile_of=smoothed",
    }
