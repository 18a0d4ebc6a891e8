"""The printed values: every score of the papers, as CSV files with their sources.

`published/SHA256SUMS` says what the files were when their values were compared with the papers, so that a value that
was changed is told. After a correction, in that folder: `sha256sum *.csv > SHA256SUMS`.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from mebench.reproduce.table import Column, Expected, Row, Table


def published_value(row: Row, dataset: str, column: Column) -> float | None:
    """Return the value that was printed for a row, dataset and column.

    Returns
    -------
    None where the row names none, or the file does not hold exactly one.
    """
    if row.expected is None or not was_printed(row, column):
        return None
    found = _found(row, row.expected, dataset, column)
    return _value(found[0], column) if len(found) == 1 else None


def _found(row: Row, where: Expected, dataset: str, column: Column) -> list[Mapping[str, str]]:
    place = where.dataset or dataset
    names = {"method": where.method or row.method, "dataset": place, "scope": column.scope}
    wanted = {**({} if column.file else where.where), **column.where}
    exact = {key: text.format(**names, DATASET=place.upper()) for key, text in wanted.items()} if wanted else names
    lines = [line for line in _lines(column.file or where.file) if exact.items() <= line.items()]
    if wanted:
        return lines
    return [line for line in lines if where.source in line["source"] and line["note"].startswith(where.note)]


def _value(line: Mapping[str, str], column: Column) -> float | None:
    """Read the value of a line; None where there is no number."""
    name = column.published or column.metric
    text = line.get(name) or ""
    try:
        value = float(text if column.part is None else text.split("/")[column.part])
    except (IndexError, ValueError):
        return None
    # Rounded, so that 46.9% is .469 to the last digit.
    return round(value / 100, 9) if name.endswith("_percent") else value


def was_printed(row: Row, column: Column) -> bool:
    """Return whether the paper prints a value of a row in a column."""
    return (
        row.expected is not None and column.printed and (not row.expected.scopes or column.scope in row.expected.scopes)
    )


CHANGED = (
    "the file is not the one that was compared with the papers, so that what stands under published may be something "
    "else: put it back, or after a correction write SHA256SUMS beside it again."
)
"""What is said of a file in `changed_files`."""


def files_of(table: Table) -> set[str]:
    """Return the files of a table's printed values."""
    names = {column.file for column in table.columns} | {row.expected.file for row in table.rows if row.expected}
    return names - {""}


def changed_files(names: Iterable[str]) -> list[str]:
    """Return which files of printed values are not the ones that were compared with the papers, sorted."""
    return sorted(name for name in set(names) if _digest(name) != _digests().get(name))


def _digest(name: str) -> str:
    path = _folder() / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@functools.cache
def _digests() -> Mapping[str, str]:
    pairs = (line.split() for line in (_folder() / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in pairs}


@functools.cache
def _lines(name: str) -> tuple[Mapping[str, str], ...]:
    path = _folder() / name
    if not path.is_file():
        return ()
    return tuple(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def _folder() -> Traversable:
    return files("mebench.reproduce") / "published"
