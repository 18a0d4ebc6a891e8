from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.apply.record import (
    INTERVALS,
    PAGE,
    RECORD,
    SpotRecord,
    expressions,
    is_whole,
    read_record,
    write_intervals,
    write_record,
)
from mebench.apply.spot import Spotted, open_video
from mebench.methods.spotting.base import SpottedInterval, Spotting
from mebench.schema.recordings import ExpressionType


@pytest.fixture
def spotted(frames: Path) -> Spotted:
    scores = np.zeros((80, 2), np.float32)
    scores[30, 0], scores[31, 1], scores[40, 1] = 1, 2, 3
    intervals = (
        SpottedInterval(26, 60, ExpressionType.MACRO, 0.5),
        SpottedInterval(26, 36, ExpressionType.MICRO, 0.25),
    )
    return Spotted(open_video(frames, 10.0), Spotting(intervals, scores), "m", 1, ("a note",))


def test_the_apex_is_the_frame_of_the_highest_score_of_its_type(spotted: Spotted) -> None:
    assert [(e.onset, e.apex, e.offset, e.type) for e in expressions(spotted)] == [
        (26, 31, 36, "micro"),
        (26, 41, 60, "macro"),
    ]
    assert [(e.start, e.end) for e in expressions(spotted)] == [(2.5, 3.6), (2.5, 6.0)]


def test_a_record_comes_back_as_it_was_written(spotted: Spotted, tmp_path: Path) -> None:
    record = SpotRecord.of(spotted, "content", "made")
    write_intervals(record, tmp_path / INTERVALS)
    (tmp_path / PAGE).write_text("page")
    whole = write_record(record, tmp_path)
    assert read_record(tmp_path) == whole
    assert is_whole(whole, tmp_path)
    (tmp_path / PAGE).write_text("another page")
    assert not is_whole(whole, tmp_path)
    assert not is_whole(record, tmp_path)
    assert "made_with" not in whole.plain()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2}', '{"schema": 1, "video": {}}'])
def test_what_is_no_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    assert read_record(tmp_path) is None
