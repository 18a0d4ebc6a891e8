"""What gradings of every task share: counts of classes, and the card that is made of statistics of people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.base import Metric
from mebench.metrics.catalogue import added_metrics
from mebench.metrics.conventions.base import Convention
from mebench.metrics.statistics.additive import Additive
from mebench.metrics.statistics.kinds import OF_METRIC
from mebench.protocols.base import Predicted, Protocol
from mebench.schema.scorecard import (
    OF_COUNTS,
    Counts,
    DatasetRef,
    ProtocolRef,
    Score,
    Scorecard,
    StatisticRow,
    SubjectRow,
    VideoRow,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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


def counts_of(row: Ints) -> Counts:
    """Return tp, fp and fn of an array's first three numbers."""
    tp, fp, fn = row[:3].tolist()
    return Counts(tp, fp, fn)


@dataclasses.dataclass(frozen=True)
class Graded:
    """What a grading found, ready for the card.

    Attributes
    ----------
    dataset : id and digest of the truth.
    people : whom parts of statistics belong to, sorted.
    statistics : every statistic that is a function of sums over people.
    counts : pooled counts by scope.
    person_counts : counts of each person by scope, in the order of `people`; empty where nothing is counted.
    others : scores that are no function of sums, such as the AUC.
    by_video : see `Scorecard`.
    complete : whether everything that was asked for is there.
    reason : why the truth is not the official one, empty when it is.
    remark : what to know of the official one before published numbers are held beside it.
    """

    dataset: DatasetRef
    people: Sequence[str]
    statistics: Sequence[Additive]
    counts: Mapping[str, Counts] = dataclasses.field(default_factory=dict)
    person_counts: Sequence[Mapping[str, Counts]] = ()
    others: Sequence[Score] = ()
    by_video: tuple[VideoRow, ...] = ()
    complete: bool = True
    reason: str = ""
    remark: str = ""


def make_card(
    protocol: Protocol, submission: Predicted, rules: Convention, graded: Graded, truth: Any = None
) -> Scorecard:
    """Return the scorecard of what was graded, with the metrics that other packages have registered for the task.

    Parameters
    ----------
    protocol, submission, rules : how it was graded.
    graded : what was found.
    truth : what the predictions were held against, for metrics of other packages.
    """
    added = list(_added(protocol, submission, rules, truth, graded.people))
    statistics = [*graded.statistics, *added]
    scores = [*graded.others, *(score for statistic in statistics for score in statistic.scores())]
    return Scorecard(
        task=protocol.task,
        protocol=ProtocolRef(protocol.id, protocol.version),
        convention=rules.as_dict(),
        dataset=graded.dataset,
        method=submission.method,
        trained_on=submission.trained_on,
        counts=dict(graded.counts),
        scores=tuple(sorted(scores, key=lambda score: (score.metric, score.scope))),
        statistics=tuple(_row(statistic) for statistic in statistics),
        by_subject=_subject_rows(graded, statistics),
        by_video=graded.by_video,
        complete=submission.complete and graded.complete,
        official=not graded.reason,
        reason=graded.reason or graded.remark,
        environment=submission.environment,
        timing=submission.timing,
    )


def unscored_card(protocol: Protocol, submission: Predicted, dataset: DatasetRef, reason: str) -> Scorecard:
    """Return the card of what cannot be graded: it has no score, for a 0 would say that something was found wanting.

    Parameters
    ----------
    protocol, submission : how it would have been graded.
    dataset : id and digest of the truth.
    reason : why there is nothing to grade.
    """
    return Scorecard(
        task=protocol.task,
        protocol=ProtocolRef(protocol.id, protocol.version),
        convention=protocol.convention.as_dict(),
        dataset=dataset,
        method=submission.method,
        trained_on=submission.trained_on,
        counts={},
        scores=(),
        complete=False,
        official=False,
        reason=reason,
        environment=submission.environment,
        timing=submission.timing,
    )


def _row(statistic: Additive) -> StatisticRow:
    return StatisticRow(statistic.kind, key_of(statistic), statistic.scope, statistic.names, dict(statistic.options))


def key_of(statistic: Additive) -> str:
    """Return where a card keeps the parts of a statistic."""
    return statistic.key or f"{statistic.kind}/{statistic.scope}"


def _subject_rows(graded: Graded, statistics: Iterable[Additive]) -> tuple[SubjectRow, ...]:
    """Return what each person adds; parts that are counts of a scope stand among the counts alone."""
    parts: list[dict[str, tuple[float, ...]]] = [{} for _ in graded.people]
    for statistic in statistics:
        key = key_of(statistic)
        if key.startswith(OF_COUNTS):
            continue
        rows = range(len(graded.people)) if statistic.people is None else statistic.people.tolist()
        for person, row in zip(rows, np.asarray(statistic.parts, np.float64).tolist(), strict=True):
            parts[person][key] = tuple(row)
    counts = graded.person_counts or [{} for _ in graded.people]
    if not graded.person_counts and not any(parts):
        return ()
    return tuple(SubjectRow(*row) for row in zip(graded.people, counts, parts, strict=True))


def _added(
    protocol: Protocol, submission: Predicted, rules: Convention, truth: Any, people: Sequence[str]
) -> Iterable[Additive]:
    """Yield the statistics of metrics that other packages have registered for the task."""
    number = {person: i for i, person in enumerate(people)}
    for metric in added_metrics(protocol.task):
        for scope, of_person in metric.parts(submission.predictions, truth, rules).items():
            yield _of_metric(metric, scope, {number[person]: parts for person, parts in of_person.items()})


def _of_metric(metric: Metric, scope: str, of_person: Mapping[int, Sequence[float]]) -> Additive:
    rows = sorted(of_person)
    parts = np.array([of_person[row] for row in rows], np.float64)
    parts = parts.reshape(len(rows), -1)
    known = (metric.defined(parts.sum(axis=0)),)
    kind = f"{OF_METRIC}{metric.id}"
    return Additive(kind, scope, (metric.id,), parts, known, np.array(rows, np.int64))
