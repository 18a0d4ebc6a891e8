"""Prepared frames as they lie on disk, and reading them in any order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.pixels import as_colour, as_grey, check_range


class StoredFrames:
    """Prepared frames of one video, of one size; a `FrameSource`.

    The file is mapped only while a call lasts, so a process's memory does not grow with what it has read.

    Parameters
    ----------
    path : file of raw uint8.
    shape : (n, height, width) grey or (n, height, width, 3) BGR.
    digest : address of the entry that the file belongs to.
    """

    def __init__(self, path: Path, shape: tuple[int, ...], digest: str) -> None:
        self.path = path
        self.shape = shape
        self.digest = digest

    def __len__(self) -> int:
        """Return the number of frames."""
        return self.shape[0]

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Return a copy of frames `start <= i < stop`; see `FrameSource.read`."""
        check_range(start, stop, len(self))
        frames: NDArray[np.uint8] = np.array(self._mapped()[start:stop])
        return as_grey(frames) if grey else as_colour(frames)

    def gather(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Return a copy of the frames at any indices, repeated and unordered ones included, (..., height, width).

        Colour frames come as they are stored, (..., height, width, 3).

        Raises
        ------
        IndexError : when an index lies outside the video.
        """
        wanted = np.asarray(indices)
        if wanted.size and not (wanted.min() >= 0 and wanted.max() < len(self)):
            raise IndexError(f"indices {wanted.min()} to {wanted.max()} lie outside a video of {len(self)} frames")
        return np.asarray(self._mapped()[wanted], dtype=np.uint8)

    def _mapped(self) -> np.memmap[Any, np.dtype[np.uint8]]:
        try:
            return np.memmap(self.path, np.uint8, "r", shape=self.shape)
        except (OSError, ValueError) as error:
            raise UserError(
                f"The prepared frames {self.path} were removed or cut while they were in use: run the same command "
                "again."
            ) from error
