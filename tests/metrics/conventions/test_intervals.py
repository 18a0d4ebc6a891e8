"""Rules of intervals: their ranges, and what each is to a pair worked by hand."""

from __future__ import annotations

import pytest
from timelines import line, videos

from mebench.metrics.conventions.intervals import IntervalRules
from mebench.metrics.intervals import tally


def counts(truth, predicted, **rules):
    return tuple(tally(line(predicted), line(truth), videos(), IntervalRules(**rules)).counts.sum(axis=(0, 1)).tolist())


@pytest.mark.parametrize("iou", [0.0, -0.1, 1.01, float("nan")])
def test_a_threshold_outside_its_range_is_refused(iou):
    with pytest.raises(ValueError, match="must be above 0 and at most 1"):
        IntervalRules(iou=iou)


@pytest.mark.parametrize("rules", [{"type_seconds": 0.0}, {"type_frames": -1}, {"apex_plus": -1}])
def test_negative_lengths_are_refused(rules):
    with pytest.raises(ValueError, match="type_seconds must be positive; type_frames and apex_plus may not be"):
        IntervalRules(**rules)


def test_a_threshold_of_one_asks_for_the_very_interval():
    assert counts("[AAAA]", "[AAAA]", iou=1.0) == (1, 0, 0)
    assert counts("[AAAA]", "[AAA]", iou=1.0) == (0, 1, 1)


def test_half_is_enough_for_ge_and_not_for_gt():
    """Frames 1-6 and 1-3: 3 of 6, exactly half; without the last frame 2 of 5."""
    assert counts("[AAAA]", "[A]") == (1, 0, 0)
    assert counts("[AAAA]", "[A]", comparison="gt") == (0, 1, 1)
    assert counts("[AAAA]", "[A]", length="exclusive") == (0, 1, 1)


def test_types_must_match_unless_they_are_ignored():
    assert counts("[AAAA]", "[aaaa]") == (0, 1, 1)
    assert counts("[AAAA]", "[aaaa]", event_type="ignored") == (1, 0, 0)


def test_duration_decides_the_type_on_both_sides():
    """6 and 5 frames: one type at a limit of 4 or 6 frames, two types at a limit of 5."""
    assert counts("[AAAA]", "[aaa]", event_type="by_duration", type_frames=6) == (1, 0, 0)
    assert counts("[AAAA]", "[aaa]", event_type="by_duration", type_frames=4) == (1, 0, 0)
    assert counts("[AAAA]", "[AAA]", event_type="by_duration", type_frames=5) == (0, 1, 1)
    assert counts("[AAAA]", "[AAA]", event_type="typed_by_duration", type_frames=5) == (1, 0, 0)


def test_half_a_second_is_fifteen_frames_at_thirty_a_second():
    fifteen, sixteen = "[" + "A" * 13 + "]", "[" + "A" * 14 + "]"
    assert counts(fifteen, "[" + "a" * 13 + "]", event_type="by_duration") == (1, 0, 0)
    assert counts(fifteen, sixteen, event_type="by_duration") == (0, 1, 1)
