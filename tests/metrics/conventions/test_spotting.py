"""Conventions as data, and for each preset an example by hand that shows where it differs from `strict`."""

from __future__ import annotations

import dataclasses

import pytest
from timelines import line, videos

from mebench.errors import UserError
from mebench.metrics.conventions.spotting import PRESETS, SpottingConvention
from mebench.metrics.intervals import tally
from mebench.schema.intervals import Intervals
from mebench.settings import build_config

STRICT = "1f890b8599e866bd"
"""Fingerprint of `strict`. A new value means that every recorded scorecard must be graded again."""


def grade(truth, predicted, rules, table=None):
    """Return (tp, fp, fn) over both types."""
    rules = PRESETS[rules] if isinstance(rules, str) else rules
    return tuple(tally(predicted, truth, table or videos(), rules).counts.sum(axis=(0, 1)).tolist())


def both(truth, predicted, name, table=None):
    """Return what `strict` and another preset say."""
    return grade(truth, predicted, "strict", table), grade(truth, predicted, name, table)


def test_fingerprints_tell_conventions_apart_and_nothing_else():
    prints = {name: rules.fingerprint for name, rules in PRESETS.items()}
    assert len(set(prints.values())) == len(PRESETS) == 7
    assert SpottingConvention().fingerprint == prints["strict"]
    assert all(len(text) == 16 for text in prints.values())
    changed = [
        dataclasses.replace(SpottingConvention(), iou=0.4),
        SpottingConvention(pooling="mean"),
        SpottingConvention(apex_plus=20),
    ]
    assert len({c.fingerprint for c in changed} | set(prints.values())) == 10


def test_the_fingerprint_of_strict_never_changes_unnoticed():
    assert PRESETS["strict"].fingerprint == STRICT


def test_a_convention_is_plain_data():
    plain = PRESETS["auw_gcn"].as_dict()
    assert plain["matching"] == "truth_best"
    assert plain.pop("fingerprint") == PRESETS["auw_gcn"].fingerprint
    assert build_config(SpottingConvention, plain, owner="convention") == PRESETS["auw_gcn"]


def test_unknown_names_and_values_out_of_range():
    assert SpottingConvention.preset("megc2020") is PRESETS["megc2020"]
    with pytest.raises(UserError, match="no convention 'strct' of spotting. Did you mean 'strict'"):
        SpottingConvention.preset("strct")
    with pytest.raises(UserError, match="iou=0.0 must be above 0"):
        build_config(SpottingConvention, {"iou": 0.0}, owner="convention")
    with pytest.raises(ValueError, match="may not be negative"):
        SpottingConvention(apex_plus=-1)


def test_megc2020_counts_each_truth_that_is_hit():
    """One wide prediction hits two truths: two hits of one prediction, so FP = N - TP is -1."""
    truth = line("     [AAAAAAAA][AAAAAAAA]")
    wide = line("     [AAAAAAAAAAAAAAAAAA]")
    #             IoU        .5       .5
    assert both(truth, wide, "megc2020") == ((1, 0, 1), (2, -1, 0))


def test_megc2020_counts_a_truth_once_however_often_it_is_hit():
    truth = line("[AAAAAAAA]")
    twice = Intervals.concat([line("[AAAAAA]"), line("  [AAAAAA]")])
    assert both(truth, twice, "megc2020") == ((1, 1, 0), (1, 1, 0))


def test_softnet_turns_a_prediction_away_whose_best_truth_is_taken():
    """
    truth    [AAAAAAAA][AAAAAAAA]
    p  .9     [AAAAAAA]               best is the left truth (.9)
    q  .5    [AAAAAAAAAAAAA]          best is the left truth (.67); .33 with the right one
    r  .1         [AAAAAAAAAAAA]      .63 right, .23 left
    """
    truth = line("[AAAAAAAA][AAAAAAAA]")
    p, q = line(" [AAAAAAA]", scores=[0.9]), line("[AAAAAAAAAAAAA]", scores=[0.5])
    r = line("      [AAAAAAAAAAAA]", scores=[0.1])
    assert both(truth, Intervals.concat([p, q, r]), "softnet") == ((2, 1, 0), (2, 1, 0))
    # a wide prediction that ties is turned away by the stronger one, where strict gives it the other truth
    wide = line("[AAAAAAAAAAAAAAAAAA]", scores=[0.2])
    assert both(truth, Intervals.concat([p, wide]), "softnet") == ((2, 0, 0), (1, 1, 1))


