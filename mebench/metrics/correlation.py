"""Correlation of paired series, column by column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def pearson(first: NDArray[np.floating], second: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return Pearson's r of each column (eq. 3.14); NaN where one of the two does not vary.

    Parameters
    ----------
    first, second : shape (n, columns).
    """
    a, b = (np.asarray(x, np.float64) for x in (first, second))
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    steady = (np.ptp(first, axis=0) == 0) | (np.ptp(second, axis=0) == 0)
    norm = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.divide((a * b).sum(axis=0), norm, out=np.full(a.shape[1], np.nan), where=~steady & (norm > 0))


def spearman(first: NDArray[np.floating], second: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return Spearman's rho of each column: Pearson's r of the ranks, those of equal values averaged.

    Parameters
    ----------
    first, second : shape (n, columns).
    """
    return pearson(_ranks(first), _ranks(second))


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the rank of every value within its column, from 1; equal values have the mean of their ranks."""
    ranks = np.empty(values.shape, np.float64)
    for column in range(values.shape[1]):
        _, where, counts = np.unique(values[:, column], return_inverse=True, return_counts=True)
        last = np.cumsum(counts)
        ranks[:, column] = (last - (counts - 1) / 2)[where]
    return ranks
