"""Scores from publications, for a section of their own: nobody graded them under one convention.

Conventions
-----------
A CSV file in UTF-8 with the header `method,dataset,scope,f1,source,note`; `f1` lies in 0..1. Lines that agree in
method, dataset, source and note become one line of the page, with one column for each scope.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from mebench.leaderboard.bars import ABSENT, Cell, cell
from mebench.schema.problems import refuse
from mebench.schema.tables import REQUIRED, Column, Unreadable, name, number_or_nan, read_table, text

SCOPES = ("overall", "macro", "micro")
"""The scopes that come first; others follow in the order of the file."""


@dataclasses.dataclass(frozen=True)
class Published:
    """One line of the page; scopes that were not published hold an empty cell."""

    method: str
    dataset: str
    source: str
    note: str
    scores: Mapping[str, Cell]


def _share(value: str) -> float:
    """Read a score between 0 and 1."""
    number = number_or_nan(value)
    if not 0 <= number <= 1:
        raise Unreadable("a score from 0 to 1")
    return number


_COLUMNS = (
    Column("method", name, REQUIRED),
    Column("dataset", name, REQUIRED),
    Column("scope", name, REQUIRED),
    Column("f1", _share, REQUIRED),
    Column("source", text, ""),
    Column("note", text, ""),
)


def read_literature(path: Path) -> tuple[tuple[Published, ...], tuple[str, ...]]:
    """Read published scores.

    Parameters
    ----------
    path : the CSV file.

    Returns
    -------
    The lines of the page in the order of the file, and the scopes that occur.

    Raises
    ------
    UserError : when the file cannot be read.
    InvalidTable : with every problem of the table.
    """
    table, problems = read_table(path, _COLUMNS)
    refuse(problems)
    columns = [table.columns[column.name] for column in _COLUMNS]
    lines: dict[tuple[str, str, str, str], dict[str, float]] = {}
    for method, dataset, scope, f1, source, note in zip(*columns, strict=True):
        lines.setdefault((method, dataset, source, note), {})[scope] = f1
    scopes = _ordered_scopes([scope for found in lines.values() for scope in found])
    rows = tuple(
        Published(*key, scores={s: cell(found[s]) if s in found else ABSENT for s in scopes})
        for key, found in lines.items()
    )
    return rows, scopes


def _ordered_scopes(found: Sequence[str]) -> tuple[str, ...]:
    known = [scope for scope in SCOPES if scope in found]
    return (*known, *(scope for scope in dict.fromkeys(found) if scope not in SCOPES))
