"""Which pairs of frames are looked at, and the pictures of their flow in the cache.

Conventions
-----------
A window is the frames i to i + k, i its first index (0-based); both ends show a face, and lie in one part of the video
(see `Presence.parts`). Where the frame rate varies, the second frame is the one nearest in time. The pictures of a
video are computed once and read from the cache in any order.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.faces.flow import flow as farneback
from mebench.faces.tvl1 import Tvl1Config, tvl1_flow
from mebench.frames.entries import About
from mebench.frames.store import FrameStore, Write
from mebench.frames.stored import StoredFrames
from mebench.methods.spotting.base import BRIDGED
from mebench.methods.spotting.softnet.config import SoftnetConfig
from mebench.methods.spotting.softnet.pictures import Layout, as_bytes, enlarged, picture
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video, frame_labels
from mebench.settings import config_dict, digest_of

VERSION = "1"
_CHUNK = 64

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, eq=False)
class Windows:
    """The windows of one video at one lag.

    Attributes
    ----------
    k : the lag in frames.
    parts : the parts of the video that have a window: first index, and the one after the last.
    first, second : indices of the two frames of each window, rising, int64 (n,).
    """

    k: int
    parts: tuple[tuple[int, int], ...]
    first: Ints
    second: Ints

    @classmethod
    def of(cls, video: Video, presence: Presence, k: int, samples_per_k: int = 0) -> Windows:
        """Return the windows of a video.

        Parameters
        ----------
        samples_per_k : windows within k frames; 0 takes one for each frame.
        """
        stride = max(1, k // samples_per_k) if samples_per_k else 1
        parts, firsts, seconds = [], [], []
        for start, stop in presence.parts(round(BRIDGED * video.fps)):
            at = np.arange(start, stop - k)
            if not len(at):
                continue
            at = np.unique(np.append(at[::stride], at[-1]))
            after = np.minimum(video.timing.shifted(at, k), stop - 1)
            seen = presence.found[at] & presence.found[after]
            if seen.any():
                parts.append((start, stop))
                firsts.append(at[seen])
                seconds.append(after[seen])
        none = np.zeros(0, np.int64)
        return cls(k, tuple(parts), np.concatenate([none, *firsts]), np.concatenate([none, *seconds]))

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.first)

    def labels(self, video: Video, kind: ExpressionType) -> Bools:
        """Return which windows [i, i + k) share a frame with an event of a type: the pseudo-labels, IoU > 0."""
        inside = np.concatenate([[0], np.cumsum(frame_labels(video, kind))])
        stop = np.minimum(np.maximum(self.second, self.first + 1), video.n_frames)
        return np.asarray(inside[stop] > inside[self.first])

    def series(self, values: NDArray[np.floating]) -> list[tuple[int, NDArray[np.float64]]]:
        """Return the values of every frame that a window of its part could begin with, interpolated between windows.

        Parameters
        ----------
        values : one of each window, shape (n,).

        Returns
        -------
        For each part its first index and its values, float64 (frames of the part - k,).
        """
        found = []
        for start, stop in self.parts:
            low, high = np.searchsorted(self.first, (start, stop))
            found.append((start, np.interp(np.arange(start, stop - self.k), self.first[low:high], values[low:high])))
        return found


def flow_pictures(
    video: Video,
    faces: StoredFrames,
    windows: Windows,
    layout: Layout,
    config: SoftnetConfig,
    store: FrameStore,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> StoredFrames:
    """Return the pictures of the flow of all windows, uint8 (n, 42, 42, 3), computing them when they are not kept.

    Parameters
    ----------
    faces : the aligned faces of the video.
    windows : at least one.

    Raises
    ------
    UserError : when the store cannot be written.
    """
    flow = _flow_of(config)

    def make(write: Write) -> Mapping[str, NDArray[Any]]:
        for start in range(0, len(windows), _CHUNK):
            ends = (faces.gather(at[start : start + _CHUNK]) for at in (windows.first, windows.second))
            pairs = zip(*ends, strict=True)
            write(np.stack([as_bytes(picture(flow(enlarged(a), enlarged(b)), layout)) for a, b in pairs]))
            progress(min(start + _CHUNK, len(windows)), len(windows))
        return {}

    where = digest_of(windows.first.tolist(), windows.second.tolist())
    how = config_dict(Tvl1Config(warps=config.warps)) if config.flow == "tvl1" else "farneback"
    key = digest_of("softnet", VERSION, faces.digest, where, layout.plain(), how)
    return store.frames(key, About.of(f"pictures of flow, k = {windows.k},", video), faces, make)


def _flow_of(config: SoftnetConfig) -> Callable[[NDArray[np.uint8], NDArray[np.uint8]], NDArray[np.float32]]:
    if config.flow == "farneback":
        return farneback
    settings = Tvl1Config(warps=config.warps)
    return lambda previous, current: tvl1_flow(previous, current, settings)
