"""Generation: expressions made by methods, judged by experts.

items.csv          database,item[,subject]
truth.json         {"dataset": ..., "scale": {"low": 1, "high": 5, "step": 1}, "coders": 3}
predictions.csv    coder,database,item,rating
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from mebench.errors import UserError
from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.generation import GenerationConvention
from mebench.schema.people import joined
from mebench.schema.ratings import RatedItems, Rating, read_ratings, write_ratings
from mebench.tasks.base import Rows, Task
from mebench.tasks.expected import Expected

Ratings = tuple[Rating, ...]


class Generation(Task[RatedItems, Ratings]):
    """Make expressions; what is graded is how experts rate them."""

    id = "generation"
    title = "generation"
    item = "generated clip"
    items = "generated clips"
    truth_files = ("items.csv",)
    truth_example = "items.csv: database,item[,subject]; truth.json: the scale and the number of coders"
    public_file = "items.csv"
    submitted = False
    convention: ClassVar[type[Convention]] = GenerationConvention

    def read_truth(self, folder: Path) -> RatedItems:
        """Read `items.csv`, and the declared scale of `truth.json`; see `Task.read_truth`."""
        return RatedItems.read(folder)

    def read_predictions(self, path: Path, classes: Sequence[str] = ()) -> tuple[Ratings, Sequence[int]]:
        """Read a table of ratings, or a folder with a sheet a coder; see `Task.read_predictions`."""
        return read_ratings(path)

    def write_predictions(self, predictions: Ratings, path: Path) -> None:
        """Write one table of ratings; see `Task.write_predictions`."""
        write_ratings(predictions, path)

    def pool(self, parts: Iterable[Ratings]) -> Ratings:
        """Return all ratings, sorted; see `Task.pool`."""
        return tuple(sorted(rating for part in parts for rating in part))

    def names(self, truth: RatedItems) -> list[str]:
        """Return the items, `database/item`; see `Task.names`."""
        return [joined(item.database, item.item) for item in truth.items]

    def restrict(self, truth: RatedItems, names: Collection[str]) -> RatedItems:
        """Return some items."""
        kept = tuple(item for item in truth.items if joined(item.database, item.item) in names)
        return dataclasses.replace(truth, items=kept)

    def restrict_predictions(self, predictions: Ratings, names: Collection[str]) -> Ratings:
        """Return the ratings of some items."""
        return tuple(rating for rating in predictions if joined(rating.database, rating.item) in names)

    def text(self, truth: RatedItems) -> str:
        """Return the text of `items.csv`."""
        return truth.text()

    def public_rows(self, truth: RatedItems) -> Rows:
        """Return database, item and subject of every item."""
        return [list(item) for item in truth.items]

    def expected(self, rows: Rows, classes: Sequence[str] = ()) -> Expected:
        """Refuse: no participant submits ratings.

        Raises
        ------
        UserError : always.
        """
        raise UserError(
            "Ratings are given by coders, and no participant submits them: grade them with `mebench grade`."
        )
