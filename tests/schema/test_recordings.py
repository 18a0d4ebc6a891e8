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
