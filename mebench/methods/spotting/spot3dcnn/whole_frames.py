"""Whole frames resized to 160x160, kept in the frame cache for random access (thesis Appendix B)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.entries import About
from mebench.frames.store import FrameStore, Write
from mebench.frames.stored import StoredFrames
from mebench.schema.recordings import Video
from mebench.settings import digest_of

SIZE = 160
CHUNK = 32


def whole_frames(
    video: Video, store: FrameStore, progress: Callable[[int, int], None] = lambda done, total: None
) -> StoredFrames:
    """Return the resized frames of a video, (n, 160, 160) grey, preparing them when the store does not have them.

    Raises
    ------
    UserError : when the video has no frames or the store cannot be written.
    """
    count = video.n_frames
    if count == 0:
        raise UserError(f"The video {video.id} has no frames: check its file.")

    def make(write: Write) -> Mapping[str, NDArray[Any]]:
        for start in range(0, count, CHUNK):
            stop = min(start + CHUNK, count)
            write(np.stack([resize(frame) for frame in video.frames.read(start, stop)]))
            progress(stop, count)
        return {}

    key = digest_of("whole", SIZE, store.content(video.frames))
    return store.frames(key, About.of("whole frames", video), video.frames, make)


def resize(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a whole grey frame at 160x160, its sides scaled independently."""
    return np.asarray(cv2.resize(frame, (SIZE, SIZE), interpolation=cv2.INTER_AREA), dtype=np.uint8)
