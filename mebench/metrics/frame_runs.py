"""Runs of frames above a threshold, and the operations on them.

Conventions
-----------
Runs are integer arrays of shape (n, 2): first and last frame *index* (0-based), both inclusive, in rising order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Runs = NDArray[np.int64]


def runs_above(curve: NDArray[np.floating], threshold: float, *, strictly: bool = False) -> Runs:
    """Return the runs of frames whose score is at or above the threshold, or only above it; NaN is in no run.

    >>> runs_above(np.array([0.9, 0.1, 0.8, 0.8, 0.2]), 0.5)
    array([[0, 0],
           [2, 3]])
    """
    values = np.asarray(curve)
    padded = np.concatenate([[False], values > threshold if strictly else values >= threshold, [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return np.stack([edges[::2], edges[1::2] - 1], axis=1).astype(np.int64)


def lengths(runs: Runs) -> NDArray[np.int64]:
    """Return the number of frames of each run."""
    return np.asarray(runs[:, 1] - runs[:, 0] + 1, dtype=np.int64)


def keep_lengths(runs: Runs, shortest: float, longest: float = np.inf, counts: NDArray[np.int64] | None = None) -> Runs:
    """Return the runs of `shortest` to `longest` frames, both inclusive.

    Parameters
    ----------
    counts : shape (n,), the lengths of the runs where they are not their numbers of frames, as in `Timing.lengths`.
    """
    count = lengths(runs) if counts is None else counts
    return runs[(count >= shortest) & (count <= longest)]


def merge(runs: Runs, gap: int) -> Runs:
    """Join neighbouring runs with at most `gap` frames between them.

    >>> merge(np.array([[0, 4], [7, 9], [20, 21]]), 2)
    array([[ 0,  9],
           [20, 21]])
    """
    if len(runs) == 0:
        return runs
    apart = runs[1:, 0] - runs[:-1, 1] - 1 > gap
    return np.stack([runs[np.r_[True, apart], 0], runs[np.r_[apart, True], 1]], axis=1)
