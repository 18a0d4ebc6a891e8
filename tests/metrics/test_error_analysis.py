"""Errors by hand, and that everything adds up."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from timelines import line, videos

from mebench.metrics.conventions.spotting import PRESETS, SpottingConvention
from mebench.metrics.error_analysis import KINDS, analyse
from mebench.metrics.intervals import tally
from mebench.schema.intervals import Intervals

NAN = float("nan")
TABLE = videos(("s", "v"), ("t", "w"), fps=20.0)


def kinds(predicted, truth, rules=None):
    found = analyse(predicted, truth, videos(), rules).false_positives["overall"]
    return {kind: n for kind, n in found.items() if n}


def test_each_kind_of_false_positive():
    """
    truth      [AAAAAAAA]   [bbbbbb]        [CCCCCCCC]
    hit        [AAAAAAA]
    again       [AAAAAAAA]
    other type              [BBBBBB]
    shifted                                       [CCCCCCCC]
    nowhere                                                     [dd]
    """
    truth = line("[AAAAAAAA]   [bbbbbb]        [CCCCCCCC]")
    cases = {
        "hit": line("[AAAAAAA]"),
        "duplicate": line(" [AAAAAAAA]"),
        "wrong_type": line("             [BBBBBB]"),
        "poor_localisation": line("                                  [CCCCCCCC]"),
        "background": line("                                                       [dd]"),
    }
    assert kinds(Intervals.concat(cases.values()), truth) == dict.fromkeys(KINDS, 1)
    assert kinds(Intervals.concat([cases["hit"], cases["duplicate"]]), truth) == {"duplicate": 1}
    for kind in ("wrong_type", "poor_localisation", "background"):
        assert kinds(cases[kind], truth) == {kind: 1}
    assert kinds(cases["duplicate"], truth) == {}


def test_a_duplicate_is_one_even_where_the_other_type_lies_as_well():
    truth = Intervals.concat([line("[AAAA]"), line("[aaaa]")])
    twice = Intervals.concat([line("[AAAA]"), line("[AAAA]")])
    assert kinds(twice, truth) == {"duplicate": 1}


def test_the_threshold_of_the_convention_parts_localisation_from_type():
    truth, predicted = line("[AAAAAAAA]"), line("     [aaaaaaaa]")  # 5 of 15 frames
    assert kinds(predicted, truth) == {"poor_localisation": 1}
    assert kinds(predicted, truth, SpottingConvention(iou=0.3)) == {"wrong_type": 1}
    assert kinds(predicted, truth, SpottingConvention(iou=0.4)) == {"poor_localisation": 1}
    far = line("        [AAAAAAAAAAAA]")  # 2 of 22 frames
    assert kinds(far, truth) == {"background": 1}


def test_misses_by_duration_emotion_and_action_unit():
    truth = Intervals.from_rows(
        [
            ("s", "v", 1, 5, "micro", NAN, "fear", 3, "1+4"),  # .25 s
            ("s", "v", 21, 30, "micro", NAN, "", 25, "R12"),  # .5 s
            ("s", "v", 101, 120, "macro", NAN, "fear", 110, "4B"),  # 1 s
            ("t", "w", 1, 100, "macro", NAN, "joy", 50, ""),  # 5 s
            ("t", "w", 200, 0, "macro", NAN, "joy", 0, ""),  # no offset and no apex
        ]
    )
    found = analyse(truth.select([1, 2]), truth, TABLE).misses
    table = {by: [(m.group, m.truths, m.missed) for m in groups] for by, groups in found.items()}
    assert table["duration"] == [
        ("up to 0.25 s", 1, 1),
        ("0.25 to 0.5 s", 1, 0),
        ("0.5 to 1 s", 1, 0),
        ("over 4 s", 1, 1),
        ("not annotated", 1, 1),
    ]
    assert table["emotion"] == [("fear", 2, 1), ("joy", 2, 2), ("not annotated", 1, 0)]
    assert table["action_unit"] == [("AU1", 1, 1), ("AU4", 2, 1), ("AU12", 1, 0), ("not annotated", 2, 2)]


def test_boundaries_are_predicted_minus_true_in_frames_and_seconds():
    truth = Intervals.from_rows([("s", "v", 100, 200, "macro"), ("t", "w", 100, 119, "micro")])
    predicted = Intervals.from_rows([("s", "v", 110, 180, "macro"), ("t", "w", 98, 119, "micro")])
    found = {(e.boundary, e.scope, e.unit): e for e in analyse(predicted, truth, TABLE).boundaries}
    onset = found["onset", "overall", "frames"]
    assert (onset.n, onset.mean, onset.mean_absolute, onset.median_absolute) == (2, 4.0, 6.0, 6.0)
    assert onset.p90_absolute == pytest.approx(9.2)
    assert found["onset", "macro", "seconds"].mean == 0.5
    assert found["offset", "macro", "frames"].mean == -20
    assert found["offset", "micro", "seconds"].mean_absolute == 0
    assert len(found) == 12


def test_an_offset_of_0_ends_at_the_apex():
    truth = Intervals.from_rows([("s", "v", 10, 0, "macro", NAN, "", 20)])
    found = analyse(Intervals.from_rows([("s", "v", 10, 22, "macro")]), truth, videos())
    assert found.counts["overall"] == {"tp": 1, "fp": 0, "fn": 0}
    assert {e.mean for e in found.boundaries if e.boundary == "offset" and e.unit == "frames" and e.n} == {2.0}
    dropped = analyse(line("[A]"), truth, videos(), SpottingConvention(zero_offset="drop"))
    assert dropped.counts["overall"] == {"tp": 0, "fp": 1, "fn": 0}


def test_without_predictions_everything_is_missed_and_nothing_is_nan():
    truth = line("[AA]  [bb]")
    found = analyse(Intervals.empty(), truth, videos())
    assert found.counts["overall"] == {"tp": 0, "fp": 0, "fn": 2}
    assert all(dataclasses.astuple(e)[3:] == (0, 0.0, 0.0, 0.0, 0.0) for e in found.boundaries)
    assert analyse(truth, Intervals.empty(), videos()).misses == {"duration": (), "emotion": (), "action_unit": ()}


@pytest.mark.parametrize("name", ["megc2020", "strs_metric", "auw_gcn", "lgsnet", "softnet"])
def test_rules_under_which_errors_do_not_add_up_are_refused(name):
    with pytest.raises(ValueError, match="="):
        analyse(line("[A]"), line("[A]"), videos(), PRESETS[name])


ROW = st.tuples(
    st.sampled_from([("s", "v"), ("t", "w")]), st.integers(1, 60), st.integers(1, 30), st.sampled_from(["macro", "micro"]),
    st.sampled_from(["", "fear", "joy"]), st.sampled_from(["", "4", "1+4B", "12"]),
)  # fmt: skip
ROWS = st.lists(ROW, max_size=12).map(
    lambda rows: Intervals.from_rows(
        (*key, onset, onset + length - 1, kind, NAN, emotion, 0, units)
        for key, onset, length, kind, emotion, units in rows
    )
)
RULES = st.builds(
    SpottingConvention,
    iou=st.sampled_from([0.05, 0.1, 0.3, 0.5, 0.8, 1.0]),
    length=st.sampled_from(["inclusive", "exclusive"]),
    comparison=st.sampled_from(["ge", "gt"]),
    matching=st.sampled_from(["one_to_one", "greedy_score", "greedy_time"]),
)


@given(ROWS, ROWS, RULES)
def test_counts_add_up(predicted, truth, rules):
    found = analyse(predicted, truth, TABLE, rules)
    expected = tally(predicted, truth, TABLE, rules).counts.sum(axis=0)
    for scope, counts in (("overall", expected.sum(axis=0)), ("macro", expected[1]), ("micro", expected[0])):
        assert list(found.counts[scope].values()) == counts.tolist()
        assert sum(found.false_positives[scope].values()) == counts[1]
        assert {e.n for e in found.boundaries if e.scope == scope} == {counts[0]}
    for by in ("duration", "emotion"):
        assert sum(m.truths for m in found.misses[by]) == len(truth)
        assert sum(m.missed for m in found.misses[by]) == expected.sum(axis=0)[2]
    for group in found.misses["action_unit"]:
        assert 0 <= group.missed <= group.truths > 0


@given(ROWS, ROWS)
def test_the_sweep_falls_with_the_threshold_and_meets_the_card_at_its_own(predicted, truth):
    found = analyse(predicted, truth, TABLE)
    for scope in ("overall", "macro", "micro"):
        points = [p for p in found.iou_sweep if p.scope == scope]
        assert [p.iou for p in points] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
        assert (np.diff([p.tp for p in points]) <= 0).all()
        assert len({p.tp + p.fp for p in points}) == len({p.tp + p.fn for p in points}) == 1
        assert {"tp": points[4].tp, "fp": points[4].fp, "fn": points[4].fn} == found.counts[scope]
