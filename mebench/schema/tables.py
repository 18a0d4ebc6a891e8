"""Reading and writing small CSV tables without pandas: fast when all is well, exact about everything that is not.

Conventions
-----------
UTF-8, comma, one header line, columns in any order. Cells are stripped of surrounding blanks. A frame number may be
written as `12` or `12.0`. An unknown column, a missing column, a ragged line and a cell that cannot be read are all
problems; every one of them is collected before anything is raised.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.errors import UserError, did_you_mean
from mebench.schema import workbooks
from mebench.schema.files import read_bounded
from mebench.schema.problems import Problem, quoted, refuse

LARGEST_FRAME = 10**9
"""No recording has more frames; a larger number in a table is a slip."""

LONGEST_TEXT = 500
"""No id, emotion or action-unit string is longer; a longer cell is a slip."""


class Unreadable(ValueError):
    """A cell that cannot be read; the message says what was expected.

    Attributes
    ----------
    kind : under which the problem is counted.
    """

    def __init__(self, expected: str, kind: str = "") -> None:
        super().__init__(expected)
        self.kind = kind or f"not {expected}"


def text(cell: str) -> str:
    """Return a cell as text.

    Raises
    ------
    Unreadable : for more than 500 characters or for control characters.
    """
    if len(cell) > LONGEST_TEXT or not (cell.isprintable()):
        raise Unreadable(f"printable text of at most {LONGEST_TEXT} characters")
    return cell


def name(cell: str) -> str:
    """Return a cell as an id, which may not be empty."""
    if not cell:
        raise Unreadable("an id")
    return text(cell)


def frame(cell: str) -> int:
    """Return a cell as a frame number from 0 to 1e9, `12.0` being 12."""
    number = _number(cell, "a whole frame number")
    if not number.is_integer() or not 0 <= number <= LARGEST_FRAME:
        raise Unreadable("a whole frame number")
    return int(number)


def any_frame(cell: str) -> int:
    """Return a cell as a frame number from -1e9 to 1e9: predictions may begin before frame 1, the first of a video."""
    number = _number(cell, "a whole frame number")
    if not number.is_integer() or abs(number) > LARGEST_FRAME:
        raise Unreadable("a whole frame number")
    return int(number)


def number_or_nan(cell: str) -> float:
    """Return a cell as a finite number, or NaN when it is empty or says `nan`."""
    if cell.lower() in ("", "nan"):
        return math.nan
    number = _number(cell, "a finite number")
    if not math.isfinite(number):
        raise Unreadable("a finite number")
    return number


def positive(cell: str) -> float:
    """Return a cell as a finite number above 0."""
    number = _number(cell, "a number above 0")
    if not (math.isfinite(number) and number > 0):
        raise Unreadable("a number above 0")
    return number


def _number(cell: str, expected: str) -> float:
    try:
        if "_" in cell or not cell.isascii():
            raise ValueError
        return float(cell)
    except ValueError as error:
        raise Unreadable(expected) from error


def plain_numbers(cells: Sequence[str]) -> list[float] | None:
    """Return cells as finite numbers, or None when any of them is anything else."""
    joined = "".join(cells)
    if "_" in joined or not joined.isascii():
        return None
    try:
        numbers = list(map(float, cells))
    except ValueError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


@dataclasses.dataclass(frozen=True)
class Column:
    """One column: how a cell is read, and what stands for it where the whole column is absent.

    Attributes
    ----------
    name : the header's word.
    read : turns a stripped cell into a value, or raises `Unreadable`.
    default : value of every row when the column is absent; `REQUIRED` when it must be there.
    bulk : reads many cells at one go, or returns None when any of them needs `read`.
    """

    name: str
    read: Callable[[str], Any]
    default: Any
    bulk: Callable[[Sequence[str]], list[Any] | None] | None = None


REQUIRED: Any = object()
"""Default of a column that must be there."""


@dataclasses.dataclass(frozen=True)
class Table:
    """A table as read.

    Attributes
    ----------
    file : its name, for messages.
    lines : line number of each row.
    columns : the values of each column, defaults filled in.
    present : names of the columns that the file has.
    """

    file: str
    lines: Sequence[int]
    columns: Mapping[str, list[Any]]
    present: frozenset[str]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    def problem(self, row: int, column: str, expected: str, kind: str, found: object = None) -> Problem:
        """Return a problem with one cell; `found` is the cell's value when it is not given."""
        value = self.columns[column][row] if found is None else found
        return Problem(self.file, self.lines[row], column, expected, quoted(value), kind)


