"""Ranks with intervals: where methods could stand if other subjects of the kind had been recorded.

Conventions
-----------
A resample draws subjects with replacement, the same ones for all methods, and all are ranked on it. Merits are such
that more is better, and methods of equal merit share all the places that they fill together. The interval of a rank
goes from the best place of all but 2.5% of the resamples to the worst place of all but 2.5%, and never leaves out the
place of the subjects as they are. The resamples are those of `bootstrap`, so differences have the intervals that
`compare` gives.

    merit of    as recorded   1st resample   2nd resample
    a               .5             .6             .4
    b               .4             .4             .4          a: 1, 1, 1-2   b: 2, 2, 1-2
    c               .1             .2             .3          c: 3, 3, 3
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.statistics.bootstrap import RESAMPLES, SEED, drawn_weights
from mebench.metrics.statistics.kinds import Statistic

Floats = NDArray[np.float64]

_SLACK = 1e-12
"""Merits that are equal as fractions may differ by rounding; they count as equal."""


def resampled_values(
    parts: Sequence[NDArray[np.generic]],
    statistic: Statistic,
    column: int = 0,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Floats:
    """Return one value of each method on every resample of the subjects that all of them share.

    Parameters
    ----------
    parts : what each subject adds under each method, shape (n_subjects, n_parts) each, in the same order of subjects.
    statistic : turns sums of shape (n, n_parts) into values of shape (n, n_values).
    column : which of the values.
    resamples, seed : see `bootstrap.weights`.

    Returns
    -------
    Shape (n_methods, resamples); without methods, (0, resamples).

    Raises
    ------
    ValueError : for shapes that differ.
    """
    shapes = {np.shape(rows) for rows in parts}
    if len(shapes) > 1:
        raise ValueError(f"the parts have shapes {sorted(shapes)}")
    tables = [np.asarray(rows, np.float64) for rows in parts]
    values = np.empty((len(tables), resamples))
    start = 0
    for block in drawn_weights(len(tables[0]), resamples, seed) if tables else ():
        for row, table in zip(values, tables, strict=True):
            row[start : start + len(block)] = statistic(block @ table)[:, column]
        start += len(block)
    return values


def places(merits: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst place of each method in each column; they differ for methods of equal merit.

    Parameters
    ----------
    merits : shape (n_methods, n); more is better.

    Returns
    -------
    Two arrays of shape (n_methods, n), places from 1.
    """
    best, worst = (np.empty(np.shape(merits), np.int64) for _ in range(2))
    for i, merit in enumerate(merits):
        best[i] = 1 + (merits > merit + _SLACK).sum(axis=0)
        worst[i] = (merits >= merit - _SLACK).sum(axis=0)
    return best, worst


def rank_intervals(merits: Floats, observed: Floats, *, level: float = 0.95) -> NDArray[np.int64]:
    """Return the interval of each method's rank.

    Parameters
    ----------
    merits : of each method on each resample, shape (n_methods, resamples); more is better.
    observed : merits of the subjects as they are, shape (n_methods,).
    level : share of the resamples inside an interval.

    Returns
    -------
    Shape (n_methods, 2): best and worst place, from 1.
    """
    tail = (1 - level) / 2
    if not len(merits):
        return np.empty((0, 2), np.int64)
    best, worst = places(merits)
    now = places(np.asarray(observed, np.float64)[:, None])
    low = np.quantile(best, tail, axis=1, method="inverted_cdf")
    high = np.quantile(worst, 1 - tail, axis=1, method="inverted_cdf")
    ends = np.minimum(low, now[0][:, 0]), np.maximum(high, now[1][:, 0])
    return np.stack(ends, axis=1).astype(np.int64)


def difference_intervals(values: Floats, *, level: float = 0.95) -> Floats:
    """Return the percentile intervals of all paired differences, row minus column.

    Parameters
    ----------
    values : of each method on the same resamples, shape (n_methods, resamples).
    level : share of the resamples inside an interval.

    Returns
    -------
    Shape (n_methods, n_methods, 2), lower and upper end.
    """
    tail = (1 - level) / 2
    ends = np.zeros((len(values), len(values), 2))
    for i in range(len(values) - 1):
        limits = np.quantile(values[i] - values[i + 1 :], (tail, 1 - tail), axis=1)
        ends[i, i + 1 :] = limits.T
        ends[i + 1 :, i] = -limits[::-1].T
    return ends
