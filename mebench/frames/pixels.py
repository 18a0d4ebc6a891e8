"""Frames in memory, and their two colour formats.

Conventions
-----------
Grey frames are uint8 (n, height, width), colour frames uint8 (n, height, width, 3) in BGR.
"""

from __future__ import annotations

import functools
import hashlib

import cv2
import numpy as np
from numpy.typing import NDArray


def check_range(start: int, stop: int, count: int) -> None:
    """Raise IndexError unless `0 <= start <= stop <= count`."""
    if not 0 <= start <= stop <= count:
        raise IndexError(f"frames {start} to {stop} lie outside a video of {count} frames")


class ArrayFrames:
    """Frames that are in memory already, mostly for tests.

    Parameters
    ----------
    array : uint8, (n, height, width) grey or (n, height, width, 3) BGR.

    Raises
    ------
    ValueError : for another shape or type.
    """

    def __init__(self, array: NDArray[np.uint8]) -> None:
        if array.dtype != np.uint8 or array.ndim not in (3, 4):
            raise ValueError(f"frames must be uint8 of 3 or 4 dimensions, not {array.dtype} of {array.ndim}")
        self._array = array

    @functools.cached_property
    def digest(self) -> str:
        """Sha256 of shape and pixels."""
        return hashlib.sha256(repr(self._array.shape).encode() + np.ascontiguousarray(self._array).data).hexdigest()

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self._array)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Return frames `start <= i < stop`; see `FrameSource.read`."""
        check_range(start, stop, len(self))
        return as_grey(self._array[start:stop]) if grey else as_colour(self._array[start:stop])


def as_grey(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (n, height, width) grey from grey or BGR frames."""
    if frames.ndim == 3:
        return frames
    if frames.shape[0] == 0:
        return np.empty(frames.shape[:3], np.uint8)
    grey = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in frames]
    return (grey[0][None] if len(grey) == 1 else np.stack(grey)).astype(np.uint8, copy=False)


def as_colour(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (n, height, width, 3) BGR from grey or BGR frames."""
    return frames if frames.ndim == 4 else np.repeat(frames[..., None], 3, axis=-1)
