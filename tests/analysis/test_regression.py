"""Has a score fallen?"""

from __future__ import annotations

import pytest

from mebench.analysis.regression import (
    RETRAINED,
    Tolerance,
    Verdict,
    compare_scorecards,
    find_baseline,
)
from mebench.metrics.conventions.spotting import PRESETS
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.scorecard import DatasetRef, MethodRef, ProtocolRef, Score

METHOD = MethodRef("au_sum", {"window": 3}, "m")


def grade(predictions, truth, preset="strict"):
    return Megc2020Spotting().score(Predicted(predictions, method=METHOD), truth, convention=PRESETS[preset])


def with_score(card, *scores):
    return card.replace(scores=scores)


def test_untouched_predictions_pass(predictions, truth):
    found = compare_scorecards(grade(predictions, truth), grade(predictions, truth))
    assert found.ok
    assert found.moved == ()
    assert found.title == "au_sum on tiny under megc2020-spotting"


def test_one_true_positive_less_fails_and_says_which_numbers_moved(predictions, truth):
    old = grade(predictions, truth)
    found = compare_scorecards(grade(predictions.select([1, 2, 3]), truth), old)
    assert not found.ok
    moved = {(row.metric, row.scope): row for row in found.moved}
    assert {("f1", "overall"), ("recall", "macro")} <= set(moved)
    assert moved["f1", "overall"].failed
    assert (moved["f1", "overall"].baseline, moved["f1", "overall"].new) == (4 / 9, 2 / 8)
    assert ("f1", "micro") not in moved


def test_a_rise_is_no_failure(predictions, truth):
    found = compare_scorecards(grade(truth.events, truth), grade(predictions, truth))
    assert found.ok
    assert {row.verdict for row in found.moved} == {Verdict.RISEN}


@pytest.mark.parametrize(
    ("metric", "new", "verdict"),
    [
        ("f1", 0.5, Verdict.EQUAL),
        ("f1", 0.5 - 1e-12, Verdict.FALLEN),
        ("f1", 0.6, Verdict.RISEN),
        ("niqe", 0.6, Verdict.FALLEN),
        ("niqe", 0.4, Verdict.RISEN),
    ],
)
def test_directions(predictions, truth, metric, new, verdict):
    card = grade(predictions, truth)
    old = with_score(card, Score(metric, "overall", 0.5))
    (row,) = compare_scorecards(with_score(card, Score(metric, "overall", new)), old).rows
    assert row.verdict is verdict


@pytest.mark.parametrize(
    ("tolerance", "fall", "ok"),
    [
        (RETRAINED, 0.02, True),
        (RETRAINED, 0.03, False),
        (Tolerance(absolute=0.04), 0.03, True),
        (Tolerance(relative=0.05, sigma=0.02), 0.05, True),
        (Tolerance(relative=0.05, sigma=0.02), 0.07, False),
    ],
)
def test_tolerance_is_the_largest_of_three(predictions, truth, tolerance, fall, ok):
    card = grade(predictions, truth)
    old, new = (with_score(card, Score("f1", "overall", v)) for v in (0.5, 0.5 - fall))
    found = compare_scorecards(new, old, tolerance)
    assert found.ok is ok
    assert found.rows[0].verdict is (Verdict.WITHIN if ok else Verdict.FALLEN)


def test_a_number_that_is_gone_has_fallen_and_a_new_one_has_not(predictions, truth):
    card = grade(predictions, truth)
    old = with_score(card, Score("f1", "overall", 0.5), Score("auc", "macro", 0.7))
    new = with_score(card, Score("f1", "overall", 0.5), Score("f1", "macro", 0.7))
    verdicts = {(r.metric, r.scope): r.verdict for r in compare_scorecards(new, old).rows}
    assert verdicts["auc", "macro"] is Verdict.MISSING
    assert verdicts["f1", "macro"] is Verdict.NEW
    assert not compare_scorecards(new, old).ok


def test_a_number_that_is_defined_no_more_has_fallen(predictions, truth):
    card = grade(predictions, truth)
    old, new = (with_score(card, Score("precision", "micro", 0.0, None, d)) for d in (True, False))
    found = compare_scorecards(new, old)
    assert not found.ok
    assert [(row.baseline, row.new, row.verdict) for row in found.rows] == [(0.0, None, Verdict.UNDEFINED)]
    assert compare_scorecards(old, new).ok


def test_cards_of_other_conventions_are_never_compared(predictions, truth):
    found = compare_scorecards(grade(predictions, truth, "auw_gcn"), grade(predictions, truth))
    assert not found.ok
    assert found.rows == ()
    assert "comparison, length, matching, outside differ" in found.errors[0]
    assert found.errors[0].endswith("or record a new baseline.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"protocol": ProtocolRef("megc2020-spotting", "2")}, "v2, the baseline has megc2020-spotting v1"),
        ({"dataset": DatasetRef("tiny", "other")}, "The truth is tiny other"),
        ({"dataset": DatasetRef("big", "other")}, "The dataset is big other"),
        ({"method": MethodRef("mdmd")}, "The method is mdmd"),
        ({"complete": False}, "run its missing folds"),
    ],
)
def test_what_cannot_be_compared_is_an_error_of_its_own(predictions, truth, change, message):
    card = grade(predictions, truth)
    (error,) = compare_scorecards(card.replace(**change), card).errors
    assert message in error


def test_the_baseline_of_the_same_method_settings_and_dataset(predictions, truth):
    card, loose = grade(predictions, truth), grade(predictions, truth, "megc2020")
    other = card.replace(method=MethodRef("au_sum", {"window": 5}, "n"))
    assert find_baseline(card, [other, loose, card]) is card
    assert find_baseline(card, [other, loose]) is loose
    assert find_baseline(card, [other]) is None


SEEDS = {"sigmas": {("f1", "overall"): 0.08}, "means": {("f1", "overall"): 0.311}, "share": 1 / 3, "relative": 0.05}


@pytest.mark.parametrize(
    ("new", "runs", "verdict"),
    [
        (0.40, 1, Verdict.RISEN),
        (0.311, 1, Verdict.EQUAL),
        (0.266, 1, Verdict.EQUAL),  # the recorded seed itself
        (0.28, 1, Verdict.WITHIN),
        (0.15, 1, Verdict.UNSURE),
        (0.03, 1, Verdict.FALLEN),
        (0.22, 6, Verdict.WITHIN),
        (0.20, 6, Verdict.FALLEN),
    ],
)
def test_chance_excuses_a_third_and_more_runs_decide(predictions, truth, new, runs, verdict):
    card = grade(predictions, truth)
    old = with_score(card, Score("f1", "overall", 0.266))
    found = compare_scorecards(with_score(card, Score("f1", "overall", new)), old, Tolerance(**SEEDS, runs=runs))
    assert [row.verdict for row in found.rows] == [verdict]
    assert found.ok == (verdict in (Verdict.RISEN, Verdict.EQUAL, Verdict.WITHIN))
    asks = verdict is Verdict.UNSURE or (verdict is Verdict.WITHIN and runs == 1)
    assert any("run 6 seeds and name all of these runs" in note for note in found.notes) == asks


def test_without_a_share_only_chance_counts():
    wild = Tolerance(**{**SEEDS, "share": None})
    assert wild.allowed(0.311, "f1", "overall") == wild.by_chance(0.311, "f1", "overall") == pytest.approx(0.24)
    assert wild.runs_needed(0.311, "f1", "overall") == 1
    assert Tolerance(**SEEDS).allowed(0.311, "f1", "overall") == pytest.approx(0.311 / 3)
    assert RETRAINED.allowed(0.9) == pytest.approx(0.045)
