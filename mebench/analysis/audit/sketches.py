"""Sketches of recordings, by which frames that are seen twice are found: a few frames, small, kept in the cache.

Conventions
-----------
A sketch has `COUNT` frames spread evenly from the first to the last one, each as `SIDE` x `SIDE` grey values (mean of
the pixels below each) and as a difference hash of `BITS` bits: whether each value of a 17 x 16 grid is below the one to
its right (N. Krawetz, 2013). Two frames are the same when their hashes differ in at most `MOST_BITS` bits and their
values by at most `MOST_LEVELS` grey levels in the mean: a copy that was compressed again or made smaller passes, the
faces of two people are far from it. Frames without contrast, such as black ones, are the same as no other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.cache import FrameCache
from mebench.schema.recordings import Recording
from mebench.settings import digest_of

VERSION = 1
COUNT, SIDE, GRID = 5, 64, 16
BITS = GRID * GRID
MOST_BITS, MOST_LEVELS = 12, 3.0
LEAST_CONTRAST = 4.0
"""Standard deviation of the values of a frame, in grey levels, below which it shows nothing."""


@dataclasses.dataclass(frozen=True)
class Sketches:
    """The sketches of some recordings, in their order.

    Attributes
    ----------
    recordings : whose they are.
    values : uint8 (n, COUNT, SIDE, SIDE).
    hashes : bool (n, COUNT, BITS).
    """

    recordings: tuple[Recording, ...]
    values: NDArray[np.uint8]
    hashes: NDArray[np.bool_]


def sketch(recording: Recording, cache: FrameCache) -> NDArray[np.uint8]:
    """Return the small grey frames of a recording, uint8 (COUNT, SIDE, SIDE); made once, then taken from the cache."""
    key = digest_of("audit sketch", VERSION, cache.content(recording.frames))
    return cache.array(key, "sketch", lambda: _made(recording)).astype(np.uint8)


def sketches(recordings: Iterable[Recording], cache: FrameCache) -> Sketches:
    """Return the sketches of recordings."""
    listed = tuple(recordings)
    values = np.stack([sketch(one, cache) for one in listed]) if listed else np.empty((0, COUNT, SIDE, SIDE), np.uint8)
    return Sketches(listed, values, hashed(values))


def hashed(values: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the difference hash of each small frame, bool (..., BITS), of values uint8 (..., SIDE, SIDE)."""
    flat = values.reshape(-1, SIDE, SIDE)
    small = [cv2.resize(frame, (GRID + 1, GRID), interpolation=cv2.INTER_AREA) for frame in flat]
    grid = np.stack(small).astype(np.int16) if small else np.empty((0, GRID, GRID + 1), np.int16)
    return (grid[..., :-1] < grid[..., 1:]).reshape(*values.shape[:-2], BITS)


def same_frames(
    some: Sketches, others: Sketches, *, most_bits: int = MOST_BITS, most_levels: float = MOST_LEVELS
) -> list[tuple[int, int, int]]:
    """Return (index of some, index of others, number of frames that both show) of each pair that shows any."""
    found = []
    shown = some.values.std(axis=(2, 3)) >= LEAST_CONTRAST
    packed = np.packbits(others.hashes, axis=-1).reshape(-1, BITS // 8)
    for i in range(len(some.recordings)):
        own = np.packbits(some.hashes[i], axis=-1)
        bits = np.bitwise_count(own[:, None] ^ packed[None]).sum(axis=-1)  # (COUNT, n * COUNT)
        for j in np.unique(np.flatnonzero((bits <= most_bits).any(axis=0)) // COUNT):
            apart = levels_apart(some.values[i], others.values[j])
            near = bits[:, j * COUNT : (j + 1) * COUNT] <= most_bits
            count = int((near & (apart <= most_levels) & shown[i][:, None]).any(axis=1).sum())
            if count:
                found.append((i, int(j), count))
    return found


def levels_apart(some: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the mean absolute difference of each of (a, SIDE, SIDE) and (b, SIDE, SIDE) frames; shape (a, b)."""
    apart = np.abs(some[:, None].astype(np.int16) - others[None].astype(np.int16))
    return np.asarray(apart.mean(axis=(2, 3)), np.float64)


def _made(recording: Recording) -> NDArray[np.uint8]:
    indices = np.linspace(0, recording.n_frames - 1, COUNT).round().astype(int)
    frames = [recording.frames.read(i, i + 1)[0] for i in indices.tolist()]
    return np.stack([cv2.resize(frame, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for frame in frames])
