"""Annotation workbooks (xlsx and xls), read as text and numbers and nothing else.

Conventions
-----------
A table is a list of rows of cells, the first row of the sheet first, so that `index + 1` is the row number that a
spreadsheet program shows. Cells are text, numbers or empty; identifiers are text in the workbooks, but copies that went
through other programs hold numbers, so `identifier` takes both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType

Table = list[list[Any]]


def read_sheets(path: Path) -> dict[str, Table]:
    """Return every sheet of a workbook by name, in the workbook's order.

    Raises
    ------
    UserError : when the file cannot be read as a workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        raise UserError(f"{path} cannot be read as a workbook ({error}): copy it again from the release.") from error


def text(cell: Any) -> str:
    """Return a cell as text without blanks around it; whole numbers lose their `.0`.

    >>> [text(c) for c in (' 006 ', 4.0, 4.5, None)]
    ['006', '4', '4.5', '']
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def identifier(cell: Any, width: int) -> str:
    """Return an identifier padded with zeros to `width`, whether its cell holds text or a number.

    >>> identifier(6.0, 3), identifier('006', 3), identifier(101, 4)
    ('006', '006', '0101')
    """
    return text(cell).zfill(width)


def frame_number(cell: Any, where: str) -> float | None:
    """Return a frame cell as a number, None when it is empty or a slash.

    Parameters
    ----------
    cell : the cell.
    where : names the row in the error.

    Raises
    ------
    UserError : when the cell holds anything else.
    """
    if isinstance(cell, bool):
        raise UserError(f"{where} holds {cell} where a frame number should be: mend the workbook.")
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    content = text(cell)
    if content.lower() in ("", "/", "nan"):
        return None
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", content):
        raise UserError(f"{where} holds {content!r} where a frame number should be: mend the workbook.")
    return float(content)


def kind_of_expression(cell: Any, where: str) -> ExpressionType:
    """Return the kind that a cell names: `Macro`, `Micro - 1/2`, `macro-expression` and the like.

    Raises
    ------
    UserError : for anything else; `where` names the row.
    """
    label = text(cell)
    for kind in ExpressionType:
        if label.lower().startswith(kind.value):
            return kind
    raise UserError(f"{where} holds the type {label!r}, neither macro nor micro: mend the workbook.")


def find_header(table: Table, names: Sequence[str], source: str) -> tuple[int, dict[str, int]]:
    """Find the row that holds every name of `names`, whatever preamble stands above it.

    Returns
    -------
    (index of the header row, column of each name); names are compared without case and with single blanks.

    Raises
    ------
    UserError : when no row holds them all; `source` names the sheet.
    """
    for index, row in enumerate(table):
        found = [_plain(cell) for cell in row]
        if all(_plain(name) in found for name in names):
            return index, {name: found.index(_plain(name)) for name in names}
    raise UserError(
        f"No row of {source} holds the column names {', '.join(names)}: copy the workbook again from the release."
    )


def rows_with_content(table: Table, start: int = 0) -> Iterable[tuple[int, list[Any]]]:
    """Yield (row number as a spreadsheet program shows it, cells) of each row that is not blank."""
    for index, row in enumerate(table[start:], start + 1):
        if any(text(cell) for cell in row):
            yield index, row


def cell(row: Sequence[Any], column: int) -> Any:
    """Return one cell, None beyond the end of a short row."""
    return row[column] if column < len(row) else None


def _plain(cell: Any) -> str:
    return " ".join(text(cell).split()).casefold()