def test_softnet_passes_over_videos_without_events_of_the_type():
    table = videos(("s", "v"), ("s", "w"))
    truth = line("[AAAA]")
    predicted = Intervals.concat([line("[AAAA]     [aa]"), line("[AAAA]", video="w")])
    assert both(truth, predicted, "softnet", table) == ((1, 2, 0), (1, 0, 0))


def test_auw_gcn_wants_more_than_half_and_leaves_out_the_last_frame():
    """
    truth      [AAAA]      frames 1-6
    predicted  [AA]        frames 1-4: 4/6 = .67 inclusive, 3/5 = .6 exclusive
    predicted  [A]         frames 1-3: 3/6 = .5 inclusive, 2/5 = .4 exclusive
    """
    truth = line("[AAAA]")
    assert both(truth, line("[AA]"), "auw_gcn") == ((1, 0, 0), (1, 0, 0))
    assert both(truth, line("[A]"), "auw_gcn") == ((1, 0, 0), (0, 1, 1))
    # frames 1-5 and 1-9: 5/9 inclusive; 4/8 exclusive is no more than half
    assert both(line("[AAAAAAA]"), line("[AAA]"), "auw_gcn") == ((1, 0, 0), (0, 1, 1))


def test_auw_gcn_counts_predictions_so_one_that_is_best_twice_counts_once():
    """
    truth      [AAAAAAAAAAAAA]        frames 1-15
                 [AAAAAAAAAAAAA]      frames 3-17
    predicted   [AAAAAAAAAAAAA]       frames 2-16, the best of both: 13/15 each
               [AAAAAAAAA]            frames 1-11: 10/14 = .71 and .5
    """
    truth = Intervals.concat([line("[AAAAAAAAAAAAA]"), line("  [AAAAAAAAAAAAA]")])
    predicted = Intervals.concat([line(" [AAAAAAAAAAAAA]"), line("[AAAAAAAAA]")])
    assert both(truth, predicted, "auw_gcn") == ((2, 0, 0), (1, 1, 1))


def test_lgsnet_matches_without_types_and_types_by_length():
    """
    truth      [aaaaaaaaaaaaaaaa]      annotated micro, 18 frames: offset - onset = 17 > 15, so macro
    predicted  [AAAAAAAAAAAA]          said to be macro, 14 frames: 13 <= 15, so micro
    """
    truth, predicted = line("[aaaaaaaaaaaaaaaa]"), line("[AAAAAAAAAAAA]")
    counts = tally(predicted, truth, videos(), PRESETS["lgsnet"]).counts[0]
    assert counts[1].tolist() == [1, -1, 0]  # the hit is the truth's: macro
    assert counts[0].tolist() == [0, 1, 0]  # the prediction is one of the micro ones
    assert both(truth, predicted, "lgsnet") == ((0, 1, 1), (1, 0, 0))


def test_lgsnet_draws_the_line_at_offset_minus_onset_15():
    sixteen, seventeen = line("[" + "a" * 14 + "]"), line("[" + "a" * 15 + "]")
    assert tally(sixteen, sixteen, videos(), PRESETS["lgsnet"]).counts[0, 0].tolist() == [1, 0, 0]
    assert tally(seventeen, seventeen, videos(), PRESETS["lgsnet"]).counts[0, 1].tolist() == [1, 0, 0]


def test_strs_lets_one_prediction_take_two_truths_and_counts_no_negative():
    truth = line("     [aaaaaaaa][aaaaaaaa]")
    assert both(truth, line("     [aaaaaaaaaaaaaaaaaa]"), "strs_metric") == ((1, 0, 1), (2, 0, 0))


