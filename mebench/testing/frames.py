"""Frames that are made when they are read, and that know how they were read.

Conventions
-----------
Pictures are 112x112, the size of aligned faces, so that the same source serves as frames and as ready-made faces. A
blob shrinks and grows in the frames of an event, and a little flicker is everywhere.
"""

from __future__ import annotations

import dataclasses
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.frames.store import FrameStore
from mebench.frames.stored import StoredFrames

SIZE = 112
FRAME_BYTES = SIZE * SIZE

Span = tuple[int, int, float]
"""First and last index, and how strong the movement is."""


@dataclasses.dataclass
class Reads:
    """What was read from some frames: the largest number of frames at once, and what was asked for in vain."""

    largest: int = 0
    refused: list[str] = dataclasses.field(default_factory=list)

    def note(self, count: int) -> None:
        """Note that so many frames were read at once."""
        self.largest = max(self.largest, count)


class LazyFrames:
    """A `FrameSource` that holds no frames.

    Parameters
    ----------
    name : decides what the pictures look like.
    count : number of frames.
    spans : where something moves.
    reads : notes what is read.
    """

    def __init__(self, name: str, count: int, spans: tuple[Span, ...], reads: Reads) -> None:
        self._count, self._spans, self._reads = count, spans, reads
        self.digest = f"{name}-{count}-{zlib.crc32(repr(spans).encode()):08x}"
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        y, x = np.mgrid[:SIZE, :SIZE] / SIZE
        shade = 90 + 60 * x + 30 * np.sin(6 * y + rng.uniform(0, 6))
        self._base = (shade + rng.normal(0, 4, (SIZE, SIZE))).astype(np.float32)
        self._blob = np.exp(-((x - rng.uniform(0.3, 0.7)) ** 2 + (y - 0.7) ** 2) / 0.02).astype(np.float32)

    def __len__(self) -> int:
        """Return the number of frames."""
        return self._count

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Make some frames; IndexError for those that are not there."""
        if not 0 <= start <= stop <= self._count:
            self._reads.refused.append(f"{start} to {stop}")
            raise IndexError(f"frames {start} to {stop} of a recording of {self._count} frames")
        self._reads.note(stop - start)
        found = np.empty((stop - start, SIZE, SIZE), np.uint8)
        for i, strength in enumerate(self._strength(np.arange(start, stop))):
            np.clip(self._base + strength * self._blob, 0, 255, out=found[i], casting="unsafe")
        return found if grey else np.repeat(found[..., None], 3, axis=-1)

    def _strength(self, index: NDArray[np.int64]) -> NDArray[np.float32]:
        strength = (index * 7919 % 5).astype(np.float32)
        for first, last, most in self._spans:
            phase = (index - first) / max(last - first, 1)
            strength += np.where((phase >= 0) & (phase <= 1), most * np.sin(np.pi * phase), 0).astype(np.float32)
        return strength


class WatchedFrames(StoredFrames):
    """Prepared frames that know how they were read."""

    def __init__(self, stored: StoredFrames, reads: Reads) -> None:
        super().__init__(stored.path, stored.shape, stored.digest)
        self._reads = reads

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Read some frames; see `StoredFrames.read`."""
        self._reads.note(stop - start)
        return super().read(start, stop, grey=grey)

    def gather(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Read the frames at any indices; see `StoredFrames.gather`."""
        self._reads.note(int(np.size(indices)))
        return super().gather(indices)


def watch(store: FrameStore, reads: Reads) -> None:
    """Let the frames that a store hands out note how they are read."""
    handed = store.frames

    def frames(*args: Any, **more: Any) -> StoredFrames:
        return WatchedFrames(handed(*args, **more), reads)

    store.frames = frames  # type: ignore[method-assign]
