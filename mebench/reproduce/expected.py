"""The printed values: every score of the papers, as CSV files with their sources."""

from __future__ import annotations

import csv
import functools
import io
from importlib.resources import files

from mebench.reproduce.table import Column, Row


def published_value(row: Row, dataset: str, column: Column) -> float | None:
    """Return the value that was printed for a row, dataset and column.

    Returns
    -------
    None where the row names none, or the file does not hold exactly one.
    """
    where = row.expected
    if where is None or not was_printed(row, column):
        return None
    found = [
        line
        for line in _lines(where.file)
        if line.get("method") == (where.method or row.method)
        and line.get("dataset") == dataset
        and line.get("scope") == column.scope
        and where.source in line.get("source", "")
        and line.get("note", "").startswith(where.note)
    ]
    if len(found) != 1:
        return None
    try:
        return float(found[0][column.published or column.metric])
    except (KeyError, ValueError):
        return None


def was_printed(row: Row, column: Column) -> bool:
    """Return whether the paper prints a value of a row in a column."""
    return (
        row.expected is not None and column.printed and (not row.expected.scopes or column.scope in row.expected.scopes)
    )


@functools.cache
def _lines(name: str) -> tuple[dict[str, str], ...]:
    path = files("mebench.reproduce") / "published" / name
    if not path.is_file():
        return ()
    return tuple(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
