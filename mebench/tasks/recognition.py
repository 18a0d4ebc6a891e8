"""Recognition: one emotion for every clip.

clips.csv          database,subject,clip,onset,apex,offset,emotion,action_units
predictions.csv    [database,]subject,clip,emotion[,p_<class>...]
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.recognition import RecognitionConvention
from mebench.schema.clips import COMPOSITE, ClipTable, clip_table
from mebench.schema.people import joined
from mebench.schema.recognition import Labels, read_labels, write_labels
from mebench.schema.recordings import Clip
from mebench.schema.tables import REQUIRED, Column, name
from mebench.tasks.base import R, Rows, Task, named_clip
from mebench.tasks.expected import Expected
from mebench.tasks.strict_form import (
    column,
    is_name,
    is_number,
    list_of,
    object_of,
    require,
    row,
    with_nan,
    without_nan,
)


class Recognition(Task[ClipTable, Labels]):
    """Tell the class of every clip."""

    id = "recognition"
    title = "recognition"
    item = "clip"
    items = "clips"
    truth_files = ("clips.csv", COMPOSITE)
    item_form = "database/subject/clip"
    truth_words = f"clips.csv or {COMPOSITE}"
    truth_example = "clips.csv: database,subject,clip,onset,apex,offset,emotion,action_units"
    suffixes = (".csv", ".tsv", ".txt", ".log")
    public_file = "clips.csv"
    public_columns: ClassVar[tuple[Column, ...]] = (
        Column("database", name, ""),
        Column("subject", name, REQUIRED),
        Column("clip", name, REQUIRED),
    )
    protocols = ("megc2019-cde", "megc2019-cde", "megc2019-cde")
    convention: ClassVar[type[Convention]] = RecognitionConvention

    def truth_of(self, recordings: Sequence[Clip]) -> ClipTable:
        """Return the emotions of clips; see `Task.truth_of`."""
        return clip_table(recordings)

    def named(self, recording: R, *, several: bool) -> R:
        """Return a clip that names its database, which is its dataset where there is no other."""
        return named_clip(recording)

    def facts(self, truth: ClipTable) -> dict[str, tuple[tuple[object, ...], tuple[object, ...]]]:
        """Return the annotations of every clip."""
        return {joined(*clip.key): ((), tuple(clip[3:])) for clip in truth.clips}

    def read_truth(self, folder: Path) -> ClipTable:
        """Read `clips.csv`, or the official composite list; see `Task.read_truth`."""
        return ClipTable.read(folder)

    def read_predictions(self, path: Path, classes: Sequence[str] = ()) -> tuple[Labels, Sequence[int]]:
        """Read a table of labels; see `Task.read_predictions`."""
        return read_labels(path, classes)

    def write_predictions(self, predictions: Labels, path: Path) -> None:
        """Write a table of labels; see `Task.write_predictions`."""
        write_labels(predictions, path)

    def pool(self, parts: Iterable[Labels]) -> Labels:
        """Return all labels, sorted by clip; see `Task.pool`."""
        return Labels.concat(parts)

    def names(self, truth: ClipTable) -> list[str]:
        """Return the clips, `database/subject/clip`; see `Task.names`."""
        return [joined(*clip.key) for clip in truth.clips]

    def restrict(self, truth: ClipTable, names: Collection[str]) -> ClipTable:
        """Return the truth of some clips."""
        return dataclasses.replace(truth, clips=tuple(clip for clip in truth.clips if joined(*clip.key) in names))

    def restrict_predictions(self, predictions: Labels, names: Collection[str]) -> Labels:
        """Return the labels of some clips."""
        return predictions.select([i for i, key in enumerate(predictions.keys) if joined(*key) in names])

    def text(self, truth: ClipTable) -> str:
        """Return the text of `clips.csv`."""
        return truth.text()

    def public_rows(self, truth: ClipTable) -> Rows:
        """Return database, subject and id of every clip."""
        return [list(clip.key) for clip in truth.clips]

    def expected(self, rows: Rows, classes: Sequence[str] = ()) -> Expected:
        """Return the clips and the labels; see `Task.expected`."""
        return Expected(clips=tuple((base, subject, clip) for base, subject, clip in rows), emotions=tuple(classes))

    def plain(self, predictions: Labels) -> dict[str, Any]:
        """Return keys, emotions and probabilities; see `Task.plain`."""
        return {
            "keys": [list(key) for key in predictions.keys],
            "emotions": list(predictions.emotions),
            "probabilities": [{name: without_nan(p) for name, p in of.items()} for of in predictions.probabilities],
        }

    def from_plain(self, raw: Any) -> Labels:
        """Return the labels of such columns; see `Task.from_plain`."""
        columns = object_of(raw, ("keys", "emotions", "probabilities"))
        keys = tuple((d, s, c) for d, s, c in (row(key, (is_name,) * 3) for key in list_of(columns["keys"])))
        emotions = column(columns["emotions"], is_name)
        probabilities = column(columns["probabilities"], _is_probabilities)
        require(len(emotions) == len(keys) and len(probabilities) in (0, len(keys)))
        rows = tuple({name: with_nan(p) for name, p in values.items()} for values in probabilities)
        return Labels(keys, tuple(emotions), rows)


def _is_probabilities(value: Any) -> bool:
    return isinstance(value, dict) and all(is_name(name) and is_number(p) for name, p in value.items())
