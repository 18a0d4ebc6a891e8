"""Frame numbers of a plug-in are held to what a submission's are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.runs.work.presence import KeptSpotting
from mebench.runs.work.spotted_frames import check_frames
from mebench.runs.work.spotting import SpottingWork, checked
from mebench.schema.recordings import ExpressionType, Video

MICRO = ExpressionType.MICRO


def check(onset, offset, n_frames=100):
    check_frames([SpottedInterval(onset, offset, MICRO, 0.5)], n_frames, "mine gave an interval of video s/v")


@pytest.mark.parametrize(("onset", "offset"), [(1, 100), (7, 7), (np.int64(3), np.float64(9.0)), (4.0, 5)])
def test_whole_frames_of_the_video_pass(onset, offset):
    check(onset, offset)


def test_the_truth_itself_may_go_past_the_end():
    check(90, 120, None)


@pytest.mark.parametrize(
    ("onset", "offset", "message"),
    [
        (10.5, 20.9, r"with the onset 10.5, which is not a whole frame number: round it as you think right\.$"),
        (10, 20.9, "with the offset 20.9, which is not a whole frame number"),
        (float("nan"), 20, "with the onset nan, which is not a whole frame number"),
        (1, float("inf"), "with the offset inf, which is not a whole"),
        ("3", 20, "with the onset '3', which is not a whole"),
        (None, 20, "with the onset None, which is not a whole"),
        (0, 10, r"of video s/v that begins at frame 0; frames count from 1: mend its `spot`\.$"),
        (-4, 10, "that begins at frame -4; frames count from 1"),
        (9, 5, "that ends before it begins, at frame 5 after 9"),
        (90, 101, "that goes on past the last frame, to 101 of 100"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(onset, offset, message):
    with pytest.raises(UserError, match=message):
        check(onset, offset)


class Frames:
    digest = "d"

    def __len__(self):
        return 30


class Mine(Spotter):
    id, summary, trains = "mine", "one interval", False

    def spot(self, video, context):
        return Spotting((), np.zeros((30, 2), np.float32))


def test_the_harness_asks_and_keeps_whole_numbers(tmp_path: Path):
    video = Video("d", "s", "v", 30.0, Frames())
    with pytest.raises(
        UserError, match="mine gave an interval of video s/v that begins at frame 0; frames count from 1"
    ):
        checked(Mine, video, Spotting((SpottedInterval(0, 10, MICRO, 0.5),), np.zeros((30, 2))))
    whole = KeptSpotting((SpottedInterval(np.float64(4.0), 10, MICRO, 0.5),), np.zeros((30, 2), np.float32))
    checked(Mine, video, whole)
    with SpottingWork.results(SpottingWork.__new__(SpottingWork), tmp_path) as kept:
        kept.add(video, whole)
    assert "s,v,4,10,micro,0.5" in (tmp_path / "predictions.csv").read_text()


@pytest.mark.parametrize("score", [float("nan"), float("inf"), None, "high"])
def test_a_score_that_is_no_number_is_refused(score):
    intervals = [SpottedInterval(3, 9, MICRO, score)]
    with pytest.raises(UserError, match="mine gave one with the score .*, which is no number: mend its `spot`"):
        check_frames(intervals, 30, "mine gave one")


def test_intervals_that_are_yielded_one_by_one_are_kept():
    found = (SpottedInterval(n, n + 3, MICRO, 0.5) for n in (2, 8))
    given = Spotting(found, np.zeros((30, 2)))
    kept = checked(Mine, Video("d", "s", "v", 30.0, Frames()), given)
    assert [(i.onset, i.offset) for i in kept.intervals] == [(2, 5), (8, 11)]


@pytest.mark.parametrize(
    ("interval", "message"),
    [
        (SpottedInterval(2, 5, "macro", 0.5), "of the type 'macro', which is no ExpressionType"),
        ((2, 5, MICRO, 0.5), "as tuple, where a SpottedInterval is due"),
    ],
)
def test_what_is_no_interval_is_refused(interval, message):
    with pytest.raises(UserError, match=message):
        check_frames([interval], 30, "mine gave one")
