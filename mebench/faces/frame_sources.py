"""Where the frames of a video come from: a folder of images, a video file, or an array.

Conventions
-----------
Frame *numbers* are those in the file names, 1-based as in the annotations; *indices* are 0-based, index = number - 1.
Grey frames are uint8 (n, height, width), colour frames uint8 (n, height, width, 3) in BGR. Nothing is decoded before
it is asked for, and no more than that is held.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.settings import digest_of

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp"})
VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mov", ".mkv", ".m4v", ".webm", ".wmv", ".mpg", ".mpeg"})
_LAST_INTEGER = re.compile(r"([0-9]+)\D*$")


def open_frames(path: Path | str) -> FolderFrames | VideoFrames:
    """Open a stranger's folder of images or video file.

    Raises
    ------
    UserError : when there is nothing of that name.
    """
    path = Path(path)
    if path.is_dir():
        return FolderFrames(path, first=None)
    if path.is_file():
        return VideoFrames(path)
    raise UserError(f"There is neither a folder nor a video at {path}: check the path.")


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


class FolderFrames:
    """A folder with one image per frame, numbered by the last group of digits in each file's stem.

    Parameters
    ----------
    folder : folder of jpg, png or bmp files; padding of the numbers does not matter.
    count : number of frames of the video when known from elsewhere, else the highest number found.
    first : the file number of index 0; None takes the lowest number found.

    Raises
    ------
    UserError : on first use, when the folder is missing, holds no numbered image, or has one number twice.
    """

    pattern = _LAST_INTEGER

    def __init__(self, folder: Path | str, *, count: int | None = None, first: int | None = 1) -> None:
        self.folder = Path(folder)
        self._count = count
        self._first = first

    @functools.cached_property
    def files(self) -> Mapping[int, str]:
        """File names by frame number, in ascending order of number."""
        if not self.folder.is_dir():
            raise UserError(f"The folder of frames {self.folder} does not exist: check the path.")
        found = self._numbered(
            name for name in os.listdir(self.folder) if os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES
        )
        if not found:
            raise UserError(f"{self.folder} holds no numbered jpg, png or bmp files: give a folder with frames.")
        if self._first is not None and min(found) < self._first:
            raise UserError(f"{self.folder / found[min(found)]} is numbered below {self._first}: renumber the frames.")
        return dict(sorted(found.items()))

    def _numbered(self, names: Any) -> dict[int, str]:
        found: dict[int, str] = {}
        for name in sorted(names):
            match = self.pattern.search(os.path.splitext(name)[0])
            if match is None:
                continue
            number = int(match.group(match.lastindex or 0))
            if number in found:
                raise UserError(
                    f"{self.folder} holds frame {number} twice ({found[number]} and {name}): remove one of them."
                )
            found[number] = name
        return found

    @functools.cached_property
    def names(self) -> list[str]:
        """The file of every index; a missing number takes the nearest earlier file, or the first one."""
        numbers = np.array(list(self.files), dtype=np.int64)
        names = list(self.files.values())
        base = self.base
        stop = base + self._count if self._count is not None else int(numbers[-1]) + 1
        nearest = np.searchsorted(numbers, np.arange(base, stop), side="right") - 1
        return [names[max(i, 0)] for i in nearest]

    @property
    def base(self) -> int:
        """The file number of index 0."""
        return self._first if self._first is not None else next(iter(self.files))

    @functools.cached_property
    def missing(self) -> tuple[int, ...]:
        """Frame numbers that have no file and show the nearest earlier frame instead."""
        return tuple(number for number in range(self.base, self.base + len(self)) if number not in self.files)

    @functools.cached_property
    def digest(self) -> str:
        """Sha256 of every file's name, size and time of modification, and of the number of frames."""
        with os.scandir(self.folder) as entries:
            stats = {entry.name: entry.stat() for entry in entries if entry.is_file()}
        rows = [[name, stats[name].st_size, stats[name].st_mtime_ns] for name in self.files.values()]
        return digest_of(type(self).__name__, self.base, len(self), rows)

    def __len__(self) -> int:
        """Return the number of frames, those without a file included."""
        return len(self.names)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode frames `start <= i < stop`; see `FrameSource.read`.

        Raises
        ------
        UserError : naming the file that cannot be decoded or differs in size from the first one asked for.
        """
        check_range(start, stop, len(self))
        out: NDArray[np.uint8] | None = None
        image: NDArray[np.uint8] | None = None
        for i in range(start, stop):
            if image is None or self.names[i] != self.names[i - 1]:
                image = self._decode(self.names[i], grey)
            if out is None:
                out = np.empty((stop - start, *image.shape), np.uint8)
            if image.shape != out.shape[1:]:
                raise UserError(
                    f"{self.folder / self.names[i]} is {image.shape[1]}x{image.shape[0]}, unlike the frames before it: "
                    "keep frames of one size in a folder."
                )
            out[i - start] = image
        return out if out is not None else np.empty((0, 0, 0) if grey else (0, 0, 0, 3), np.uint8)

    def _decode(self, name: str, grey: bool) -> NDArray[np.uint8]:
        path = self.folder / name
        image = cv2.imread(_opencv_name(path), cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR)
        if image is None:
            raise UserError(f"The frame {path} cannot be read as an image: restore or remove it.")
        return image.astype(np.uint8, copy=False)


def _opencv_name(path: Path) -> str:
    """Return a path the way OpenCV takes it, which crashes on a name that is no UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise UserError(f"The name of {path} is not UTF-8, which OpenCV cannot open: rename the file.") from error
    return str(path)


class VideoFrames:
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

    @functools.cached_property
    def digest(self) -> str:
        """Sha256 of the file's size, first MiB and last MiB."""
        mebibyte = 1 << 20
        with self._file_checked().open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(mebibyte)
            file.seek(max(size - mebibyte, 0))
            return hashlib.sha256(f"{size}:".encode() + head + file.read()).hexdigest()

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
        capture = cv2.VideoCapture(_opencv_name(self._file_checked()))
        if not capture.isOpened():
            raise UserError(
                f"{self.path} cannot be opened as a video: give a file that OpenCV can decode, such as mp4."
            )
        return capture


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
