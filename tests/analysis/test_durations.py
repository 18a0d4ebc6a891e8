"""Durations and the move-to-neutral ratio, by hand and against the rows they come from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mebench.analysis.durations import DurationSummary, Movement, movement_by_person
from mebench.datasets.catalogue import DATASETS
from mebench.datasets.policies import AnnotatedRow, inclusive_length, mirrored_difference
from mebench.schema.recordings import Event, ExpressionType, Video

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


class Blank:
    digest = "blank"

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count


def video(subject: str, frames: int, *spans: tuple[int, int]) -> Video:
    events = tuple(Event(a, b, MACRO) for a, b in spans)
    return Video("d", subject, f"{subject}{frames}", 30.0, Blank(frames), events)  # type: ignore[arg-type]


def test_both_readings_by_hand() -> None:
    found = movement_by_person(
        [video("a", 100, (1, 10), (6, 20)), video("a", 100), video("b", 50, (41, 60)), video("c", 10, (1, 10))]
    )
    assert [(p.subject, m.moving, m.frames) for p, m in found.items()] == [("a", 20, 200), ("b", 10, 50), ("c", 10, 10)]
    a, b, c = found.values()
    assert (a.to_neutral, a.share) == (pytest.approx(20 / 180), 0.1)
    assert (b.to_neutral, b.share) == (0.25, 0.2)
    assert (c.to_neutral, c.share) == (math.inf, 1.0)
    assert a + b == Movement(30, 250)
    assert math.isnan(Movement(0, 0).share)
    assert math.isnan(Movement(0, 0).to_neutral)


def test_a_summary_by_hand() -> None:
    assert DurationSummary.of(np.array([0.25, 0.5, 1.5])) == DurationSummary(3, 0.25, 0.75, 1.5)
    none = DurationSummary.of(np.array([]))
    assert (none.count, math.isnan(none.mean)) == (0, True)


def row(onset: float | None, apex: float | None, offset: float | None) -> AnnotatedRow:
    return AnnotatedRow("s", "v", "w", onset, apex, offset, MICRO)


@pytest.mark.parametrize(
    ("given", "inclusive", "mirrored"),
    [
        ((10, 12, 14), 5, 4),
        ((0, 5, 9), 10, 9),
        ((10, 15, 0), None, 10),
        ((10, None, 0), None, None),
        ((None, 12, 14), None, None),
        ((10, 12, None), None, 4),
    ],
)
def test_the_two_countings(given, inclusive, mirrored) -> None:
    assert inclusive_length(row(*given)) == inclusive
    assert mirrored_difference(row(*given)) == mirrored


def test_a_rendered_dataset_counts_both_ends() -> None:
    dataset = DATASETS.get("synth_lv").open(None, {"subjects": 2, "videos": 2, "seconds": 10})
    found = dataset.durations()
    events = [e for v in dataset.videos() for e in v.events]
    assert sum(map(len, found.values())) == len(events) > 0
    for kind in (MICRO, MACRO):
        assert sorted(found[kind]) == pytest.approx(sorted(e.length / 30 for e in events if e.type == kind))
