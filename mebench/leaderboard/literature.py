"""Scores from publications, for a section of their own: nobody graded them under one convention.

Conventions
-----------
A CSV file in UTF-8 with the columns `method,dataset,scope`, one or more of `f1`, `uf1`, `uar` and `macro_precision` (in
0..1, empty where nothing was printed), and, where there is something to say, `source`, `note` and `selection`. The last
is `test` where the epoch or a setting was chosen on the data that is scored. Lines that agree in method, dataset,
source, note and selection become one line of the page, with one column for each scope.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from mebench.leaderboard.bars import ABSENT, Cell, cell
from mebench.metrics.catalogue import metric_of
from mebench.schema.problems import Problem, refuse
from mebench.schema.tables import REQUIRED, Column, Table, Unreadable, name, number_or_nan, read_table, text

SCOPES = ("overall", "macro", "micro", "full")
"""The scopes that come first; others follow in the order of the file."""
METRICS = ("f1", "uf1", "uar", "macro_precision")
"""What may have been published, in the order of the columns."""
ON_TEST = "test"


@dataclasses.dataclass(frozen=True)
class Published:
    """One line of the page; what was not published holds an empty cell, see `Literature.columns`."""

    method: str
    dataset: str
    source: str
    note: str
    is_selected_on_test: bool
    cells: tuple[Cell, ...]


@dataclasses.dataclass(frozen=True)
class Literature:
    """Published scores of one kind: what the columns are, as (metric, scope, heading), and the lines."""

    columns: tuple[tuple[str, str, str], ...]
    lines: tuple[Published, ...]

    @property
    def has_selected_on_test(self) -> bool:
        """Whether any line was selected on the data that it scores."""
        return any(line.is_selected_on_test for line in self.lines)


def _share(value: str) -> float:
    """Read a score between 0 and 1, NaN for none."""
    number = number_or_nan(value)
    if not (math.isnan(number) or 0 <= number <= 1):
        raise Unreadable("a score from 0 to 1, or nothing")
    return number


def _selection(value: str) -> str:
    """Read on what was selected."""
    if value.strip() not in ("", ON_TEST):
        raise Unreadable(f"{ON_TEST!r} or nothing")
    return value.strip()


_NAMES = (
    Column("method", name, REQUIRED),
    Column("dataset", name, REQUIRED),
    Column("scope", name, REQUIRED),
    Column("source", text, ""),
    Column("note", text, ""),
    Column("selection", _selection, ""),
)
_COLUMNS = (*_NAMES, *(Column(metric, _share, math.nan) for metric in METRICS))


def read_literature(path: Path) -> Literature:
    """Read published scores.

    Parameters
    ----------
    path : the CSV file.

    Returns
    -------
    The lines of the page in the order of the file.

    Raises
    ------
    UserError : when the file cannot be read.
    InvalidTable : with every problem of the table.
    """
    table, problems = read_table(path, _COLUMNS)
    refuse(problems or _without_scores(table))
    names = zip(*(table.columns[column.name] for column in _NAMES), strict=True)
    found: dict[tuple[str, ...], dict[tuple[str, str], float]] = {}
    for row, (method, dataset, scope, *rest) in enumerate(names):
        scores = found.setdefault((method, dataset, *rest), {})
        scores |= {(metric, scope): value for metric in METRICS if not math.isnan(value := table.columns[metric][row])}
    columns = _columns([key for scores in found.values() for key in scores])
    lines = tuple(
        Published(method, dataset, source, note, selection == ON_TEST, _cells(scores, columns))
        for (method, dataset, source, note, selection), scores in found.items()
    )
    return Literature(columns, lines)


def _without_scores(table: Table) -> list[Problem]:
    """Return the lines that hold no score."""
    rows = zip(*(table.columns[metric] for metric in METRICS), strict=True)
    wanted = f"a score under one of {', '.join(METRICS)}"
    return [
        table.problem(i, METRICS[0], wanted, "no_score", "") for i, row in enumerate(rows) if all(map(math.isnan, row))
    ]


def _columns(found: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Return every metric of every scope that occurs, with its heading."""
    scopes = _ordered_scopes([scope for _, scope in found])
    return tuple(
        (metric, scope, f"{metric_of(metric).name} {scope}")
        for scope in scopes
        for metric in METRICS
        if (metric, scope) in found
    )


def _cells(scores: Mapping[tuple[str, str], float], columns: Sequence[tuple[str, str, str]]) -> tuple[Cell, ...]:
    return tuple(cell(scores[key]) if (key := (metric, scope)) in scores else ABSENT for metric, scope, _ in columns)


def _ordered_scopes(found: Sequence[str]) -> tuple[str, ...]:
    known = [scope for scope in SCOPES if scope in found]
    return (*known, *(scope for scope in dict.fromkeys(found) if scope not in SCOPES))
