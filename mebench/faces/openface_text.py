"""The cells of an OpenFace table, by column, each with the line that it stands in.

Conventions
-----------
Lines are numbered as an editor does, the header being line 1. Empty lines are passed over. Commas, semicolons and tabs
part cells; where no comma does, a decimal comma is read as a point. Column names keep their case: OpenFace tells `x_0`
from `X_0`.
"""

from __future__ import annotations

import csv
import dataclasses
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.openface_notes import TableNote
from mebench.schema.files import read_bounded

_DELIMITERS = {";": "semicolons", "\t": "tabs"}
_NO_NUMBER = re.compile(r"[+-]?(nan(\(\w*\))?|inf(inity)?|1\.#\w+|n/?a|none|null)?", re.IGNORECASE)
"""How programs write what is no number: `-nan(ind)` and `1.#QNAN` are Microsoft's, an empty cell is pandas'."""
_SHOWN = 20


@dataclasses.dataclass(frozen=True)
class Cells:
    """The wanted columns of a table.

    Attributes
    ----------
    path : the file.
    lines : line of each row.
    columns : texts of each wanted column that the table has, stripped.
    notes : what was unusual about the text.
    """

    path: Path
    lines: NDArray[np.int64]
    columns: dict[str, list[str]]
    notes: tuple[TableNote, ...] = ()

    def rows(self, chosen: NDArray[np.int64]) -> Cells:
        """Return some of the rows, by index."""
        columns = {name: [cells[i] for i in chosen] for name, cells in self.columns.items()}
        return dataclasses.replace(self, lines=self.lines[chosen], columns=columns)

    def numbers(self, name: str, used: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Return a column as numbers, NaN and infinities included; cells of rows that are not used may hold anything.

        Raises
        ------
        UserError : for a cell that no program writes for a number, naming file, line and column.
        """
        cells = self.columns[name]
        try:
            return np.array(cells, dtype=np.float64)
        except ValueError:
            values = [_number(cell) for cell in cells]
        for i, value in enumerate(values):
            if value is None and (used is None or used[i]):
                raise self.refusal(i, name, f"holds {cells[i][:_SHOWN]!r}, which is no number")
        return np.array([math.nan if value is None else value for value in values], dtype=np.float64)

    def refusal(self, row: int, name: str, problem: str) -> UserError:
        """Return the error that one cell gives."""
        return UserError(f"{self.path}, line {self.lines[row]}, column {name} {problem}: extract the table again.")


def _number(cell: str) -> float | None:
    if _NO_NUMBER.fullmatch(cell):
        return math.nan
    try:
        return float(cell)
    except ValueError:
        return None


def read_cells(path: Path, wanted: Callable[[str], bool]) -> Cells:
    """Read the columns of a table whose names are wanted.

    Raises
    ------
    UserError : when the file cannot be read, is no text, is empty, has a row that does not fit its header, or a wanted
        column twice.
    """
    lines = _text(path).splitlines()
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise UserError(f"{path} is empty: extract the table again.")
    delimiter = next((mark for mark in _DELIMITERS if mark in numbered[0][1]), ",")
    header = _split(numbered[0][1], delimiter)
    places = _places(path, header, wanted)
    columns: dict[str, list[str]] = {name: [] for name in places}
    wide = len(header)
    front = max((place for place in places.values() if 2 * place < wide), default=-1) + 1
    back = wide - min((place for place in places.values() if place >= front), default=wide)
    for number, line in numbered[1:]:
        cells = _ends(line, delimiter, front, back)
        if len(cells) != wide:
            raise UserError(
                f"{path}, line {number} has {len(cells)} cells where the header has {wide}: extract the table again."
            )
        for name, place in places.items():
            columns[name].append(cells[place].strip())
    notes = [TableNote.of("delimiter", _DELIMITERS[delimiter])] if delimiter in _DELIMITERS else []
    notes += _without_decimal_commas(columns)
    return Cells(path, np.array([number for number, _ in numbered[1:]], dtype=np.int64), columns, tuple(notes))


def _text(path: Path) -> str:
    try:
        data = read_bounded(path)
    except FileNotFoundError:
        raise UserError(f"The OpenFace table {path} does not exist: check the path.") from None
    except OSError as error:
        raise UserError(f"The OpenFace table {path} cannot be read ({error.strerror}): check the path.") from error
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeError:
        text = "\0"
    if "\0" in text:
        raise UserError(f"{path} is no text, so it is no OpenFace table: give the CSV file that OpenFace wrote.")
    return text


def _split(line: str, delimiter: str) -> list[str]:
    if '"' in line:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    return line.split(delimiter)


def _ends(line: str, delimiter: str, front: int, back: int) -> list[str]:
    """Return the cells of a line of which the first `front` and the last `back` are read, those between left empty.

    Hundreds of landmarks stand between the few columns that are wanted.
    """
    count = line.count(delimiter) + 1
    if '"' in line or count <= front + back:
        return _split(line, delimiter)
    first, last = line.split(delimiter, front)[:front], line.rsplit(delimiter, back)[1:] if back else []
    return [*first, *[""] * (count - front - back), *last]


def _places(path: Path, header: list[str], wanted: Callable[[str], bool]) -> dict[str, int]:
    names = [name.strip() for name in header]
    places = {name: place for place, name in enumerate(names) if wanted(name)}
    if twice := [name for name in places if names.count(name) > 1]:
        raise UserError(f"{path} has the column {twice[0]} twice: extract the table again.")
    return places


def _without_decimal_commas(columns: dict[str, list[str]]) -> list[TableNote]:
    """Turn decimal commas into points, and note how many there were."""
    count = 0
    for name, cells in columns.items():
        if with_comma := sum("," in cell for cell in cells):
            columns[name] = [cell.replace(",", ".") for cell in cells]
            count += with_comma
    return [TableNote.of("decimal_comma", f"{count} cells")] if count else []