def test_strs_depends_on_the_order_of_the_file():
    """
    truth   [aaaaaaaa][aaaaaaaa]
    wide    [aaaaaaaaaaaaaaaaaa]       takes both when it comes first
    left    [aaaaaaaa]
    """
    truth = line("[aaaaaaaa][aaaaaaaa]")
    wide, left = line("[aaaaaaaaaaaaaaaaaa]"), line("[aaaaaaaa]")
    assert grade(truth, Intervals.concat([wide, left]), "strs_metric") == (2, 1, 0)
    assert grade(truth, Intervals.concat([left, wide]), "strs_metric") == (2, 0, 0)
    assert grade(truth, Intervals.concat([wide, left]), "strict") == (2, 0, 0)


def test_strs_loses_false_positives_of_empty_videos_and_misses_of_silent_subjects():
    table = videos(("s1", "v"), ("s1", "empty"), ("s2", "v"))
    truth = Intervals.concat([line("[aa]", "s1", "v"), line("[aa]", "s2", "v")])
    predicted = Intervals.concat([line("[aa]", "s1", "v"), line("[aa]", "s1", "empty")])
    assert both(truth, predicted, "strs_metric", table) == ((1, 1, 1), (1, 0, 0))


def test_an_early_prediction_steals_under_greedy_time():
    """
    truth   [AAAAAAAA]                 p takes the right truth, which it likes better, and q is left with nothing
                [AAAAAAAA]
    p         [AAAAAAAAA]              frames 3-13: .62 left, .77 right
    q           [AAAAAAAA]
    """
    truth = Intervals.concat([line("[AAAAAAAA]"), line("    [AAAAAAAA]")])
    predicted = Intervals.concat([line("  [AAAAAAAAA]"), line("    [AAAAAAAA]")])
    assert grade(truth, predicted, SpottingConvention(matching="greedy_time")) == (1, 1, 1)
    assert grade(truth, predicted, "strict") == (2, 0, 0)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (SpottingConvention(), (1, 0, 0)),
        (SpottingConvention(zero_offset="apex_plus", apex_plus=20), (0, 1, 1)),
        (SpottingConvention(zero_offset="keep"), (0, 1, 1)),
        (SpottingConvention(zero_offset="drop"), (0, 1, 0)),
    ],
)
def test_an_offset_of_0(rules, expected):
    """onset 10, apex 20, no offset; predicted 10-20, which is 11 of 11 or of 31 frames."""
    truth = Intervals.from_rows([("s", "v", 10, 0, "macro", float("nan"), "", 20)])
    assert grade(truth, Intervals.from_rows([("s", "v", 10, 20, "macro")]), rules) == expected


def test_an_offset_of_0_without_an_apex_is_a_miss():
    truth = Intervals.from_rows([("s", "v", 10, 0, "macro")])
    assert grade(truth, Intervals.from_rows([("s", "v", 10, 20, "macro")]), "strict") == (0, 1, 1)


def test_by_duration_retypes_both_sides_in_seconds_of_each_video():
    """16 frames at 30 fps are .53 s, so macro; at 200 fps they are .08 s, so micro."""
    rules = SpottingConvention(event_type="by_duration")
    truth, predicted = line("[aaaaaaaaaaaaaa]"), line("[AAAAAAAAAAAAAA]")
    assert tally(predicted, truth, videos(fps=30.0), rules).counts[0].tolist() == [[0, 0, 0], [1, 0, 0]]
    assert tally(predicted, truth, videos(fps=200.0), rules).counts[0].tolist() == [[1, 0, 0], [0, 0, 0]]
    assert grade(truth, predicted, "strict") == (0, 1, 1)


def test_by_duration_counts_15_frames_or_15_steps():
    """Frames 1-16 at 30 fps: 16 frames are longer than .5 s, 15 steps are not."""
    sixteen = line("[aaaaaaaaaaaaaa]")
    for type_length, column in (("inclusive", 1), ("exclusive", 0)):
        rules = SpottingConvention(event_type="by_duration", type_length=type_length)
        assert tally(sixteen, sixteen, videos(), rules).counts[0, column, 0] == 1


def test_ignored_types_count_each_side_under_its_own():
    rules = SpottingConvention(event_type="ignored")
    counts = tally(line("[aaaa]"), line("[AAAA]"), videos(), rules).counts[0]
    assert counts.tolist() == [[0, 1, 0], [1, -1, 0]]
    assert counts.sum(axis=0).tolist() == [1, 0, 0]
