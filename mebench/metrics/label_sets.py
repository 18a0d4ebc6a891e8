"""Metrics of several labels a clip: F1 of each label as a yes-or-no question, and means over the labels.

Conventions
-----------
Each label is a question of its own: true positives, false positives and false negatives of "it is there". Clips that
rightly have no label add nothing, so accuracy has no say. The mean is over the labels of the protocol; one that no
clip has and nobody predicts keeps its place as 0, unless `drop_absent` asks otherwise. Counts are pooled first. Where
several groups are asked for (databases), the mean over labels is taken in each group, and then over the groups.

That is how meb scores CD6ME (arXiv 2211.11425): saying that every action unit is there gets .161 on CASME, where AU5
never occurs and counts as 0, and .194 on CASME II.

Metrics
-------
`label_counts` : tp, fp, fn of each label.
`label_set_values` : uf1, uar, macro_precision.
`label_set_statistic` : the same of flat sums, see `statistics.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.intervals import ratios

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NAMES = ("uf1", "uar", "macro_precision")
"""Order of the values of `label_set_values`."""
_FROM_RATIOS = (2, 1, 0)
"""Where F1, recall and precision stand among the ratios of counts."""


def label_counts(truth: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> Ints:
    """Count what is there and what is said to be there.

    Parameters
    ----------
    truth, predicted : shape (n_clips, n_labels).

    Returns
    -------
    Shape (n_clips, n_labels, 3): tp, fp, fn.

    Raises
    ------
    ValueError : for shapes that differ.
    """
    t, p = np.asarray(truth, bool), np.asarray(predicted, bool)
    if t.shape != p.shape or t.ndim != 2:
        raise ValueError(f"truth has shape {t.shape}, predicted has shape {p.shape}")
    return np.stack([t & p, ~t & p, t & ~p], axis=-1).astype(np.int64)


def label_set_values(counts: NDArray[Any], *, drop_absent: bool = False) -> Floats:
    """Return means over labels of F1, recall and precision, and means of these over groups that have clips.

    Parameters
    ----------
    counts : tp, fp, fn, shape (..., n_groups, n_labels, 3).
    drop_absent : leave labels out that a group neither has nor is said to have.

    Returns
    -------
    Shape (..., 3) in the order of `NAMES`; 0/0 is 0.
    """
    numbers = np.asarray(counts, np.float64)
    seen: NDArray[np.bool_] = np.asarray(numbers.any(axis=-1))
    kept = (seen if drop_absent else np.ones_like(seen))[..., None]
    of_label = ratios(numbers)[..., _FROM_RATIOS]
    of_group = (of_label * kept).sum(axis=-2) / np.maximum(kept.sum(axis=-2), 1)
    present = seen.any(axis=-1, keepdims=True)
    means: Floats = (of_group * present).sum(axis=-2) / np.maximum(present.sum(axis=-2), 1)
    return means


def label_set_statistic(n_labels: int, n_groups: int = 1, drop_absent: bool = False) -> Callable[[Floats], Floats]:
    """Return `label_set_values` as a function of flat counts of shape (n, n_groups * n_labels * 3)."""
    return lambda sums: label_set_values(sums.reshape(*sums.shape[:-1], n_groups, n_labels, 3), drop_absent=drop_absent)
