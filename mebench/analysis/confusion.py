"""Confusion matrices of a recognition card: what clips of each class were taken for, in full and per database.

Conventions
-----------
Rows are the truth, columns the prediction; counts are added over people, as scores are. A last column counts clips
that got no answer, or one that names no class. All is read from the card: predictions need not be there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.runs.store import SCORECARD
from mebench.schema.scorecard import Scorecard, StatisticRow

Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Confusions:
    """The matrices of one card.

    Attributes
    ----------
    card : what they are of.
    classes : names, in the order of rows and columns.
    matrices : int64 (C, C + 1) by scope, `full` first; the last column is for clips without an answer.
    """

    card: Scorecard
    classes: tuple[str, ...]
    matrices: Mapping[str, Ints]


def confusions_of(path: Path) -> Confusions:
    """Return the confusion matrices of a card.

    Parameters
    ----------
    path : a scorecard, or the folder of a run that has one.

    Raises
    ------
    UserError : when there is no card, or it is not of recognised clips.
    """
    card = Scorecard.read(path / SCORECARD if path.is_dir() else path)
    number = {row.options["number"]: row for row in card.statistics if row.kind == "one_class"}
    if not number or sorted(number) != list(range(len(number))):
        raise UserError(
            f"The card of {path} counts no classes: confusion matrices are of recognition, this is {card.task}."
        )
    classes = tuple(number[i].scope for i in range(len(number)))
    rows = {"full": number[0], **{row.scope: row for row in card.statistics if row.kind == "recognition"}}
    return Confusions(card, classes, {scope: _matrix(card, row, len(classes)) for scope, row in rows.items()})


def _matrix(card: Scorecard, row: StatisticRow, n_classes: int) -> Ints:
    """Return the sum over people of the counts that a statistic is of."""
    size = int(row.options["size"])
    parts = [part for subject in card.by_subject if (part := subject.part(row.parts)) is not None]
    total = np.sum(parts, axis=0) if parts else np.zeros(size * size)
    square = np.rint(total).astype(np.int64).reshape(size, size)[:n_classes]
    return np.concatenate((square[:, :n_classes], square[:, n_classes:].sum(axis=1, keepdims=True)), axis=1)
