"""Frames of a video file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.content import FromFiles, KnownContent, Progress, digest_of_files
from mebench.frames.decoder_noise import kept_noise
from mebench.frames.indexing import index_of
from mebench.frames.names import printable
from mebench.frames.pixels import as_colour, as_grey, check_range
from mebench.frames.video_decoding import grab_next, open_capture
from mebench.frames.video_index import VideoIndex
from mebench.frames.video_notes import notes_of
from mebench.settings import digest_of

_EXACT = 1e-5
"""Seconds by which the time stamp of a frame may differ from the one that it had when all were decoded in order."""


class VideoFrames(FromFiles):
    """A video file. Reading forwards is fast; reading backwards starts again from the beginning, which is exact.

    Containers promise frame counts and seek positions that they do not always keep, so every frame is decoded once
    before any is read (`indexing`), and `read` counts frames rather than seeking. A frame that cannot be decoded is
    `missing` and shows the nearest earlier one, where PyAV is installed; without, it has no number.

    Raises
    ------
    UserError : on first use, when the file is missing, is no video, or has no frame.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._capture: cv2.VideoCapture | None = None
        self._decoded = 0
        self._known: VideoIndex | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the open decoder behind when the source goes to another process."""
        return {**self.__dict__, "_capture": None, "_decoded": 0}

    @property
    def _index(self) -> VideoIndex:
        self.look()
        assert self._known is not None
        return self._known

    def look(self, progress: Progress | None = None) -> None:
        """Decode the whole file once, unless that was done before, to know its frames; asking for anything does it too.

        Parameters
        ----------
        progress : called with (frames done, frames promised) now and then.

        Raises
        ------
        UserError : when the file is missing, is no video, or has no frame.
        """
        if self._known is None:
            self._known = index_of(self.path, progress)

    @property
    def fps(self) -> float:
        """Frames per second as the container says; the mean of the time stamps where these say something else."""
        return self._index.rate

    @property
    def times(self) -> NDArray[np.float64]:
        """When each frame begins, in seconds by the container's time stamps; float64 (n,)."""
        return self._index.times

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the frames, from 1, that cannot be decoded and show the nearest earlier one instead."""
        return self._index.missing

    def notes(self) -> tuple[str, ...]:
        """Return sentences on what the file promises and does not keep, and on a frame rate that varies."""
        return notes_of(self._index)

    def _read_content(self, known: KnownContent | None, progress: Progress | None) -> str:
        files = [self._file_checked()]
        content = known.digest(self.path, files, progress) if known else digest_of_files(files, progress)
        lost = [self.missing] if self.missing else []  # which depends on whether PyAV is installed
        return digest_of("video", content, *lost)

    def __len__(self) -> int:
        """Return the number of frames, lost ones included."""
        return len(self._index.times)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode frames `start <= i < stop`; see `FrameSource.read`.

        Raises
        ------
        UserError : naming the frame that cannot be decoded.
        """
        check_range(start, stop, len(self))
        with kept_noise():  # of damage `notes` tells
            return self._read(start, stop, grey)

    def _read(self, start: int, stop: int, grey: bool) -> NDArray[np.uint8]:
        out: NDArray[np.uint8] | None = None
        image: NDArray[np.uint8] | None = None
        for index in range(start, stop):
            if image is None or self._index.shown[index] != self._index.shown[index - 1]:
                image = self._picture(index, grey)
            if out is None:
                out = np.empty((stop - start, *image.shape), np.uint8)
            if image.shape != out.shape[1:]:
                raise self._undecodable(index)
            out[index - start] = image
        return out if out is not None else np.empty((0, 0, 0) if grey else (0, 0, 0, 3), np.uint8)

    def _picture(self, index: int, grey: bool) -> NDArray[np.uint8]:
        """Return the picture that stands for a frame."""
        wanted = int(self._index.shown[index]) + 1
        if self._capture is None or self._decoded > wanted:
            self._capture, self._decoded = self._open(), 0
        while self._decoded < wanted:
            if not grab_next(self._capture):
                raise self._undecodable(index)
            self._decoded += 1
        image = self._retrieve(self._capture, grey)
        if image is None:
            raise self._undecodable(index)
        return image

    def _undecodable(self, index: int) -> UserError:
        self._capture = None
        return UserError(f"Frame {index + 1} of {printable(str(self.path))} cannot be decoded: re-encode the video.")

    def sample(self, indices: NDArray[np.int64]) -> list[NDArray[np.uint8]]:
        """Return the grey frames at ascending indices for a first look at the face: fast where seeking is exact.

        Raises
        ------
        UserError : naming the frame that cannot be decoded.
        """
        index = self._index
        with kept_noise():
            sought = None if index.broken or not index.stamped else self._sought(indices)
            return [self._picture(int(i), True) for i in indices] if sought is None else sought

    def _sought(self, indices: NDArray[np.int64]) -> list[NDArray[np.uint8]] | None:
        """Return frames by seeking; None as soon as a time stamp tells that a seek went to another frame, or nowhere.

        MPEG transport streams have no index, so that a seek in them may miss by many frames.
        """
        capture, images = self._open(), []
        if not capture.grab():
            return None
        start = capture.get(cv2.CAP_PROP_POS_MSEC)
        for index in indices:
            capture.set(cv2.CAP_PROP_POS_FRAMES, int(index))
            image = self._retrieve(capture, True) if capture.grab() else None
            time = (capture.get(cv2.CAP_PROP_POS_MSEC) - start) / 1000
            if image is None or not abs(time - self._index.times[index]) < _EXACT:
                return None
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
            raise UserError(f"The video {printable(str(self.path))} does not exist: check the path.")
        return self.path

    def _open(self) -> cv2.VideoCapture:
        return open_capture(self.path)
