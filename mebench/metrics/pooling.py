"""From counts of subjects to a statistic: pool, then divide; or average the subjects' ratios.

Conventions
-----------
Either way the statistic is a function of a sum over subjects, so resampling and swapping subjects are sums as well.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.intervals import ratios

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]


def pooled_statistic(counts: NDArray[np.generic], pooling: str) -> tuple[NDArray[np.generic], Statistic]:
    """Return what is added up over subjects, and how the sum becomes precision, recall and F1.

    Parameters
    ----------
    counts : tp, fp, fn of each subject, shape (n_subjects, ..., 3).
    pooling : `counts` or `mean`, as in `Convention.pooling`.

    Returns
    -------
    A table whose first axis is the subject, and a function that turns its sums of shape (..., k) into shape (..., 3).
    """
    return (_averaged(counts), _average) if pooling == "mean" else (counts, ratios)


def _averaged(counts: NDArray[np.generic]) -> Floats:
    """Return what is added up for a mean over subjects: the ratios of those with any count, and their number."""
    present = (counts != 0).any(axis=-1, keepdims=True).astype(np.float64)
    return np.concatenate((ratios(counts) * present, present), axis=-1)


def _average(added: Floats) -> Floats:
    return added[..., :3] / np.maximum(added[..., 3:], 1)
