"""Frames of a folder with one image file each.

Conventions
-----------
Frame *numbers* are those in the file names, 1-based as in the annotations; *indices* are 0-based, index = number - 1.
Nothing is decoded before it is asked for, and no more than that is held.
"""

from __future__ import annotations

import copy
import functools
import itertools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.content import FromFiles, KnownContent, Progress, digest_of_files
from mebench.frames.pixels import check_range, opencv_name
from mebench.settings import digest_of

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp"})
LONGEST_GAP, HIGHEST_BEGIN, HIGHEST_NUMBER = 1_000, 100_000, 10**12
"""Frames in a row that may lack a file, and before the first file, and a number; more is a stray or misread number."""

_LAST_INTEGER = re.compile(r"([0-9]+)\D*$")


class FolderFrames(FromFiles):
    """A folder with one image per frame, numbered by the last group of digits in each file's stem.

    Parameters
    ----------
    folder : folder of jpg, png or bmp files; padding of the numbers does not matter.
    count : number of frames of the video when known from elsewhere, else the highest number found.
    first : the file number of index 0; None takes the lowest number found.

    Raises
    ------
    UserError : on first use, when the folder is missing, holds no numbered image, has one number twice, or lacks too
        many frames in a row.
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
        files = dict(sorted(found.items()))
        self._check_gaps(files)
        return files

    def _check_gaps(self, files: Mapping[int, str]) -> None:
        """Refuse numbers that no video has, before frames without a file are filled in for them."""
        numbers = list(files)
        if numbers[0] > HIGHEST_NUMBER or (self._first is not None and numbers[0] - self._first > HIGHEST_BEGIN):
            raise UserError(
                f"{self.folder / files[numbers[0]]} is the first frame, of number {numbers[0]}: renumber the frames "
                f"from {1 if self._first is None else self._first}."
            )
        for before, after in itertools.pairwise(numbers):
            if after - before - 1 > LONGEST_GAP:
                raise UserError(
                    f"{self.folder} has no frames between {files[before]} and {files[after]}, more than {LONGEST_GAP} "
                    "in a row: put the missing frames there, or take the file away that does not belong."
                )

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

    def _again(self) -> Self:
        """Return the same source without what it knows of the folder."""
        again = copy.copy(self)
        for name in ("files", "names", "missing"):
            again.__dict__.pop(name, None)
        return again

    def _read_content(self, known: KnownContent | None, progress: Progress | None) -> str:
        now = self._again()
        paths = [now.folder / name for name in now.files.values()]
        content = known.digest(now.folder, paths, progress) if known else digest_of_files(paths, progress)
        return digest_of(type(now).__name__, now.base, len(now), content)

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
        image = cv2.imread(opencv_name(path), cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR)
        if image is None:
            raise UserError(f"The frame {path} cannot be read as an image: restore or remove it.")
        return image.astype(np.uint8, copy=False)
