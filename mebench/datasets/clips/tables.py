"""Reading the annotation tables of clip datasets by the names of their columns, of which several spellings exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mebench.datasets.workbook import Table, cell, read_sheets, rows_with_content, text
from mebench.errors import UserError

Columns = Mapping[str, Sequence[str]]
"""Spellings of each column's name by what the loader calls it."""


class Row(NamedTuple):
    """One row of a table: what a message calls it, and its cells by what the loader calls their columns."""

    where: str
    cells: Mapping[str, Any]


def plain(content: Any) -> str:
    """Return a cell's text without blanks, underscores and case, so that `Onset Frame` is `OnsetFrame`."""
    return "".join(text(content).split()).replace("_", "").casefold()


def number_in(content: Any, where: str) -> int:
    """Return the number in an identifier, such as 6 in `006`, `sub06` or the number 6.0.

    Raises
    ------
    UserError : when there is none; `where` names the row.
    """
    digits = re.search(r"[0-9]+", text(content))
    if digits is None:
        raise UserError(f"{where} holds {text(content)!r} where a number of a person should be: mend the workbook.")
    return int(digits[0])


def find_columns(table: Table, needed: Columns, optional: Columns) -> tuple[int, dict[str, int]] | None:
    """Find the row that names every needed column, whatever preamble stands above it.

    Returns
    -------
    (index of the header row, column of each name found), or None when no row names them all.
    """
    for index, row in enumerate(table):
        found = [plain(content) for content in row]
        columns: dict[str, int] = {}
        for name, spellings in {**needed, **optional}.items():
            at = next((found.index(plain(s)) for s in spellings if plain(s) in found), None)
            if at is not None:
                columns[name] = at
        if needed.keys() <= columns.keys():
            return index, columns
    return None


def read_rows(
    path: Path, needed: Columns, optional: Columns | None = None, *, sheets: Sequence[str] = (), every: bool = False
) -> Iterator[Row]:
    """Yield the rows below the header of the first sheet that has one.

    Parameters
    ----------
    path : the workbook.
    needed, optional : spellings of column names; absent optional ones are left out of `Row.cells`.
    sheets : names of sheets to try before the others, compared without case.
    every : read all sheets that have the header, not the first one alone.

    Raises
    ------
    UserError : when the file cannot be read, or no sheet names the needed columns.
    """
    book = read_sheets(path)
    wanted = [name.casefold() for name in sheets]
    order = sorted(book, key=lambda name: name.casefold() not in wanted)
    headers = [(name, header) for name in order if (header := find_columns(book[name], needed, optional or {}))]
    if not headers:
        names = ", ".join(spellings[0] for spellings in needed.values())
        raise UserError(
            f"No sheet of {path} has a row with the column names {names}: copy the workbook again from the release."
        )
    for name, (above, columns) in headers if every else headers[:1]:
        for number, row in rows_with_content(book[name], above + 1):
            where = f"Row {number} of sheet {name} of {path.name}"
            yield Row(where, {field: cell(row, column) for field, column in columns.items()})
