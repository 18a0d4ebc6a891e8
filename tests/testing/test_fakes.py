from __future__ import annotations

import numpy as np
import pytest

from mebench.schema.recordings import FrameSource
from mebench.testing import fakes
from mebench.testing.frames import Reads
from mebench.testing.truths import RATINGS, exam_of


def test_frames_are_the_same_in_any_chunks_and_move_in_an_event() -> None:
    video = fakes.video("p1", "v1", 240)
    assert isinstance(video.frames, FrameSource)
    whole = video.frames.read(0, 240).astype(float)
    assert np.array_equal(whole[100:120], video.frames.read(100, 120))
    event = video.events[0]
    moved = np.abs(whole - whole[0]).mean(axis=(1, 2))
    assert (
        moved[event.onset + 10 : event.offset - 10].min()
        > 2 * moved[event.offset + 2 : video.events[1].onset - 2].max()
    )


def test_frames_know_how_they_were_read() -> None:
    reads = Reads()
    video = fakes.video("p1", "v1", 240, reads)
    video.frames.read(5, 9)
    video.frames.read(0, 3, grey=False)
    with pytest.raises(IndexError, match="frames 239 to 241 of a recording of 240 frames"):
        video.frames.read(239, 241)
    assert reads == Reads(4, ["239 to 241"])


@pytest.mark.parametrize("n_frames", [150, 240, 1400])
def test_events_lie_in_the_frames(n_frames: int) -> None:
    for video in fakes.videos(("p1", "p2", "p9"), n_frames):
        assert all(1 <= event.onset <= (event.apex or 0) <= event.offset <= n_frames for event in video.events)


def test_another_truth_is_another() -> None:
    video, clip = fakes.video("p1", "v1", 240), fakes.clip("p1", "c1", "negative")
    assert fakes.with_other_truth(video).events != video.events
    assert fakes.with_other_truth(clip).emotion != clip.emotion


@pytest.mark.parametrize("task", ["spotting", "spot_recognise", "recognition", "generation", "questions", RATINGS])
def test_there_is_a_truth_of_every_task(task: str) -> None:
    exam = exam_of(task)
    assert exam is not None
    assert len(exam.people) == 4
    assert exam.truth.digest() == exam_of(task).truth.digest()
    assert exam_of("cooking") is None
