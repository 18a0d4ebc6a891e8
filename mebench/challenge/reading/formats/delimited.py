"""Tables of strangers: comma, semicolon or tab; headers in any case and order; blanks around cells.

Conventions
-----------
A table is read under the layout whose columns come nearest to its header, and every difference is a problem. A cell may
stand in double quotes but may not hold a line break. In a column of numbers a cell `0,9` is 0.9: where commas part the
cells, it stands in quotes.
"""

from __future__ import annotations

import csv
import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.safety.plain import plain_text
from mebench.errors import did_you_mean
from mebench.schema.problems import quoted
from mebench.schema.tables import read_cells

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}

_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]*),([0-9]+(?:[eE][+-]?[0-9]+)?)")
_HEADER_SHOWN = 80
_NOT_TEXT = "\N{REPLACEMENT CHARACTER}"
_PADDED = {d: re.compile(rf"(?:^|[{d}])[^\S\n{d}]|[^\S\n{d}](?:[{d}]|$)", re.MULTILINE) for d in DELIMITERS}
"""A blank at either end of a cell."""


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
    numeric : whether its cells are numbers, which may have a decimal comma.
    """

    name: str
    read: Callable[[str], Any]
    key: str = ""
    required: bool = True
    topic: str = ""
    quiet: frozenset[str] = frozenset()
    numeric: bool = False


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
    if not any(layout.column(word) for word in header):
        _refuse_header(file, first + 1, lines[first], layout, findings)
        return None
    if not _check_header(file, first + 1, header, layout, findings):
        return None
    if delimiter != ",":
        findings.note(f"{DELIMITERS[delimiter]} were read as commas", file.name)
    cells, numbers = _split(file, lines, first + 1, delimiter, header, findings)
    columns: dict[str, list[Any]] = {}
    for word, values in zip(header, cells, strict=True):
        if (column := layout.column(word)) is not None:
            key = word if column.name.endswith("*") else column.key or column.name
            if column.numeric:
                values = _with_points(values, findings)
            columns[key] = _read_column(file, word, column, values, numbers, findings)
    return Rows(layout.name, numbers, columns)


def _nearest(line: str, layouts: Sequence[Layout]) -> tuple[str, list[str], Layout]:
    """Return the delimiter, header and layout that fit best; where no word is known, the delimiter that parts most."""
    headers = {d: _header(line, d) for d in DELIMITERS if d in line} or {",": _header(line, ",")}
    tries = [(delimiter, header, layout) for delimiter, header in headers.items() for layout in layouts]
    if not any(layout.column(word) for _, header, layout in tries for word in header):
        return max(tries, key=lambda t: len(t[1]))
    return min(tries, key=lambda t: (*t[2].misfits(t[1]), -len(t[1])))


def _header(line: str, delimiter: str) -> list[str]:
    words = [cell.strip().strip('"').strip().lower() for cell in line.split(delimiter)]
    while len(words) > 1 and not words[-1]:
        words.pop()
    return ["_".join(word.replace("-", " ").split()) for word in words]


def _refuse_header(file: DataFile, line: int, text: str, layout: Layout, findings: Findings) -> None:
    """Add the problem of a header of which no word is known; what is not UTF-8 has been told already."""
    if _NOT_TEXT not in text:
        names = ",".join(column.name for column in layout.columns)
        findings.problem(file.name, line, "", f"the header {names}", text.strip(), "header")


def _check_header(file: DataFile, line: int, header: list[str], layout: Layout, findings: Findings) -> bool:
    """Add the problems of a header; return whether the rows can be read all the same."""
    names = [column.name for column in layout.columns]
    readable = True
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
    file: DataFile, lines: Sequence[str], start: int, delimiter: str, header: Sequence[str], findings: Findings
) -> tuple[Sequence[Sequence[str]], list[int]]:
    """Split the lines after the header and keep those of the right number: stripped cells by column, and line numbers.

    Lines are split one by one only where a quick look finds something.
    """
    width = len(header)
    if (quick := _split_plain(lines[start:], delimiter, width)) is not None:
        return quick, list(range(start + 1, start + 1 + len(quick[0])))
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
            expected = f"{width} cells, as the header {plain_text(','.join(header), _HEADER_SHOWN)} has"
            findings.problem(file.name, number + 1, "", expected, f"{len(cells)}", "ragged")
    if blank:
        findings.note("blanks around cells were removed", f"{blank} in {file.name}")
    return list(zip(*rows, strict=True)) if rows else [()] * width, numbers


def _split_plain(lines: Sequence[str], delimiter: str, width: int) -> list[list[str]] | None:
    """Return the columns of lines without quotes, blanks and gaps, in one go, or None when there is anything else."""
    body = list(lines)
    while body and not body[-1]:
        body.pop()
    if {line.count(delimiter) for line in body} != {width - 1}:
        return None
    text = "\n".join(body)
    has_blanks = not text.isascii() or " " in text or (delimiter != "\t" and "\t" in text)
    if '"' in text or delimiter * (width - 1) in body or (has_blanks and _PADDED[delimiter].search(text)):
        return None
    cells = delimiter.join(body).split(delimiter)
    return [cells[i::width] for i in range(width)]


def _cells(file: DataFile, number: int, line: str, delimiter: str, findings: Findings) -> list[str]:
    try:
        (row,) = csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True)
    except (csv.Error, ValueError):
        findings.problem(file.name, number, "", "closed quotes", line, "quote")
        return []
    return row


def _with_points(cells: Sequence[str], findings: Findings) -> Sequence[str]:
    """Return the cells of a column of numbers with decimal points."""
    if not any("," in cell for cell in cells):
        return cells
    pointed = [_DECIMAL_COMMA.sub(r"\1.\2", cell) if _DECIMAL_COMMA.fullmatch(cell) else cell for cell in cells]
    if changed := next((pair for pair in zip(cells, pointed, strict=True) if pair[0] != pair[1]), None):
        findings.note("decimal commas were read as points", f"{quoted(changed[0])} as {changed[1]}")
    return pointed


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
