"""Conventions of spot-then-recognise are those of spotting, and one rule for classes."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.metrics.conventions import spotting
from mebench.metrics.conventions.intervals import PUBLISHED
from mebench.metrics.conventions.spot_recognise import PRESETS, SpotRecogniseConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2025_str import Megc2025Str
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.truth import Truth, VideoTable

NAN = float("nan")


def event(video, onset, emotion="negative"):
    return IntervalRow("samm/s1", video, onset, onset + 9, "micro", NAN, emotion)


def grade(preset, predicted, true):
    videos = VideoTable.from_rows([("samm/s1", video, 30.0, 500) for video in ("a", "b")])
    truth = Truth(Intervals.from_rows(true), videos, "samm")
    return Megc2025Str().score(Predicted(Intervals.from_rows(predicted)), truth, convention=PRESETS[preset])


@pytest.mark.parametrize("name", ["strict", *PUBLISHED])
def test_presets_of_spotting_keep_their_rules(name):
    assert PRESETS[name].differing() == spotting.PRESETS[name].differing()
    assert PRESETS[name].fingerprint != spotting.PRESETS[name].fingerprint


def test_the_published_code_passes_over_a_video_without_events():
    """One hit in a, one false positive in b, which has no event."""
    found, true = [event("a", 10), event("b", 30)], [event("a", 10)]
    assert grade("strict", found, true).score("f1_spotting", "overall").value == pytest.approx(2 / 3)
    assert grade("strs_metric", found, true).score("f1_spotting", "overall").value == 1


def test_a_class_without_samples():
    """One class of three, right: macro precision and recall are 1/3 where the others keep their places."""
    found = [event("a", 10)]
    assert grade("strict", found, found).score("strs", "overall").value == pytest.approx(1 / 3)
    assert grade("present_classes", found, found).score("strs", "overall").value == 1


def test_ranges_of_intervals_hold_here_as_well():
    with pytest.raises(ValueError, match="must be above 0"):
        dataclasses.replace(SpotRecogniseConvention(), iou=0)
