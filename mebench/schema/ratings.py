"""Sheets of ratings: how experts judged generated videos.

    database,item[,subject]                 items.csv: what had to be rated
    database,item,rating                    one sheet a coder, whose name is that of the file, or
    coder,database,item,rating              one table with every coder

Conventions
-----------
The scale was never published, so a truth declares it in `truth.json`, as lowest and highest rating and the step between
ratings (0: any number), together with the number of coders:

    {"dataset": "megc2021_generation", "scale": {"low": 1, "high": 5, "step": 1}, "coders": 3}

Every coder rates every item once. Without a column `subject`, the item is the unit that is resampled.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.schema.files import read_bounded, write_atomic
from mebench.schema.json_text import parse_object
from mebench.schema.plain_json import from_plain
from mebench.schema.problems import Problem, quoted, refuse
from mebench.schema.tables import (
    REQUIRED,
    Column,
    Unreadable,
    format_table,
    name,
    number_or_nan,
    read_table,
    repeated,
    text,
)

_STEP_SLACK = 1e-9


class Item(NamedTuple):
    """One generated video that was rated; `subject` is empty where absent."""

    database: str
    item: str
    subject: str = ""


class Rating(NamedTuple):
    """What one coder gave one item."""

    coder: str
    database: str
    item: str
    rating: float


@dataclasses.dataclass(frozen=True)
class Scale:
    """The declared scale.

    Attributes
    ----------
    low, high : the lowest and the highest rating.
    step : distance between ratings, counted from `low`; 0 for any number.
    """

    low: float
    high: float
    step: float = 0.0

    def __post_init__(self) -> None:
        """Refuse an empty scale.

        Raises
        ------
        ValueError : when `high` is not above `low`, or a number is not finite or negative where it may not be.
        """
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"the scale from {self.low} to {self.high} is empty")
        if not 0 <= self.step <= self.high - self.low:
            raise ValueError(f"the step {self.step} does not fit the scale from {self.low} to {self.high}")

    def holds(self, rating: float) -> bool:
        """Tell whether a rating is on the scale."""
        steps = (rating - self.low) / self.step if self.step else 0.0
        return self.low <= rating <= self.high and abs(steps - round(steps)) <= _STEP_SLACK

    def __str__(self) -> str:
        """Return `1 to 5 in steps of 1`."""
        return f"{self.low:g} to {self.high:g}" + (f" in steps of {self.step:g}" if self.step else "")


@dataclasses.dataclass(frozen=True)
class RatedItems:
    """What has to be rated, by how many, on which scale.

    Attributes
    ----------
    items : sorted; each pair of database and item is there once.
    scale : the declared scale.
    coders : how many coders rate every item.
    dataset : id of the whole.
    """

    items: tuple[Item, ...]
    scale: Scale
    coders: int = 3
    dataset: str = ""

    @classmethod
    def read(cls, directory: Path) -> RatedItems:
        """Read `items.csv` and `truth.json` of a folder.

        Raises
        ------
        UserError : when a file is missing or `truth.json` does not declare the scale.
        InvalidTable : with every problem of the table.
        """
        table, problems = read_table(directory / "items.csv", _ITEM_COLUMNS)
        refuse(problems + repeated(table, ("database", "item")))
        rows = zip(*(table.columns[field] for field in Item._fields), strict=True)
        declared = _read_declared(directory / "truth.json")
        try:
            scale = Scale(declared.scale.low, declared.scale.high, declared.scale.step)
        except ValueError as error:
            raise UserError(f"{directory / 'truth.json'}: {error}: mend the scale.") from error
        return cls(tuple(sorted(Item(*row) for row in rows)), scale, declared.coders, declared.dataset)

    def write(self, directory: Path) -> None:
        """Write `items.csv` and `truth.json`, each whole or not at all.

        Raises
        ------
        UserError : when the folder cannot be written.
        """
        write_atomic(directory / "items.csv", self.text())
        declared = {"dataset": self.dataset, "scale": dataclasses.asdict(self.scale), "coders": self.coders}
        write_atomic(directory / "truth.json", json.dumps(declared) + "\n")

    def text(self) -> str:
        """Return the canonical text of `items.csv`."""
        return format_table(Item._fields, sorted(self.items))

    def digest(self) -> str:
        """Sha256 hex digest of the canonical text, the scale and the number of coders."""
        declared = json.dumps([self.scale.low, self.scale.high, self.scale.step, self.coders])
        return hashlib.sha256((self.text() + declared).encode()).hexdigest()

    def databases(self) -> tuple[str, ...]:
        """Return the databases, sorted, each once."""
        return tuple(sorted({item.database for item in self.items}))


def read_ratings(path: Path) -> tuple[tuple[Rating, ...], tuple[int, ...]]:
    """Read a table of ratings, or every sheet `*.csv` of a folder.

    Returns
    -------
    The ratings, and the line of its file in which each of them stands.

    Raises
    ------
    UserError : when a file cannot be opened or a folder holds none.
    InvalidTable : with every problem of every sheet.
    """
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise UserError(f"{path} holds no .csv file: give the sheets of the coders.")
    ratings: list[Rating] = []
    lines: list[int] = []
    problems: list[Problem] = []
    for file in files:
        table, found = read_table(file, _RATING_COLUMNS)
        problems += found
        coders = table.columns["coder"] if "coder" in table.present else [file.stem] * len(table)
        columns = (coders, *(table.columns[field] for field in Rating._fields[1:]))
        ratings += [Rating(*row) for row in zip(*columns, strict=True)]
        lines += table.lines
    refuse(problems)
    return tuple(ratings), tuple(lines)


def write_ratings(ratings: Sequence[Rating], path: Path) -> None:
    """Write one table with the ratings of every coder, sorted, whole or not at all.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    write_atomic(path, format_table(Rating._fields, sorted(ratings)))


