from __future__ import annotations

import numpy as np
import pytest

from mebench.frames.parts import PartOfFrames, cut_clip
from mebench.frames.pixels import ArrayFrames
from mebench.schema.recordings import FrameSource, Video

FRAMES = np.arange(20, dtype=np.uint8)[:, None, None] * np.ones((1, 3, 4), np.uint8)


class Known(ArrayFrames):
    """Frames that know their times, what is missing, their numbers and their landmarks."""

    times = np.cumsum(np.arange(20.0))
    missing = (4, 5, 9, 12)
    first = 101

    def landmarks(self, start: int, stop: int) -> np.ndarray:
        return np.arange(start, stop)[:, None, None] * np.ones((1, 68, 2))


def video(frames: FrameSource) -> Video:
    return Video("d", "s1", "v", 30.0, frames)


def test_a_part_has_the_frames_of_its_place() -> None:
    part = PartOfFrames(ArrayFrames(FRAMES), 4, 9)
    assert isinstance(part, FrameSource)
    assert len(part) == 5
    assert np.array_equal(part.read(1, 3), FRAMES[5:7])
    assert part.read(0, 5, grey=False).shape == (5, 3, 4, 3)
    with pytest.raises(IndexError, match="outside a video of 5 frames"):
        part.read(3, 6)


def test_parts_of_other_places_and_of_other_frames_have_other_digests() -> None:
    places = [(0, 5), (0, 6), (1, 6)]
    digests = {PartOfFrames(ArrayFrames(f), *p).digest for p in places for f in (FRAMES, FRAMES + 1)}
    assert len(digests) == 6
    assert PartOfFrames(ArrayFrames(FRAMES), 0, 5).digest in digests


def test_what_is_known_of_frames_is_counted_from_the_first_of_the_part() -> None:
    part = PartOfFrames(Known(FRAMES), 4, 10)
    assert part.times.tolist() == [0.0, 5.0, 11.0, 18.0, 26.0, 35.0]
    assert part.missing == (1, 5)
    assert part.first == 105
    assert part.landmarks(1, 3)[:, 0, 0].tolist() == [5, 6]
    plain = PartOfFrames(ArrayFrames(FRAMES), 4, 10)
    assert (plain.times, plain.missing, plain.first, plain.landmarks) == (None, (), 5, None)


def test_there_is_no_part_beyond_the_frames() -> None:
    with pytest.raises(ValueError, match="frames 4 to 21 of 20 are asked for"):
        PartOfFrames(ArrayFrames(FRAMES), 4, 21)


def test_a_clip_counts_from_its_onset() -> None:
    clip = cut_clip(video(Known(FRAMES)), 6, 10, apex=8, emotion="anger", action_units="4B")
    assert (clip.key, clip.person, clip.fps) == (("", "s1", "v_6-10"), ("d", "s1"), 30.0)
    assert (clip.onset, clip.apex, clip.offset, clip.n_frames) == (1, 3, 5, 5)
    assert (clip.emotion, clip.action_units) == ("anger", "4B")
    assert clip.frames.read(0, 1)[0, 0, 0] == 5
    assert clip.first == 106


@pytest.mark.parametrize(
    ("onset", "apex", "offset", "expected"),
    [
        (-3, 2, 4, (1, 2, 4)),
        (18, 25, 25, (1, 0, 3)),
        (5, 4, 9, (1, 0, 5)),
        (5, None, 5, (1, 0, 1)),
        (5, 0, 9, (1, 0, 5)),
    ],
)
def test_what_lies_outside_is_cut_off(onset: int, apex: int | None, offset: int, expected: tuple[int, ...]) -> None:
    clip = cut_clip(video(ArrayFrames(FRAMES)), onset, offset, apex=apex)
    assert (clip.onset, clip.apex, clip.offset) == expected


def test_an_interval_beyond_the_video_is_no_clip() -> None:
    with pytest.raises(ValueError, match="frames 21 to 30 of 20"):
        cut_clip(video(ArrayFrames(FRAMES)), 21, 30)


def test_ready_made_faces_are_cut_alike() -> None:
    whole = Video("d", "s1", "v", 30.0, ArrayFrames(FRAMES), aligned=ArrayFrames(FRAMES + 100))
    assert cut_clip(whole, 3, 5).aligned.read(0, 1)[0, 0, 0] == 102