def read_table(
    path: Path, columns: Sequence[Column], *, header: Sequence[str] | None = None, encoding: str = "utf-8"
) -> tuple[Table, list[Problem]]:
    """Read a table and collect what is wrong with it.

    Parameters
    ----------
    path : the file.
    columns : every column that is known.
    header : the columns of a file that has no header line; rows of empty cells are then passed over.
    encoding : of the text, by a name that Python knows; a mark at the beginning of UTF-8 is passed over.

    Returns
    -------
    The table and its problems; cells with problems hold None, so the caller may add problems of its own and must
    raise them all with `refuse`.

    Raises
    ------
    UserError : when the file does not exist or cannot be opened.
    InvalidTable : when the text or the header is such that no row can be read.
    """
    rows, lines = _rows(path, encoding)
    if not rows:
        refuse(
            [Problem(path.name, 1, "", f"the header {','.join(c.name for c in columns)}", "an empty file", "header")]
        )
    if header is None:
        names, rows, lines = [cell.strip() for cell in rows[0]], rows[1:], lines[1:]
    else:
        names = list(header)
        filled = [i for i, row in enumerate(rows) if any(map(str.strip, row))]
        rows, lines = [rows[i] for i in filled], [lines[i] for i in filled]
    _check_header(path.name, names, columns)
    body, body_lines, problems = _regular(path.name, rows, lines, len(names))
    values: dict[str, list[Any]] = {}
    for column in columns:
        if column.name in names:
            raw = list(map(operator.itemgetter(names.index(column.name)), body))
            values[column.name] = _read_column(path.name, column, raw, body_lines, problems)
        else:
            values[column.name] = [column.default] * len(body)
    return Table(path.name, body_lines, values, frozenset(names)), problems


def repeated(table: Table, columns: Sequence[str]) -> list[Problem]:
    """Return the rows whose cells in some columns stand in an earlier row already."""
    seen: set[tuple[Any, ...]] = set()
    problems = []
    for row, key in enumerate(zip(*(table.columns[column] for column in columns), strict=True)):
        if key in seen and None not in key:
            problems.append(table.problem(row, columns[-1], f"each {columns[-1]} once", "twice", "/".join(key)))
        seen.add(key)
    return problems


def _rows(path: Path, encoding: str) -> tuple[list[list[str]], list[int]]:
    try:
        content = read_bounded(path)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check the name of the file.") from error
    if workbooks.is_workbook(content):
        refuse([Problem(path.name, 0, "", workbooks.EXPECTED, workbooks.FOUND, workbooks.KIND)])
    try:
        decoded = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, found = content.count(b"\n", 0, error.start) + 1, f"the byte 0x{content[error.start]:02x}"
        refuse([Problem(path.name, line, "", f"text in {encoding.upper()}", found, "encoding")])
    reader = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        found = f"a line that cannot be split ({error})"
        refuse([Problem(path.name, reader.line_num, "", "comma-separated values", found, "csv")])
    if not all(rows):
        lines = [line for row, line in zip(rows, lines, strict=True) if row]
        rows = [row for row in rows if row]
    return rows, lines


def _check_header(file: str, header: list[str], columns: Sequence[Column]) -> None:
    known = [column.name for column in columns]
    problems = [
        Problem(file, 1, column.name, f"a column {column.name}", "none" + _hint(column.name, header), "header")
        for column in columns
        if column.default is REQUIRED and column.name not in header
    ]
    for i, cell in enumerate(header):
        if cell not in known:
            expected = f"one of the columns {', '.join(known)}"
            problems.append(
                Problem(file, 1, "", expected, quoted(cell) + did_you_mean(cell, known).split(" Known")[0], "header")
            )
        elif cell in header[:i]:
            problems.append(Problem(file, 1, cell, "each column once", "it twice", "header"))
    refuse(problems)


def _hint(name: str, header: list[str]) -> str:
    other = [cell for cell in header if cell.lower().replace(" ", "_") == name]
    return f" (there is {quoted(other[0])})" if other else ""


def _regular(
    file: str, rows: list[list[str]], lines: list[int], width: int
) -> tuple[list[list[str]], list[int], list[Problem]]:
    """Keep the rows that have as many cells as the header."""
    if set(map(len, rows)) <= {width}:
        return rows, lines, []
    problems = [
        Problem(file, line, "", f"{width} cells, as the header has", f"{len(row)}", "ragged")
        for row, line in zip(rows, lines, strict=True)
        if len(row) != width
    ]
    kept = [(row, line) for row, line in zip(rows, lines, strict=True) if len(row) == width]
    return [row for row, _ in kept], [line for _, line in kept], problems


def _read_column(
    file: str, column: Column, cells: Sequence[str], lines: Sequence[int], problems: list[Problem]
) -> list[Any]:
    """Read a column of numbers at one go where it can be; else every distinct cell once."""
    if column.bulk is not None and (quick := column.bulk(cells)) is not None:
        return quick
    known, wrong = read_cells(cells, column.read)
    if wrong:
        problems += [
            Problem(file, line, column.name, str(wrong[cell]), quoted(cell), wrong[cell].kind)
            for cell, line in zip(cells, lines, strict=True)
            if cell in wrong
        ]
    return [known[cell] for cell in cells]


def read_cells(cells: Iterable[str], read: Callable[[str], Any]) -> tuple[dict[str, Any], dict[str, Unreadable]]:
    """Read every distinct cell once: columns of long tables hold few distinct values.

    Parameters
    ----------
    cells : as they stand, in any number.
    read : turns a stripped cell into a value, or raises `Unreadable`.

    Returns
    -------
    The value of each cell, None where it cannot be read, and why those cannot, in the order of their first standing.
    """
    known: dict[str, Any] = {}
    wrong: dict[str, Unreadable] = {}
    for cell in dict.fromkeys(cells):
        try:
            known[cell] = read(cell.strip())
        except Unreadable as error:
            known[cell], wrong[cell] = None, error
    return known, wrong


def format_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a CSV text whose lines end in a line feed; floats are written with `repr`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
