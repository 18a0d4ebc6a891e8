"""Frames inside events, videos laid end to end in a chosen order."""

from __future__ import annotations

from typing import Any

import pytest

from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.protocols.rules.frame_labels import frame_labels, scored_events
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

EVENTS = [("s", "a", 2, 3, "macro"), ("s", "a", 3, 4, "micro"), ("s", "b", 0, 1, "macro"), ("s", "b", 3, 9, "micro")]
TRUTH = Truth(Intervals.from_rows(EVENTS), VideoTable.from_rows([("s", "a", 30.0, 5), ("s", "b", 30.0, 4)]), "t")


@pytest.mark.parametrize(
    ("rows", "macro", "expected"),
    [
        ([0, 1], True, "011001000"),
        ([0, 1], False, "001100011"),
        ([0, 1], None, "011101011"),
        ([1, 0], None, "101101110"),
        ([1], True, "1000"),
    ],
)
def test_labels(rows: list[int], macro: bool | None, expected: str) -> None:
    found = frame_labels(TRUTH, rows, macro, SpottingConvention())
    assert "".join(str(int(label)) for label in found) == expected


def test_events_without_an_end_follow_the_convention(truth: Any) -> None:
    rows = Truth(Intervals.from_rows([("s", "a", 2, 0, "macro")]), TRUTH.videos, "t")
    assert len(scored_events(rows, SpottingConvention(zero_offset="drop"))[0]) == 0
    assert len(scored_events(truth, SpottingConvention())[0]) == 5
