from __future__ import annotations

import pytest

from mebench.testing import fakes


@pytest.mark.parametrize("n_frames", [150, 240, 1400])
def test_events_lie_in_the_frames(n_frames: int) -> None:
    for video in fakes.videos(("p1", "p2", "p9"), n_frames):
        assert all(1 <= event.onset <= (event.apex or 0) <= event.offset <= n_frames for event in video.events)


def test_another_truth_is_another() -> None:
    video, clip = fakes.video("p1", "v1", 240), fakes.clip("p1", "c1", "negative")
    assert fakes.with_other_truth(video).events != video.events
    assert fakes.with_other_truth(clip).emotion != clip.emotion