def rating_matrix(
    ratings: Sequence[Rating], truth: RatedItems, source: str, lines: Sequence[int] = ()
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the ratings as a matrix, after everything has been checked.

    Parameters
    ----------
    ratings : of every coder.
    truth : what had to be rated.
    source : name of the file or folder, for messages.
    lines : line of each rating; without it, the row number stands in for it.

    Returns
    -------
    Shape (n_items, n_coders) in the order of `truth.items`, and the coders, sorted.

    Raises
    ------
    InvalidTable : for unknown items, ratings off the scale, items rated twice or not at all, and too few or too many
        coders; all of them.
    """
    row_of = {item[:2]: i for i, item in enumerate(truth.items)}
    coders = tuple(sorted({rating.coder for rating in ratings}))
    problems = []
    if len(coders) != truth.coders:
        problems.append(Problem(source, 0, "", f"{truth.coders} coders", f"{len(coders)}", "coders"))
    matrix = np.full((len(truth.items), len(coders)), np.nan)
    given = Counter((rating.coder, rating.database, rating.item) for rating in ratings)
    for i, rating in enumerate(ratings):
        line = lines[i] if len(lines) else i + 1
        key = (rating.database, rating.item)
        where = quoted("/".join((rating.coder, *key)))
        if key not in row_of:
            problems.append(Problem(source, line, "item", "an item that was to be rated", where, "unknown_item"))
        elif not truth.scale.holds(rating.rating):
            found = quoted(f"{rating.rating:g}")
            problems.append(Problem(source, line, "rating", f"a rating from {truth.scale}", found, "off_the_scale"))
        elif given[rating.coder, *key] > 1:
            problems.append(Problem(source, line, "item", "each item once a coder", where, "twice"))
        else:
            matrix[row_of[key], coders.index(rating.coder)] = rating.rating
    missing = [(i, j) for i, j in np.argwhere(np.isnan(matrix)).tolist() if not given[coders[j], *truth.items[i][:2]]]
    for i, j in missing:
        what = quoted("/".join((coders[j], *truth.items[i][:2])))
        problems.append(Problem(source, 0, "", f"a rating of {what}", "none", "missing"))
    refuse(problems)
    return matrix, coders


def _rating(cell: str) -> float:
    number = number_or_nan(cell)
    if math.isnan(number):
        raise Unreadable("a rating")
    return number


_ITEM_COLUMNS = (Column("database", name, REQUIRED), Column("item", name, REQUIRED), Column("subject", text, ""))
_RATING_COLUMNS = (
    Column("coder", name, ""),
    Column("database", name, REQUIRED),
    Column("item", name, REQUIRED),
    Column("rating", _rating, REQUIRED),
)


@dataclasses.dataclass(frozen=True)
class _DeclaredScale:
    low: float
    high: float
    step: float


@dataclasses.dataclass(frozen=True)
class _Declared:
    dataset: str
    scale: _DeclaredScale
    coders: int


def _read_declared(path: Path) -> _Declared:
    example = '{"dataset": "...", "scale": {"low": 1, "high": 5, "step": 1}, "coders": 3}'
    try:
        declared = from_plain(_Declared, parse_object(read_bounded(path)), str(path))
    except OSError as error:
        raise UserError(f"{path} is missing: declare the scale there, {example}.") from error
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error}): write {example}.") from error
    if declared.coders < 1:
        raise UserError(f"{path}: coders must be at least 1, not {declared.coders}.")
    return declared
