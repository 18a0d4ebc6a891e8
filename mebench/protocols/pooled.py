"""What gradings of every task share: scores of pooled counts with their intervals, counts of classes, and the card."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.bootstrap import pooled_intervals
from mebench.metrics.conventions import Convention
from mebench.protocols.base import Protocol, Submission
from mebench.schema.scorecard import (
    Counts,
    DatasetRef,
    ProtocolRef,
    Score,
    Scorecard,
    SubjectRow,
    VideoRow,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def pooled_scores(
    names: Sequence[str],
    scope: str,
    table: NDArray[np.generic],
    statistic: Callable[[Floats], Floats],
    defined: Sequence[bool],
) -> list[Score]:
    """Return scores of counts added over subjects, with 95% intervals by bootstrap over those subjects.

    Parameters
    ----------
    names : the metrics.
    scope : of what they are.
    table : what each subject adds, shape (n_subjects, ...).
    statistic : turns sums of shape (n, ...) into values of shape (n, n_metrics).
    defined : which of the values are no 0/0.
    """
    values = statistic(np.asarray(table.sum(axis=0), np.float64)[None])[0]
    limits = pooled_intervals(table, statistic)
    return [
        Score(
            name, scope, float(values[i]) if defined[i] else 0.0, _pair(limits, i) if defined[i] else None, defined[i]
        )
        for i, name in enumerate(names)
    ]


def _pair(limits: Floats | None, i: int) -> tuple[float, float] | None:
    return None if limits is None else (float(limits[i, 0]), float(limits[i, 1]))


def class_counts(matrix: Ints, classes: Sequence[str]) -> dict[str, Counts]:
    """Return true positives, false positives and false negatives of each class that occurs.

    Parameters
    ----------
    matrix : confusion counts; rows are the truth; rows and columns after those of the classes name none of them.
    classes : the classes in order.
    """
    right = np.diagonal(matrix)
    predicted, true = matrix.sum(axis=0) - right, matrix.sum(axis=1) - right
    return {
        label: Counts(int(right[i]), int(predicted[i]), int(true[i]))
        for i, label in enumerate(classes)
        if right[i] + predicted[i] + true[i]
    }


def total_counts(matrix: Ints, n_classes: int) -> Counts:
    """Return the sum of `class_counts`: a sample in the wrong class is a false positive there and a miss in its own."""
    right = int(np.trace(matrix[:n_classes, :n_classes]))
    predicted, true = int(matrix[:, :n_classes].sum()), int(matrix[:n_classes].sum())
    return Counts(right, predicted - right, true - right)


@dataclasses.dataclass(frozen=True)
class Graded:
    """What a grading found, ready for the card.

    Attributes
    ----------
    dataset : id and digest of the truth.
    counts, scores, by_subject, by_video : see `Scorecard`.
    complete : whether everything that was asked for is there.
    reason : why the truth is not the official one, empty when it is.
    """

    dataset: DatasetRef
    counts: Mapping[str, Counts]
    scores: Sequence[Score]
    by_subject: tuple[SubjectRow, ...] = ()
    by_video: tuple[VideoRow, ...] = ()
    complete: bool = True
    reason: str = ""


def make_card(protocol: Protocol, submission: Submission, rules: Convention, graded: Graded) -> Scorecard:
    """Return the scorecard of what was graded."""
    return Scorecard(
        protocol=ProtocolRef(protocol.id, protocol.version),
        convention=rules.as_dict(),
        dataset=graded.dataset,
        method=submission.method,
        counts=dict(graded.counts),
        scores=tuple(sorted(graded.scores, key=lambda score: (score.metric, score.scope))),
        by_subject=graded.by_subject,
        by_video=graded.by_video,
        complete=submission.complete and graded.complete,
        official=not graded.reason,
        reason=graded.reason,
        environment=submission.environment,
        timing=submission.timing,
    )
