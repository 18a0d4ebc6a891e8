"""The lists of AffectNet: which picture has which label.

Conventions
-----------
A list is read line by line; of the landmarks, which fill most of it, nothing is kept.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mebench.datasets.policies import Errata
from mebench.errors import UserError

COLUMNS = (
    "subDirectory_filePath",
    "face_x",
    "face_y",
    "face_width",
    "face_height",
    "facial_landmarks",
    "expression",
    "valence",
    "arousal",
)
"""The columns of a list that does not name them."""


class Row(NamedTuple):
    """One picture, and its label by number."""

    path: str
    expression: int
    valence: float
    arousal: float


def rows_of(path: Path, errata: Errata) -> Iterator[Row]:
    """Yield the rows of a list, with a header or without.

    Raises
    ------
    UserError : for a list that cannot be read or lacks a column, and for a row whose numbers are none.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file)
            first = next(lines, [])
            names = [name.strip().lower() for name in first]
            headed = COLUMNS[0].lower() in names
            if not headed:
                errata.add("no_header", path.name, "read as with the release's columns", f"{len(first)} columns")
            places = _places(path, names if headed else [name.lower() for name in COLUMNS])
            for number, cells in enumerate([] if headed else [first], 1):
                yield _row(path, number, cells, places)
            for cells in lines:
                if cells:
                    yield _row(path, lines.line_num, cells, places)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path} cannot be read as a list of AffectNet ({error}): unpack it again.") from error


_WANTED = (COLUMNS[0], "expression", "valence", "arousal")


def _places(path: Path, names: list[str]) -> tuple[int, ...]:
    if lacking := [name for name in _WANTED if name.lower() not in names]:
        raise UserError(f"{path} has no column {lacking[0]}: unpack the list again from the release.")
    return tuple(names.index(name.lower()) for name in _WANTED)


def _row(path: Path, number: int, cells: list[str], places: tuple[int, ...]) -> Row:
    try:
        file, expression, valence, arousal = (cells[place].strip() for place in places)
        return Row(file.replace("\\", "/"), int(float(expression)), float(valence), float(arousal))
    except (IndexError, ValueError) as error:
        raise UserError(f"Line {number} of {path} is no row of AffectNet ({error}): unpack the list again.") from error
