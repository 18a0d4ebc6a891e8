"""Thresholds read off the ROC curve of the validation subject (thesis 5.4.5).

Conventions
-----------
A frame is predicted positive when its score is at or above the threshold. The published text says only "based on the
ROC curve"; all three rules offered here are mebench's readings of it.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Rule = Literal["youden", "corner", "f1"]


def roc_threshold(scores: NDArray[np.floating], labels: NDArray[np.bool_], rule: Rule = "youden") -> float | None:
    """Return the threshold at the best point of the ROC curve.

    Parameters
    ----------
    scores : shape (n,), finite; larger means more certain.
    labels : shape (n,), whether each frame lies in an event.
    rule : `youden` maximises TPR - FPR, `corner` minimises the distance to (FPR 0, TPR 1), `f1` maximises the
        frame-wise F1. Of equally good points the one with the highest threshold is taken.

    Returns
    -------
    A value halfway between the lowest accepted score and the next one below, or None when all labels are equal, for
    then there is no curve.
    """
    positives = int(np.count_nonzero(labels))
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        return None
    order = np.argsort(-scores, kind="stable")
    descending = np.asarray(scores, dtype=np.float64)[order]
    last_of_value = np.r_[np.flatnonzero(np.diff(descending)), len(descending) - 1]
    true = np.cumsum(labels[order], dtype=np.int64)[last_of_value]
    false = last_of_value + 1 - true
    best = int(np.argmax(_quality(true, false, positives, negatives, rule)))
    lowest = descending[last_of_value[best]]
    below = descending[last_of_value[best] + 1] if best + 1 < len(last_of_value) else lowest
    return float((lowest + below) / 2)


def _quality(
    true: NDArray[np.integer], false: NDArray[np.integer], positives: int, negatives: int, rule: Rule
) -> NDArray[np.float64]:
    tpr, fpr = true / positives, false / negatives
    if rule == "youden":
        return np.asarray(tpr - fpr)
    if rule == "corner":
        return np.asarray(-np.hypot(1 - tpr, fpr))
    return np.asarray(2 * true / (true + false + positives))
