"""Several labels for every clip: which action units, or which emotions.

clips.csv          database,subject,clip,onset,apex,offset,emotion,action_units         emotion: au1+au4, or none
predictions.csv    [database,]subject,clip,emotion[,p_<label>...]

The files are those of recognition; the cell `emotion` holds a set of labels, see `schema.label_sets`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.label_sets import LabelSetConvention
from mebench.schema.recognition import Labels, read_labels
from mebench.tasks.recognition import Recognition


class LabelSets(Recognition):
    """Tell all labels of every clip."""

    id = "label_sets"
    title = "several labels a clip"
    truth_words = "clips.csv"
    truth_example = (
        "clips.csv: database,subject,clip,onset,apex,offset,emotion,action_units; emotion is au1+au4 or none"
    )
    submitted = False
    protocols = ("4dmr2025", "cd6me", "4dmr2025")
    convention: ClassVar[type[Convention]] = LabelSetConvention

    def read_predictions(self, path: Path, classes: Sequence[str] = ()) -> tuple[Labels, Sequence[int]]:
        """Read a table of label sets; see `Task.read_predictions`."""
        return read_labels(path, classes, several=True)
