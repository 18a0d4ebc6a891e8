"""Faces that stand as numbers in the lines of a CSV file, read one by one.

Conventions
-----------
A line is found by the byte at which it begins; the file is passed through once, and no pixel is kept.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.frames.content import FromFiles, KnownContent, Progress
from mebench.frames.pixels import as_colour, check_range
from mebench.settings import digest_of

_COLUMNS = ("emotion", "pixels", "usage")


class Line(NamedTuple):
    """Where a face stands and what is said of it; `number` counts the lines of the file from 1, the header's too."""

    number: int
    start: int
    length: int
    column: int
    emotion: str
    part: str


def lines_of(path: Path, errata: Errata) -> Iterator[Line]:
    """Yield the lines of a file whose columns are `emotion`, `pixels` and `Usage`, in any order; empty ones fall out.

    Raises
    ------
    UserError : when it cannot be read, or lacks a column.
    """
    try:
        with path.open("rb") as file:
            header = file.readline()
            names = next(csv.reader([header.decode("utf-8-sig", "replace")]), [])
            places = _places(path, names, errata)
            start = len(header)
            for number, raw in enumerate(file, 2):
                cells = raw.split(b",")
                if len(cells) == len(names):
                    emotion, part = (cells[places[name]].strip(b' "\r\n').decode("ascii", "replace") for name in _SAID)
                    yield Line(number, start, len(raw), places["pixels"], emotion, part)
                elif raw.strip():
                    errata.add("short_line", f"line {number}", "left out", f"{len(cells)} of {len(names)} columns")
                start += len(raw)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): restore it or change its permissions.") from error


_SAID = ("emotion", "usage")


def _places(path: Path, names: list[str], errata: Errata) -> dict[str, int]:
    found = {name.strip().lower(): i for i, name in enumerate(names)}
    if lacking := [name for name in _COLUMNS if name not in found]:
        raise UserError(f"{path} has no column {lacking[0]}: download the file again, with emotion, pixels and Usage.")
    if any(name != name.strip() for name in names):
        errata.add("blank_in_header", path.name, "read without the blanks", ", ".join(map(repr, names)))
    return found


class LineFrames(FromFiles):
    """The face of one line as a video of one frame.

    Parameters
    ----------
    path : the CSV file.
    line : where the face stands.
    side : height and width in pixels.
    """

    def __init__(self, path: Path, line: Line, side: int) -> None:
        self.path = path
        self.line = line
        self.side = side

    def __len__(self) -> int:
        """Return 1."""
        return 1

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode the face; see `FrameSource.read`.

        Raises
        ------
        UserError : naming the line, when it does not hold a grey value for each pixel.
        """
        check_range(start, stop, 1)
        frames = self._picture()[None][start:stop]
        return frames if grey else as_colour(frames)

    def _picture(self) -> NDArray[np.uint8]:
        cell = self._bytes().split(b",")[self.line.column].strip(b' "\r\n')
        try:
            values = np.array(list(map(int, cell.split())), np.int64)
        except ValueError:
            values = np.empty(0, np.int64)
        if len(values) != self.side**2 or values.min() < 0 or values.max() > 255:
            raise UserError(
                f"Line {self.line.number} of {self.path} does not hold {self.side**2} grey values from 0 to 255: "
                "download the file again."
            )
        return values.astype(np.uint8).reshape(self.side, self.side)

    def _read_content(self, known: KnownContent | None, progress: Progress | None) -> str:
        # A line is read faster than a record of it.
        return digest_of("line", self.side, hashlib.sha256(self._bytes()).hexdigest())

    def _bytes(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(self.line.start)
                return file.read(self.line.length)
        except OSError as error:
            raise UserError(f"{self.path} cannot be read ({error.strerror}): put it back.") from error
