"""Generation: expressions made by methods; graded by their likeness to recordings, or by the ratings of experts.

    clips.csv          database,subject,clip,...            truth of likeness: the recordings to be come near to
    generated.csv      database,subject,clip,n_frames,...   generated clips, their frames beside it

    items.csv          database,item[,subject]              truth of ratings: what had to be rated
    truth.json         {"dataset": ..., "scale": {"low": 1, "high": 5, "step": 1}, "coders": 3}
    predictions.csv    coder,database,item,rating

Which of the two a folder holds, its files tell.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from mebench.errors import UserError
from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.generation import GenerationConvention
from mebench.schema.clips import ClipTable, clip_table
from mebench.schema.generated import FILE, GeneratedClip, GeneratedTable, read_generated
from mebench.schema.people import joined
from mebench.schema.ratings import RatedItems, Rating, read_ratings, write_ratings
from mebench.schema.recordings import Clip
from mebench.tasks.base import R, Rows, Task, named_clip
from mebench.tasks.expected import Expected

Ratings = tuple[Rating, ...]


class Generation(Task[RatedItems | ClipTable, Ratings | GeneratedTable]):
    """Make expressions."""

    id = "generation"
    title = "generation"
    item = "generated clip"
    items = "generated clips"
    truth_files = ("clips.csv", "items.csv")
    truth_example = "items.csv: database,item[,subject]; truth.json: the scale and the number of coders"
    predictions_file = "generated"
    public_file = "items.csv"
    submitted = False
    protocols = ("generation-likeness", "generation-likeness", "generation-likeness")
    convention: ClassVar[type[Convention]] = GenerationConvention

    @property
    def predictions_path(self) -> str:
        """Name of the table in the folder of generated clips."""
        return f"{self.predictions_file}/{FILE}"

    def truth_of(self, recordings: Sequence[Clip]) -> ClipTable:
        """Return which clips are to be come near to; see `Task.truth_of`."""
        return clip_table(recordings)

    def named(self, recording: R, *, several: bool) -> R:
        """Return a clip that names its database, which is its dataset where there is no other."""
        return named_clip(recording)

    def read_truth(self, folder: Path) -> RatedItems | ClipTable:
        """Read `items.csv` with the declared scale of `truth.json`, or `clips.csv`; see `Task.read_truth`."""
        return RatedItems.read(folder) if not (folder / "clips.csv").exists() else ClipTable.read(folder)

    def read_predictions(
        self, path: Path, classes: Sequence[str] = ()
    ) -> tuple[Ratings | GeneratedTable, Sequence[int]]:
        """Read `generated.csv`, or ratings in one table or a sheet a coder; see `Task.read_predictions`."""
        if path.name == FILE or (path / FILE).is_file():
            return read_generated(path)
        return read_ratings(path)

    def write_predictions(self, predictions: Ratings | GeneratedTable, path: Path) -> None:
        """Write `generated.csv` into a folder, or one table of ratings; see `Task.write_predictions`."""
        if isinstance(predictions, GeneratedTable):
            predictions.write(path)
        else:
            write_ratings(predictions, path)

    def pool(self, parts: Iterable[Ratings | GeneratedTable]) -> Ratings | GeneratedTable:
        """Return all clips, or all ratings, sorted; see `Task.pool`."""
        generated: list[GeneratedClip] = []
        ratings: list[Rating] = []
        for part in parts:
            if isinstance(part, GeneratedTable):
                generated += part.rows
            else:
                ratings += part
        return tuple(sorted(ratings)) if ratings else GeneratedTable.of(generated)

    def names(self, truth: RatedItems | ClipTable) -> list[str]:
        """Return the items, `database/item`, or the clips, `database/subject/clip`; see `Task.names`."""
        if isinstance(truth, ClipTable):
            return [joined(*clip.key) for clip in truth.clips]
        return [joined(item.database, item.item) for item in truth.items]

    def restrict(self, truth: RatedItems | ClipTable, names: Collection[str]) -> RatedItems | ClipTable:
        """Return some items."""
        if isinstance(truth, ClipTable):
            return dataclasses.replace(truth, clips=tuple(c for c in truth.clips if joined(*c.key) in names))
        kept = tuple(item for item in truth.items if joined(item.database, item.item) in names)
        return dataclasses.replace(truth, items=kept)

    def restrict_predictions(
        self, predictions: Ratings | GeneratedTable, names: Collection[str]
    ) -> Ratings | GeneratedTable:
        """Return the clips, or the ratings, of some items."""
        if isinstance(predictions, GeneratedTable):
            return GeneratedTable(tuple(row for row in predictions.rows if joined(*row.key) in names))
        return tuple(rating for rating in predictions if joined(rating.database, rating.item) in names)

    def text(self, truth: RatedItems | ClipTable) -> str:
        """Return the text of `items.csv` or `clips.csv`."""
        return truth.text()

    def public_rows(self, truth: RatedItems | ClipTable) -> Rows:
        """Return database, item and subject of every item, or database, subject and id of every clip."""
        if isinstance(truth, ClipTable):
            return [list(clip.key) for clip in truth.clips]
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
