from __future__ import annotations

import numpy as np
import pytest

from mebench.schema.recordings import Event, ExpressionType, FrameSource, Video, frame_labels


class Blank:
    """Ten black frames."""

    digest = "blank"

    def __len__(self):
        return 10

    def read(self, start, stop, *, grey=True):
        return np.zeros((stop - start, 4, 4) if grey else (stop - start, 4, 4, 3), np.uint8)


@pytest.fixture
def video():
    events = (
        Event(3, 5, ExpressionType.MICRO, apex=4),
        Event(5, 10, ExpressionType.MACRO),
        Event(1, 1, ExpressionType.MACRO),
    )
    return Video("d", "s1", "s1_1", 30.0, Blank(), events)


def test_labels_hold_from_onset_to_offset_inclusively(video):
    # frame     1 2 3 4 5 6 7 8 9 10
    # micro         |---|
    # macro     |       |-----------|
    assert frame_labels(video, ExpressionType.MICRO).nonzero()[0].tolist() == [2, 3, 4]
    assert frame_labels(video, ExpressionType.MACRO).nonzero()[0].tolist() == [0, 4, 5, 6, 7, 8, 9]


def test_length_counts_both_ends(video):
    assert [event.length for event in video.events] == [3, 6, 1]


def test_a_method_under_test_sees_no_events(video):
    hidden = video.without_truth()
    assert hidden.events == ()
    assert (hidden.key, hidden.n_frames, hidden.fps) == (("s1", "s1_1"), 10, 30.0)
    assert video.events, "the original keeps its truth"


def test_sources_are_recognised_by_what_they_offer(video):
    assert isinstance(video.frames, FrameSource)
    assert not isinstance(object(), FrameSource)


def test_sources_say_more_of_their_frames_where_they_can(video):
    assert (video.first, video.missing, video.notes()) == (1, (), ())
    assert video.seconds(3, 5) == pytest.approx((2 / 30, 5 / 30))

    class Talkative(Blank):
        times = np.arange(10) ** 2 / 30
        missing = (4,)
        first = 101

        def notes(self):
            return ("Odd.",)

    odd = Video("d", "s1", "s1_1", 3.0, Talkative())
    assert (odd.first, odd.missing) == (101, (4,))
    assert odd.notes()[0] == "Odd."
    assert odd.notes()[1].startswith("At 3 frames/s a micro-expression of 0.5 s has 2 frames and one of 0.2 s has 1:")
    assert odd.seconds(3, 5) == pytest.approx((4 / 30, 25 / 30))
    assert odd.without_truth().seconds(3, 5) == odd.seconds(3, 5)
