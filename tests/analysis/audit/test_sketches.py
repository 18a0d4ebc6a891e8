from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from mebench.analysis.audit.sketches import BITS, COUNT, SIDE, hashed, levels_apart, same_frames, sketch, sketches
from mebench.faces.cache import FrameCache
from mebench.schema.recordings import Clip


@dataclasses.dataclass(frozen=True, eq=False)
class Kept:
    frames: np.ndarray

    @property
    def digest(self):
        return str(hash(self.frames.tobytes()))

    def __len__(self):
        return len(self.frames)

    def read(self, start, stop, *, grey=True):
        return self.frames[start:stop]


def face(seed, count=7, size=(120, 100)):
    """A smooth picture of its own, in which something moves a little."""
    noise = np.random.default_rng(seed).integers(0, 255, (6, 5), dtype=np.uint8)
    still = cv2.resize(noise, size[::-1], interpolation=cv2.INTER_CUBIC)
    frames = np.stack([still] * count)
    for number in range(count):
        frames[number, 40:60, 20 : 24 + 2 * number] //= 2
    return frames


def clip(frames, name="c"):
    return Clip("toy", name, "1", 30.0, Kept(frames))


@pytest.fixture
def cache(tmp_path):
    return FrameCache(tmp_path)


def test_a_sketch_is_of_frames_spread_from_the_first_to_the_last(cache):
    ramp = np.stack([np.full((80, 80), 10 * number, np.uint8) for number in range(9)])
    assert sketch(clip(ramp), cache)[:, 0, 0].tolist() == [0, 20, 40, 60, 80]
    assert sketch(clip(ramp[:1]), cache).shape == (COUNT, SIDE, SIDE)


def test_a_hash_says_where_it_gets_brighter_to_the_right():
    across = np.tile(np.linspace(0, 255, SIDE).astype(np.uint8), (SIDE, 1))
    assert hashed(across[None]).sum() == BITS
    assert hashed(across[None, :, ::-1]).sum() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f,
        lambda f: f + np.uint8(2),
        lambda f: np.stack([cv2.resize(frame, (80, 96), interpolation=cv2.INTER_AREA) for frame in f]),
        lambda f: np.stack([
            cv2.imdecode(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 0) for frame in f
        ]),
    ],
)  # fmt: skip
def test_copies_are_the_same_frames(cache, change):
    original = np.clip(face(1), 0, 250)
    some, others = (sketches([clip(frames)], cache) for frames in (original, change(original)))
    assert same_frames(some, others) == [(0, 0, COUNT)]


def test_pairs_are_those_of_comparing_each_frame_with_each_other(cache):
    own = [face(1), face(2), np.concatenate([face(2)[:1], face(3)[1:]]), face(3) + np.uint8(30)]
    every = sketches([clip(frames, str(i)) for i, frames in enumerate(own)], cache)
    found = []
    for i in range(len(own)):
        for j in range(len(own)):
            near = (every.hashes[i][:, None] != every.hashes[j][None]).sum(-1) <= 12
            count = int((near & (levels_apart(every.values[i], every.values[j]) <= 3)).any(1).sum())
            found += [(i, j, count)] if count else []
    assert same_frames(every, every) == found
    assert {(i, j) for i, j, _ in found if i < j} == {(1, 2)}


def test_frames_that_show_nothing_are_the_same_as_no_other(cache):
    black = sketches([clip(np.zeros((5, 80, 80), np.uint8)), clip(np.full((5, 80, 80), 1, np.uint8))], cache)
    assert same_frames(black, black) == []


def test_a_sketch_is_made_once(cache, monkeypatch):
    first = sketch(clip(face(1)), cache)
    monkeypatch.setattr(Kept, "read", None)
    assert np.array_equal(sketch(clip(face(1)), cache), first)
