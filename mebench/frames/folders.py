"""Frames of a folder with one image file each.

Conventions
-----------
Files are numbered as in the annotations, from `first`, which is 1 unless the folder begins elsewhere. Frame *numbers*
count from 1, *indices* from 0: frame number = index + 1 = the file's number - first + 1. Nothing is decoded before it
is asked for, and no more than that is held.
"""

from __future__ import annotations

import copy
import functools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.content import FromFiles, KnownContent, Progress, digest_of_files
from mebench.frames.names import printable
from mebench.frames.no_frames import instead_of_frames
from mebench.frames.numbering import check_density, check_gaps, check_order, picture_names
from mebench.frames.pixels import check_range
from mebench.frames.stills import decode_picture
from mebench.plain import ranges
from mebench.settings import digest_of

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
    sparse = False
    """Whether most frames may lack a file."""

    def __init__(self, folder: Path | str, *, count: int | None = None, first: int | None = 1) -> None:
        self.folder = Path(folder)
        self._count = count
        self._first = first

    @functools.cached_property
    def files(self) -> Mapping[int, str]:
        """File names by frame number, in ascending order of number."""
        if not self.folder.is_dir():
            raise UserError(f"The folder of frames {printable(str(self.folder))} does not exist: check the path.")
        try:
            names = picture_names(os.listdir(self.folder))
        except OSError as error:
            raise UserError(
                f"{printable(str(self.folder))} cannot be listed ({error.strerror}): check its permissions."
            ) from error
        found = self._numbered(names)
        if not found:
            fix = instead_of_frames(self.folder)
            raise UserError(f"{printable(str(self.folder))} holds no numbered jpg, png or bmp files: {fix}.")
        if self._first is not None and min(found) < self._first:
            name = printable(str(self.folder / found[min(found)]))
            raise UserError(f"{name} is numbered below {self._first}: renumber the frames.")
        files = dict(sorted(found.items()))
        check_gaps(self.folder, files, self._first)
        if not self.sparse:
            check_order(self.folder, files)
            check_density(self.folder, files)
        return files

    def _numbered(self, names: Any) -> dict[int, str]:
        found: dict[int, str] = {}
        for name in sorted(names):
            match = self.pattern.search(os.path.splitext(name)[0])
            if match is None:
                continue
            number = int(match.group(match.lastindex or 0))
            if number in found:
                raise UserError(
                    f"{printable(str(self.folder))} holds frame {number} twice ({printable(found[number])} and "
                    f"{printable(name)}): remove one of them, or number the pictures by frame."
                )
            found[number] = name
        return found

    @functools.cached_property
    def names(self) -> list[str]:
        """The file of every index; a missing number takes the nearest earlier file, or the first one."""
        numbers = np.array(list(self.files), dtype=np.int64)
        names = list(self.files.values())
        first = self.first
        stop = first + self._count if self._count is not None else int(numbers[-1]) + 1
        nearest = np.searchsorted(numbers, np.arange(first, stop), side="right") - 1
        return [names[max(i, 0)] for i in nearest]

    @property
    def first(self) -> int:
        """The file number of frame 1."""
        return self._first if self._first is not None else next(iter(self.files))

    @functools.cached_property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the frames, from 1, that have no file and show the nearest earlier frame instead."""
        files, before = self.files, self.first - 1
        return tuple(number for number in range(1, len(self) + 1) if number + before not in files)

    def notes(self) -> tuple[str, ...]:
        """Return sentences on frames without a file, and on a first frame whose number is not 1."""
        notes, before = [], self.first - 1
        if self.first != 1:
            file = printable(self.names[0])
            notes.append(f"The first frame is {file}: frames bear the numbers of their files, from {self.first} on.")
        if self.missing:
            lost = ranges(number + before for number in self.missing)
            lack = "1 of the frames has no file: it shows the nearest one and counts"
            if len(self.missing) > 1:
                lack = f"{len(self.missing)} of the frames have no file: they show the nearest one and count"
            notes.append(f"{lack} as without a face, {lost}.")
        return tuple(notes)

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
        return digest_of(type(now).__name__, now.first, len(now), content)

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
                image = decode_picture(self.folder / self.names[i], grey)
            if out is None:
                out = np.empty((stop - start, *image.shape), np.uint8)
            if image.shape != out.shape[1:]:
                file = printable(str(self.folder / self.names[i]))
                raise UserError(
                    f"{file} is {image.shape[1]}x{image.shape[0]}, unlike the frames before it: keep frames of one "
                    "size in a folder."
                )
            out[i - start] = image
        return out if out is not None else np.empty((0, 0, 0) if grey else (0, 0, 0, 3), np.uint8)
