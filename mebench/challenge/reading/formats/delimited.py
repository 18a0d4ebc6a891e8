"""Tables of strangers: comma, semicolon or tab; headers in any case and order; blanks around cells.

Conventions
-----------
A table is read under the layout whose columns come nearest to its header, and every difference is a problem. A cell may
stand in double quotes but may not hold a line break.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.formats.files import DataFile
from mebench.errors import did_you_mean
from mebench.schema.problems import quoted
from mebench.schema.tables import read_cells

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclasses.dataclass(frozen=True)
class Column:
    """One column of a layout.

    Attributes
    ----------
    name : the header's word; a trailing `*` stands for any ending, as in `p_*`.
    read : turns a stripped cell into a value, or raises `Unreadable`.
    key : name under which the values are handed on; the column's own when empty.
    required : whether the column must be there.
    topic : begins a note on cells that were read as another spelling; without one there is no note.
    quiet : spellings that are the format's own and get no note.
    """

    name: str
    read: Callable[[str], Any]
    key: str = ""
    required: bool = True
    topic: str = ""
    quiet: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class Layout:
    """A named set of columns."""

    name: str
    columns: Sequence[Column]

    def column(self, header: str) -> Column | None:
        """Return the column that a header's word means."""
        for column in self.columns:
            stem = column.name.removesuffix("*")
            if header == column.name or (stem != column.name and header.startswith(stem) and header != stem):
                return column
        return None

    def misfits(self, header: Sequence[str]) -> tuple[int, int]:
        """Return a measure of distance: minus the known columns, then the missing and unknown ones."""
        known = sum(self.column(word) is not None for word in header)
        missing = sum(column.required and column.name not in header for column in self.columns)
        return -known, missing + len(header) - known


@dataclasses.dataclass(frozen=True)
class Rows:
    """A table as read; cells with problems are None.

    Attributes
    ----------
    layout : name of the layout.
    lines : line of each row.
    columns : the values by key.
    """

    layout: str
    lines: list[int]
    columns: dict[str, list[Any]]


def read_delimited(file: DataFile, lines: Sequence[str], layouts: Sequence[Layout], findings: Findings) -> Rows | None:
    """Read a table, or return None after adding the problems of its header."""
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    delimiter, header, layout = _nearest(lines[first], layouts)
    if delimiter != ",":
        findings.note(f"{DELIMITERS[delimiter]} were read as commas", file.name)
    if not _check_header(file, first + 1, header, layout, findings):
        return None
    rows, numbers = _split(file, lines, first + 1, delimiter, len(header), findings)
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    columns: dict[str, list[Any]] = {}
    for word, values in zip(header, cells, strict=True):
        if (column := layout.column(word)) is not None:
            key = word if column.name.endswith("*") else column.key or column.name
            columns[key] = _read_column(file, word, column, values, numbers, findings)
    return Rows(layout.name, numbers, columns)


def _nearest(line: str, layouts: Sequence[Layout]) -> tuple[str, list[str], Layout]:
    """Return the delimiter, header and layout that fit best; the first of equals."""
    headers = {delimiter: _header(line, delimiter) for delimiter in DELIMITERS}
    tries = [(delimiter, header, layout) for delimiter, header in headers.items() for layout in layouts]
    return min(tries, key=lambda t: (*t[2].misfits(t[1]), -len(t[1])))


def _header(line: str, delimiter: str) -> list[str]:
    words = [cell.strip().strip('"').strip().lower() for cell in line.split(delimiter)]
    while len(words) > 1 and not words[-1]:
        words.pop()
    return ["_".join(word.replace("-", " ").split()) for word in words]


def _check_header(file: DataFile, line: int, header: list[str], layout: Layout, findings: Findings) -> bool:
    """Add the problems of a header; return whether the rows can be read all the same."""
    names = [column.name for column in layout.columns]
    readable = True
    if not any(layout.column(word) for word in header):
        findings.problem(file.name, line, "", f"the header {','.join(names)}", ",".join(header), "header")
        return False
    for column in layout.columns:
        if column.required and column.name not in header:
            findings.problem(file.name, line, column.name, f"a column {column.name}", "none", "header")
            readable = False
    seen = set()
    for word in header:
        if layout.column(word) is None:
            findings.problem(file.name, line, "", f"only the columns {', '.join(names)}", word, "header")
            hint = did_you_mean(word[:100], names) if findings.shows("header") else ""
            findings.hint(hint if "Did you mean" in hint else "")
        elif word in seen:
            findings.problem(file.name, line, word, "each column once", "it twice", "header")
        seen.add(word)
    return readable


def _split(
    file: DataFile, lines: Sequence[str], start: int, delimiter: str, width: int, findings: Findings
) -> tuple[list[list[str]], list[int]]:
    """Split the lines after the header into stripped cells and keep those of the right number."""
    rows, numbers = [], []
    blank = ""
    for number in range(start, len(lines)):
        line = lines[number]
        row = _cells(file, number + 1, line, delimiter, findings) if '"' in line else line.split(delimiter)
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        blank = blank or next((quoted(cell) for cell in row if cell != cell.strip()), "")
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if len(cells) == width:
            rows.append(cells)
            numbers.append(number + 1)
        else:
            findings.problem(file.name, number + 1, "", f"{width} cells", f"{len(cells)}", "ragged")
    if blank:
        findings.note("blanks around cells were removed", f"{blank} in {file.name}")
    return rows, numbers


def _cells(file: DataFile, number: int, line: str, delimiter: str, findings: Findings) -> list[str]:
    try:
        (row,) = csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True)
    except (csv.Error, ValueError):
        findings.problem(file.name, number, "", "closed quotes", line, "quote")
        return []
    return row


def _read_column(
    file: DataFile, word: str, column: Column, cells: Sequence[str], numbers: Sequence[int], findings: Findings
) -> list[Any]:
    """Read the cells of one column, and add notes on other spellings and problems."""
    known, wrong = read_cells(cells, column.read)
    for cell, value in known.items():
        if column.topic and cell not in wrong and str(value) != cell and cell not in column.quiet:
            findings.note(column.topic, f"{quoted(cell)} as {quoted(value)}")
    if wrong:
        for cell, number in zip(cells, numbers, strict=True):
            if cell in wrong:
                findings.problem(file.name, number, word, str(wrong[cell]), cell, wrong[cell].kind)
    return [known[cell] for cell in cells]
