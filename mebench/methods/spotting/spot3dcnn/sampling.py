"""Which four-frame stacks a training sees, and reading them from the frame cache (thesis 5.4.2, 5.4.4).

Conventions
-----------
Frame indices are 0-based. Nothing but indices and labels is held in memory; pixels are read batch by batch. Frames
before the first or after the last of a stretch (see `Presence`) are replaced by it, so that all four frames of a stack
show one face in one shot. Frames without a face are not drawn.

Of all frames of SAMM-LV .13 lie in an event and .026 of those of CAS(ME)^2, far fewer of them in a micro- than in a
macro-expression. (The thesis's .40 and .05, 4.2.1, are means over subjects of a ratio whose denominator is unclear.)
The thesis weights the loss for that, and only on SAMM-LV; how it draws frames is not told. `sampling=natural` draws
every frame with a face as often as any other. `sampling=balanced`, the default, draws the type of the scored frame
first, in the shares that the settings give, then a frame of that type. Each video draws its skips from ranges of its
own.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mebench.methods.spotting.base import MACRO, MICRO
from mebench.methods.spotting.spot3dcnn.config import TrainingConfig
from mebench.methods.spotting.spot3dcnn.skips import Skips, pair_offsets
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video, frame_labels
from mebench.settings import digest_of


class FrameReader(Protocol):
    """Random access to the grey frames of one video."""

    def __len__(self) -> int:
        """Return the number of frames."""
        ...

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return frames `start <= i < stop`, (stop - start, height, width)."""
        ...

    def gather(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Return frames at any indices, (..., height, width)."""
        ...


@dataclasses.dataclass(frozen=True)
class Draw:
    """Stacks that were drawn: the video and four frame indices of each, and its labels.

    Attributes
    ----------
    videos : shape (n,), position in the list of videos.
    frames : shape (n, 4), indices of short reference, short current, long reference, long current.
    labels : float32 of shape (n, outputs).
    """

    videos: NDArray[np.int64]
    frames: NDArray[np.int64]
    labels: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of stacks."""
        return len(self.videos)

    def __getitem__(self, part: slice) -> Draw:
        """Return some of the stacks."""
        return Draw(self.videos[part], self.frames[part], self.labels[part])


class SampleTable:
    """Every frame of some videos, sorted by type, to draw stacks from.

    Parameters
    ----------
    videos : videos with their truth.
    readers : the frames of each.
    skips : the frame skips of each.
    presences : where the face of each was found; by default everywhere.
    """

    def __init__(
        self,
        videos: Sequence[Video],
        readers: Sequence[FrameReader],
        skips: Sequence[Skips],
        config: TrainingConfig,
        presences: Sequence[Presence] = (),
    ) -> None:
        self.readers = readers
        self.config = config
        ranges = [(own.short_range, own.long_range) for own in skips]
        self.ranges = np.array(ranges, dtype=np.int64).reshape(len(videos), 2, 2)
        self.counts = np.array([min(v.n_frames, len(r)) for v, r in zip(videos, readers, strict=True)], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.counts)])
        labels = [_labels(video, count) for video, count in zip(videos, self.counts, strict=True)]
        self.labels: NDArray[np.bool_] = np.concatenate(labels) if labels else np.zeros((0, 2), bool)
        seen = presences or [Presence.everywhere(int(count)) for count in self.counts]
        bounds = [stretch_bounds(one, int(count)) for one, count in zip(seen, self.counts, strict=True)]
        self.bounds: NDArray[np.int64] = np.concatenate([np.zeros((0, 2), np.int64), *bounds])
        self.found: NDArray[np.bool_] = self.bounds[:, 1] > 0
        micro, macro = self.labels[:, MICRO], self.labels[:, MACRO]
        kinds = (micro, macro & ~micro, ~micro & ~macro)
        self.pools = [np.flatnonzero(mask & self.found) for mask in kinds]

    def digest(self) -> str:
        """Return a digest of the frames, where their readers have one, labels, ranges of skips, and borders."""
        frames = [getattr(reader, "digest", "") for reader in self.readers]
        labels = hashlib.sha256(self.labels.tobytes()).hexdigest()
        borders = hashlib.sha256(self.bounds.tobytes()).hexdigest()
        return digest_of(frames, self.counts.tolist(), labels, self.ranges.tolist(), borders)

    def __len__(self) -> int:
        """Return the number of frames that can be drawn."""
        return int(self.found.sum())

    def has(self, column: int) -> bool:
        """Tell whether any frame with a face is positive for an output column (micro, macro)."""
        return bool((self.labels[:, column] & self.found).any())

    def draw(self, count: int, random: np.random.Generator) -> Draw:
        """Draw stacks with random skips, as `sampling` says."""
        natural = self.config.sampling == "natural"
        return self._stacks(self._natural(count, random) if natural else self._balanced(count, random), random)

    def _natural(self, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        """Return rows of frames with a face, all equally likely."""
        frames = np.flatnonzero(self.found)
        return frames[(random.random(count) * len(frames)).astype(np.int64)]

    def _balanced(self, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        """Return rows by the shares of types; types without any frame leave their share to the others."""
        shares = np.array([self.config.micro_share, self.config.macro_share, 0.0])
        shares[2] = 1 - shares.sum()
        shares *= [len(pool) > 0 for pool in self.pools]
        if shares.sum() == 0:
            shares = np.array([len(pool) > 0 for pool in self.pools], dtype=float)
        kinds = random.choice(3, size=count, p=shares / shares.sum())
        places = random.random(count)
        rows = np.empty(count, np.int64)
        for kind, pool in enumerate(self.pools):
            rows[kinds == kind] = pool[(places[kinds == kind] * len(pool)).astype(np.int64)]
        return rows

    def _stacks(self, rows: NDArray[np.int64], random: np.random.Generator) -> Draw:
        videos = np.searchsorted(self.starts, rows, side="right") - 1
        frames = rows - self.starts[videos]
        short, long = self._random_skips(videos, random)
        offsets = np.stack([stack_offsets(s, k, self.config.reference) for s, k in zip(short, long, strict=True)])
        first, stop = self.bounds[rows, 0, None], self.bounds[rows, 1, None]
        indices = np.clip(frames[:, None] + offsets, first, stop - 1)
        labels = self.labels[rows]
        if self.config.target == "movement":
            labels = np.asarray(labels.any(axis=1))[:, None]
        return Draw(videos, indices, labels.astype(np.float32))

    def _random_skips(self, videos: NDArray[np.int64], random: np.random.Generator) -> list[NDArray[np.int64]]:
        """Return a random short and a random long skip for each stack, each of shape (n,).

        Ranges that all videos share are drawn as plain numbers: numpy makes other numbers of arrays of bounds, and a
        training on one dataset must stay what it was.
        """
        shared = bool((self.ranges == self.ranges[0]).all())
        low, high = np.moveaxis(self.ranges[0] if shared else self.ranges[videos], -1, 0)
        return [random.integers(low[..., kind], high[..., kind] + 1, size=len(videos)) for kind in (0, 1)]

    def read(self, draw: Draw) -> NDArray[np.uint8]:
        """Return the pixels of drawn stacks, (n, 4, height, width)."""
        parts: list[NDArray[np.uint8]] = []
        places: list[NDArray[np.int64]] = []
        for video in np.unique(draw.videos):
            chosen = np.flatnonzero(draw.videos == video)
            parts.append(self.readers[video].gather(draw.frames[chosen]))
            places.append(chosen)
        return np.concatenate(parts)[np.argsort(np.concatenate(places))]


def stack_offsets(short: int, long: int, reference: str) -> NDArray[np.int64]:
    """Return where the four frames of a stack lie relative to the scored frame, in the order of the network's input."""
    return np.array([*pair_offsets(int(short), reference), *pair_offsets(int(long), reference)], dtype=np.int64)


def stretch_bounds(presence: Presence, count: int) -> NDArray[np.int64]:
    """Return the first index of each frame's stretch and the one after its last, (count, 2); 0, 0 without a face."""
    bounds = np.zeros((count, 2), np.int64)
    for start, stop in presence.stretches():
        bounds[start:stop] = (start, min(stop, count))
    return bounds


def _labels(video: Video, count: int) -> NDArray[np.bool_]:
    kinds = (ExpressionType.MICRO, ExpressionType.MACRO)
    return np.stack([frame_labels(video, kind)[:count] for kind in kinds], axis=1)
