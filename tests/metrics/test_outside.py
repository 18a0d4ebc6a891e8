"""Intervals that reach outside their video: kept as the organisers' scripts do, or clipped to it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.metrics.conventions import spot_recognise, spotting
from mebench.metrics.conventions.intervals import IntervalRules
from mebench.metrics.error_analysis import analyse
from mebench.metrics.intervals import tally
from mebench.metrics.outside import Outside, outside_of
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

N = 100
VIDEOS = VideoTable.from_rows([("s", "v", 30.0, N), ("t", "w", 30.0, N)])
KEEP, CLIP = IntervalRules(outside="keep"), IntervalRules(outside="clip")

FINGERPRINTS = {
    "spotting": {
        "strict": "1f890b8599e866bd",
        "megc2020": "dc1d933baeb48a08",
        "strs_metric": "b2d33ea41c9f290a",
        "auw_gcn": "ee77408ebe100207",
        "lgsnet": "52d45ad1e24a0f4c",
        "softnet": "668ecef36ba087fc",
        "movement": "86581d75b9ce2a57",
    },
    "spot_recognise": {
        "strict": "f9688908c9527594",
        "megc2020": "63ed507495f4d5fb",
        "strs_metric": "61ddf942c740f609",
        "auw_gcn": "148358e39dd8161d",
        "lgsnet": "8d0c039c4f898f80",
        "softnet": "1762ce7189769836",
        "present_classes": "12dc44876dcca1b7",
    },
}
"""What cards of before there was a choice recorded."""


def table(*rows, video=("s", "v")):
    return Intervals.from_rows([(*video, onset, offset, "micro") for onset, offset in rows])


def counts(predicted, true, rules):
    found = tally(table(*predicted), table(*true), VIDEOS, rules)
    return tuple(found.counts.sum(axis=(0, 1)).tolist())


@pytest.mark.parametrize("module", [spotting, spot_recognise])
def test_no_fingerprint_of_a_preset_has_moved(module):
    presets = module.PRESETS
    assert {name: rules.fingerprint for name, rules in presets.items()} == FINGERPRINTS[presets["strict"].task]
    assert {name: rules.outside for name, rules in presets.items()} == {
        name: "clip" if name in ("strict", "present_classes", "movement") else "keep" for name in presets
    }


def test_a_choice_of_ones_own_has_a_fingerprint_of_its_own_and_an_old_card_the_usual_rule():
    strict, strs = spotting.PRESETS["strict"], spotting.PRESETS["strs_metric"]
    kept, cut = dataclasses.replace(strict, outside="keep"), dataclasses.replace(strs, outside="clip")
    assert len({rules.fingerprint for rules in (strict, strs, kept, cut)}) == 4
    assert kept.differing() == {"outside": "keep"}
    for rules in (strict, strs, kept, cut):
        assert spotting.SpottingConvention.of_card(rules.as_dict()) == rules
    for rules in (strict, strs):
        old = {name: value for name, value in rules.as_dict().items() if name != "outside"}
        assert spotting.SpottingConvention.of_card(old) == rules


def test_a_peak_minus_k_at_the_beginning():
    """
    frame         -9        0|1        10        20
    truth                    |[---------------]       1-16
    predicted     [----------|-------]                -9 to 8: 18 frames, 8 of them in the video
    IoU                       8/26 as written, 8/16 clipped
    """
    assert counts([(-9, 8)], [(1, 16)], CLIP) == (1, 0, 0)
    assert counts([(-9, 8)], [(1, 16)], KEEP) == (0, 1, 1)


def test_past_the_last_frame_and_both_ends_at_once():
    assert counts([(91, 120)], [(91, 100)], CLIP) == (1, 0, 0)
    assert counts([(91, 120)], [(91, 100)], KEEP) == (0, 1, 1)
    assert counts([(-500, 900)], [(1, 100)], CLIP) == (1, 0, 0)


@pytest.mark.parametrize("interval", [(-20, -5), (-3, 0), (101, 130), (10**8, 10**9)])
def test_what_lies_wholly_outside_counts_and_matches_nothing(interval):
    assert counts([interval], [(1, 16)], CLIP) == (0, 1, 1)
    assert counts([(1, 16)], [interval], CLIP) == (0, 1, 1)
    assert counts([interval], [interval], CLIP) == (0, 1, 1)
    assert counts([interval], [interval], KEEP) == (1, 0, 0)


def test_an_annotated_onset_of_0_is_frame_1_where_it_is_clipped():
    assert counts([(1, 1)], [(0, 1)], dataclasses.replace(CLIP, iou=1.0)) == (1, 0, 0)
    assert counts([(1, 1)], [(0, 1)], dataclasses.replace(KEEP, iou=0.6)) == (0, 1, 1)


def test_an_offset_of_0_in_a_truth_goes_on_meaning_that_there_is_none():
    open_end = Intervals.from_rows([("s", "v", 0, 0, "micro", float("nan"), "", 20)])
    assert tally(table((1, 20)), open_end, VIDEOS, CLIP).counts.sum(axis=(0, 1)).tolist() == [1, 0, 0]


def test_the_numbers():
    found = outside_of(np.array([0, 5, -9, 95, 101, 1]), np.array([5, 9, -1, 101, 110, 100]), np.full(6, 100))
    assert found == Outside(before=2, after=2, total=4, wholly=2)
    assert found.sentence("prediction", "predictions", "clip") == (
        "4 predictions reach outside their video (2 before frame 1, 2 after its last frame): clipped to it (outside=clip); "
        "2 without a frame in it, counted all the same"
    )
    assert found.sentence("one", "many", "keep").endswith(
        "compared as written (outside=keep); 2 without a frame in it, counted all the same"
    )
    assert "kept or clipped as the convention's `outside` says" in found.sentence("one", "many", "")
    assert Outside(1, 0, 1, 0).sentence("one", "many", "clip") == (
        "1 one reaches outside its video (1 before frame 1, 0 after its last frame): clipped to it (outside=clip)"
    )
    assert Outside().sentence("one", "many", "clip") == ""


def organisers(predicted, true):
    """What the published script of spot-then-recognise counts in one video: sets of frames, in the order of the file."""
    used, tp = set(), 0
    for a, b in predicted:
        frames = set(range(a, b + 1))
        for i, (c, d) in enumerate(true):
            truth = set(range(c, d + 1))
            if i not in used and len(frames & truth) / len(frames | truth) >= 0.5:
                used.add(i)
                tp += 1
    return tp


interval = st.tuples(st.integers(-30, 130), st.integers(0, 40)).map(lambda r: (r[0], r[0] + r[1]))


@settings(max_examples=200, deadline=None)
@given(st.lists(interval, max_size=8), st.lists(interval, min_size=1, max_size=8))
def test_kept_intervals_are_compared_as_sets_of_frames(predicted, true):
    rules = spotting.PRESETS["strs_metric"]
    if predicted:
        assert counts(predicted, true, rules)[0] == organisers(predicted, true)


@settings(max_examples=200, deadline=None)
@given(st.lists(interval, max_size=8), st.lists(interval, max_size=8))
def test_clipping_is_comparing_what_was_cut_by_hand(predicted, true):
    def cut(rows):
        return [(max(a, 1), min(b, N)) if b >= 1 and a <= N else None for a, b in rows]

    inside = [[row for row in cut(rows) if row] for rows in (predicted, true)]
    tp, fp, fn = counts(*inside, KEEP)
    assert counts(predicted, true, CLIP) == (tp, fp + cut(predicted).count(None), fn + cut(true).count(None))


@pytest.mark.parametrize("name", spotting.PRESETS)
def test_frames_outside_the_video_are_none_under_every_convention(name):
    """One prediction of 20 frames, 10 of them in the video, which are just the frames of the truth."""
    truth = Truth(table((1, 10)), VIDEOS, "tiny")
    card = Megc2020Spotting().score(Predicted(table((-9, 10))), truth, convention=spotting.PRESETS[name])
    assert card.score("frame_f1", "micro").value == 1.0


def test_errors_are_those_of_what_was_compared():
    found = analyse(table((-9, 8), (-50, -20)), table((1, 16)), VIDEOS, CLIP)
    assert found.counts["overall"] == {"tp": 1, "fp": 1, "fn": 0}
    onset = next(b for b in found.boundaries if (b.boundary, b.scope, b.unit) == ("onset", "overall", "frames"))
    assert onset.mean == 0
    assert found.false_positives["overall"]["background"] == 1
