"""Means and deviations over folds, as sums: what a table prints as `0.4160 (± 0.1684)`.

Conventions
-----------
A fold is one tested person, as leave-one-subject-out leaves them out. A trained pair (thesis, Algorithm 1) is one
training and two folds: each of its two models is tested on the other's person, with a threshold of its own. Every fold
weighs the same, however many frames or expressions it has; so the mean of F1 over folds is neither the F1 of the pooled
counts nor the harmonic mean of the means of precision and recall:

    fold     tp fp fn     P      R      F1
    s1        1  0  0     1      1      1
    s2        1  3  2    .25    .33    .29
    mean                 .62    .67    .64      (the harmonic mean of .62 and .67 is .65)
    pooled    2  3  2    .40    .50    .44

A fold that has no value takes no part. Deviations are those of a sample, with n - 1 below; of one fold there is none.
The thesis prints deviations and does not say which; this is mebench's choice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.statistics.additive import Additive

Floats = NDArray[np.float64]

MEAN, DEVIATION = "_fold_mean", "_fold_sd"
"""What is added to the id of a metric."""


def names_over_folds(names: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the means, then those of the deviations, of some metrics."""
    return (*(name + MEAN for name in names), *(name + DEVIATION for name in names))


def parts_over_folds(values: Floats, present: NDArray[np.bool_]) -> Floats:
    """Return what each fold adds: its values, their squares, and a one; zeros for a fold that is not present.

    Parameters
    ----------
    values : shape (..., n_metrics).
    present : shape (...,).
    """
    known = np.where(present[..., None], values, 0.0)
    return np.concatenate((known, known**2, present[..., None].astype(np.float64)), axis=-1)


def over_folds(
    scope: str,
    names: Sequence[str],
    values: Floats,
    present: NDArray[np.bool_],
    key: str,
    among: NDArray[np.int64] | None = None,
) -> Additive:
    """Return the means and deviations of metrics over folds.

    Parameters
    ----------
    scope : of what the values are.
    names : ids of the metrics, such as `f1`.
    values : shape (n_folds, n_metrics), one row for each person of the grading.
    present : shape (n_folds,), which folds have values.
    key : where a card keeps the parts.
    among : rows of the people who are drawn for the interval, all by default. Where the truth alone says which folds
        have a value, those are the ones: no draw is then without any.
    """
    count = int(present.sum())
    is_defined = (count > 0,) * len(names) + (count > 1,) * len(names)
    parts = parts_over_folds(values, present)
    parts = parts if among is None else parts[among]
    return Additive("mean_and_deviation", scope, names_over_folds(names), parts, is_defined, among, key)
