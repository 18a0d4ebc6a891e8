"""Still images: one file, one frame."""

from __future__ import annotations

import contextlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.content import FromFiles, KnownContent, Progress, digest_of_files
from mebench.frames.names import printable
from mebench.frames.pixels import check_range
from mebench.settings import digest_of

STILL_FPS = 25.0
"""Frames per second of a still, which has none: a rate at which nothing is said of too few frames."""


class StillFrames(FromFiles):
    """One picture as a video of one frame; nothing is looked at before it is asked for.

    Parameters
    ----------
    path : a jpg, png or bmp file.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def __len__(self) -> int:
        """Return 1."""
        return 1

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode the picture; see `FrameSource.read`.

        Raises
        ------
        UserError : naming the file that cannot be decoded.
        """
        check_range(start, stop, 1)
        if start == stop:
            return np.empty((0, 0, 0) if grey else (0, 0, 0, 3), np.uint8)
        return decode_picture(self.path, grey)[None]

    def _read_content(self, known: KnownContent | None, progress: Progress | None) -> str:
        files = [self.path]
        return digest_of("still", known.digest(self.path, files, progress) if known else digest_of_files(files))


def decode_picture(path: Path, grey: bool) -> NDArray[np.uint8]:
    """Decode a picture's file.

    Returns
    -------
    uint8 (height, width) when `grey`, else (height, width, 3) in BGR.

    Raises
    ------
    UserError : naming the file when it cannot be read as a picture.
    """
    image = None
    with contextlib.suppress(OSError, cv2.error):
        # OpenCV is given the bytes, because it cannot open every name.
        content = np.frombuffer(path.read_bytes(), np.uint8)
        image = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR)
    if image is None:
        raise UserError(f"The frame {printable(str(path))} cannot be read as an image: restore or remove it.")
    return image.astype(np.uint8, copy=False)
