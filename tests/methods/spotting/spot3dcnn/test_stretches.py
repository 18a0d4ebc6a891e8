"""Each stretch is scored as a video of its own."""

from __future__ import annotations

import numpy as np

from mebench.methods.spotting.spot3dcnn.stretches import StretchReader, scored_by_stretch
from mebench.schema.presence import Presence
from tests.methods.spotting.spot3dcnn.conftest import ArrayFrames

FRAMES = ArrayFrames(np.arange(20, dtype=np.uint8)[:, None, None])


def presence(missing: tuple[int, ...], begins: tuple[int, ...] = ()) -> Presence:
    found, starts = np.ones(20, bool), np.zeros(20, bool)
    found[list(missing)] = False
    starts[list(begins)] = True
    return Presence(found, starts)


def first_and_length(frames: StretchReader) -> np.ndarray:
    pixels = frames.read(0, len(frames))[:, 0, 0].astype(np.float32)
    assert np.array_equal(frames.gather(np.arange(len(frames)))[:, 0, 0], pixels)
    return np.stack([np.full(len(frames), pixels[0] + 1), np.full(len(frames), len(frames))], axis=1)


def test_stretches_are_scored_one_by_one_and_the_rest_is_zero() -> None:
    scores = scored_by_stretch(first_and_length, FRAMES, presence((5, 6), (12,)), 2)
    assert scores.tolist() == [[1, 5]] * 5 + [[0, 0]] * 2 + [[8, 5]] * 5 + [[13, 8]] * 8


def test_a_whole_video_is_scored_at_once_by_its_own_reader() -> None:
    seen: list[object] = []
    scored_by_stretch(lambda frames: seen.append(frames) or np.zeros((20, 2), np.float32), FRAMES, presence(()), 2)  # type: ignore[func-returns-value]
    assert seen == [FRAMES]


def test_frames_beyond_the_reader_have_no_score() -> None:
    short = ArrayFrames(FRAMES.frames[:15])
    assert scored_by_stretch(first_and_length, short, presence(()), 2)[:, 1].tolist() == [15] * 15 + [0] * 5
