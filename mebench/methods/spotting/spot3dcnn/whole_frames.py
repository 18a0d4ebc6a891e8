"""Whole frames resized to 160x160, kept on disk for random access (thesis Appendix B).

Conventions
-----------
A video's file lies in the frame cache's folder under the digest of its frames: raw uint8 (n, 160, 160). It is written
under another name and renamed when whole; a file of another size than the video's is written anew.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.schema.recordings import Video
from mebench.settings import digest_of

SIZE = 160
CHUNK = 32


class WholeFrames:
    """Resized frames of one video; the file is mapped only while a call lasts."""

    def __init__(self, path: Path, count: int) -> None:
        self.path = path
        self._count = count

    def __len__(self) -> int:
        """Return the number of frames."""
        return self._count

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return a copy of frames `start <= i < stop`, (stop - start, 160, 160)."""
        return np.array(self._mapped()[start:stop])

    def gather(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Return a copy of the frames at any indices, (..., 160, 160)."""
        return np.asarray(self._mapped()[indices], dtype=np.uint8)

    def _mapped(self) -> np.memmap[Any, np.dtype[np.uint8]]:
        return np.memmap(self.path, np.uint8, "r", shape=(self._count, SIZE, SIZE))


def whole_frames(
    video: Video, folder: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> WholeFrames:
    """Return the resized frames of a video, preparing them when the folder does not have them.

    Raises
    ------
    UserError : when the video has no frames or the folder cannot be written.
    """
    count = video.n_frames
    if count == 0:
        raise UserError(f"The video {video.id} has no frames: check its file.")
    key = digest_of("whole", SIZE, video.frames.digest)
    path = folder / key[:2] / f"{key}.whole"
    if not path.is_file() or path.stat().st_size != count * SIZE * SIZE:
        _write(video, path, progress)
    return WholeFrames(path, count)


def _write(video: Video, path: Path, progress: Callable[[int, int], None]) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            for start in range(0, video.n_frames, CHUNK):
                stop = min(start + CHUNK, video.n_frames)
                for frame in video.frames.read(start, stop):
                    file.write(np.ascontiguousarray(resize(frame)).data)
                progress(stop, video.n_frames)
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(
            f"The resized frames of {video.id} cannot be written to {path.parent} ({error.strerror}): "
            "free space or set MEBENCH_CACHE to a writable folder."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def resize(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a whole grey frame at 160x160, its sides scaled independently."""
    return np.asarray(cv2.resize(frame, (SIZE, SIZE), interpolation=cv2.INTER_AREA), dtype=np.uint8)
