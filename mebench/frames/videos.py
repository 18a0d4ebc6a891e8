"""Frames of a video file."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.content import FromFiles, KnownContent, Progress, digest_of_files
from mebench.frames.pixels import as_colour, as_grey, check_range, opencv_name
from mebench.settings import digest_of


class VideoFrames(FromFiles):
    """A video file. Reading forwards is fast; reading backwards starts again from the beginning, which is exact.

    Containers promise frame counts and seek positions that they do not always keep, so the count is checked against
    the last frame, and `read` counts frames rather than seeking.

    Raises
    ------
    UserError : on first use, when the file is missing, is no video, or has no frame.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._capture: cv2.VideoCapture | None = None
        self._position = 0

    def __getstate__(self) -> dict[str, Any]:
        """Leave the open decoder behind when the source goes to another process."""
        return {**self.__dict__, "_capture": None, "_position": 0}

    @functools.cached_property
    def fps(self) -> float:
        """Frames per second as the container says, 30 where it says nothing."""
        rate = float(self._open().get(cv2.CAP_PROP_FPS))
        return rate if np.isfinite(rate) and 0 < rate < 10_000 else 30.0

    @functools.cached_property
    def _length(self) -> int:
        capture = self._open()
        promised = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        capture.set(cv2.CAP_PROP_POS_FRAMES, promised - 1)
        if promised > 0 and capture.grab() and not capture.grab():
            return promised
        capture, counted = self._open(), 0
        while capture.grab():
            counted += 1
        if counted == 0:
            raise UserError(f"{self.path} has no frame that can be decoded: give a video with at least one frame.")
        return counted

    def _read_content(self, known: KnownContent | None, progress: Progress | None) -> str:
        files = [self._file_checked()]
        content = known.digest(self.path, files, progress) if known else digest_of_files(files, progress)
        return digest_of("video", content)

    def __len__(self) -> int:
        """Return the number of frames."""
        return self._length

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode frames `start <= i < stop`; see `FrameSource.read`.

        Raises
        ------
        UserError : naming the frame that cannot be decoded.
        """
        check_range(start, stop, len(self))
        if self._capture is None or self._position > start:
            self._capture, self._position = self._open(), 0
        out: NDArray[np.uint8] | None = None
        for number in range(self._position + 1, stop + 1):
            ok = self._capture.grab()
            image = self._retrieve(self._capture, grey) if ok and number > start else None
            if not ok or (number > start and image is None):
                self._capture = None
                raise UserError(f"Frame {number} of {self.path} cannot be decoded: re-encode the video.")
            self._position = number
            if image is not None:
                out = np.empty((stop - start, *image.shape), np.uint8) if out is None else out
                out[number - start - 1] = image
        return out if out is not None else np.empty((0, 0, 0) if grey else (0, 0, 0, 3), np.uint8)

    def sample(self, indices: NDArray[np.int64]) -> list[NDArray[np.uint8]]:
        """Return grey frames at or near ascending indices, by seeking: fast, for a first look at the face."""
        capture, images = self._open(), []
        for index in indices:
            capture.set(cv2.CAP_PROP_POS_FRAMES, int(index))
            image = self._retrieve(capture, True) if capture.grab() else None
            if image is not None:
                images.append(image)
        return images

    @staticmethod
    def _retrieve(capture: cv2.VideoCapture, grey: bool) -> NDArray[np.uint8] | None:
        ok, decoded = capture.retrieve()
        image: Any = decoded
        if not ok or image is None:
            return None
        return as_grey(image[None])[0] if grey else as_colour(image[None])[0]

    def _file_checked(self) -> Path:
        if not self.path.is_file():
            raise UserError(f"The video {self.path} does not exist: check the path.")
        return self.path

    def _open(self) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(opencv_name(self._file_checked()))
        if not capture.isOpened():
            raise UserError(
                f"{self.path} cannot be opened as a video: give a file that OpenCV can decode, such as mp4."
            )
        return capture
