"""Frame-by-frame metrics: ROC, AUC, the ROC threshold, and frame-wise F1.

Conventions
-----------
Labels are booleans, one a frame; larger scores mean more certain. Frames of all videos are pooled before anything is
divided, as MEGC's rules pool intervals; the thesis (3.5.4, 5.4.4) does not say so, and its Tables 5.1 and 5.2 are means
over folds. Ties are exact: tied scores form one point of the curve and count one half in
the AUC. Where one class is absent a value is 0 and `defined` is False, never NaN.

Metrics
-------
`roc_curve`, `auc`, `roc_threshold`, `auc_interval`, `frame_counts`, `covered_counts`.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.statistics.bootstrap import SEED, weights

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]

Rule = Literal["youden", "corner", "f1"]

Spans = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""(video, onset, offset) of intervals, arrays of shape (n,)."""

_BINS = 1024
_RESAMPLES = 2_000


def roc_curve(labels: Labels, scores: Scores) -> tuple[Floats, Floats, Floats]:
    """Return the ROC curve (thesis section 3.5.4).

    Parameters
    ----------
    labels, scores : shape (n,); scores must be finite.

    Returns
    -------
    False positive rate, true positive rate and threshold (a frame is positive when its score is >= threshold) of each
    distinct score, falling, after the point (0, 0) at infinity. Rates of an absent class are 0.

    Raises
    ------
    ValueError : for shapes that differ or scores that are not finite.
    """
    positives, negatives, thresholds = _cumulated(labels, scores)
    return negatives / max(int(negatives[-1]), 1), positives / max(int(positives[-1]), 1), thresholds


def _cumulated(labels: Labels, scores: Scores) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Count the positives and negatives at or above each distinct score, falling, after none at infinity."""
    labels, scores = _checked(labels, scores)
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), len(ordered) - 1) if len(ordered) else order
    positives = np.cumsum(labels[order])[last]
    zero = np.zeros(1, np.int64)
    thresholds = np.concatenate(([np.inf], ordered[last].astype(np.float64)))
    return np.concatenate((zero, positives)), np.concatenate((zero, last + 1 - positives)), thresholds


def auc(labels: Labels, scores: Scores) -> tuple[float, bool]:
    """Return the area under the ROC curve: the share of (positive, negative) pairs in order, ties counting one half.

    Returns
    -------
    (value, defined); (0.0, False) when one class is absent.

    Raises
    ------
    ValueError : for shapes that differ or scores that are not finite.
    """
    positives, negatives, _ = _cumulated(labels, scores)
    pairs = int(positives[-1]) * int(negatives[-1])
    if not pairs:
        return 0.0, False
    return int(np.sum(np.diff(negatives) * (positives[1:] + positives[:-1]))) / (2 * pairs), True


def roc_threshold(labels: Labels, scores: Scores, rule: Rule = "youden") -> float | None:
    """Return the threshold at the best point of the ROC curve (thesis 5.4.5).

    Use it on validation data; a threshold taken from test frames has seen the answer. The published text says only
    "based on the ROC curve"; all three rules offered here are mebench's readings of it. Of equally good points the one
    with the highest threshold is taken, as far as rounded rates tell them to be equal.

    Parameters
    ----------
    labels, scores : shape (n,); scores must be finite.
    rule : `youden` maximises TPR - FPR, `corner` minimises the distance to (FPR 0, TPR 1), `f1` maximises the
        frame-wise F1.

    Returns
    -------
    A value halfway between the lowest accepted score and the next one below (a frame is positive when its score is at
    or above it), or None when one class is absent, for then there is no curve.

    Raises
    ------
    ValueError : for shapes that differ or scores that are not finite.
    """
    positives, negatives, thresholds = _cumulated(labels, scores)
    if not positives[-1] or not negatives[-1]:
        return None
    best = 1 + int(np.argmax(_quality(positives[1:], negatives[1:], rule)))
    below = thresholds[min(best + 1, len(thresholds) - 1)]
    return float((thresholds[best] + below) / 2)


def _quality(true: NDArray[np.int64], false: NDArray[np.int64], rule: Rule) -> Floats:
    """Rate the points of a ROC curve given as counts at or above each score; the last one counts every frame."""
    positives, negatives = int(true[-1]), int(false[-1])
    tpr, fpr = true / positives, false / negatives
    if rule == "youden":
        return np.asarray(tpr - fpr)
    if rule == "corner":
        return np.asarray(-np.hypot(1 - tpr, fpr))
    return np.asarray(2 * true / (true + false + positives))


def auc_interval(labels: Labels, scores: Scores, subject: NDArray[np.int64]) -> tuple[float, float] | None:
    """Return the 95% interval of the pooled AUC by bootstrap over subjects.

    Scores are put into up to 1,024 bins of equal frequency, which moves an AUC by less than one in a thousand;
    resamples that hold one class only have no AUC and are left out. Where that would leave the AUC itself outside, as
    of scores that part the classes without a fault, the interval is widened to it.

    Parameters
    ----------
    labels, scores, subject : shape (n,); `subject` numbers the subjects from 0.

    Returns
    -------
    Lower and upper end, or None for fewer than two subjects or an absent class.
    """
    labels, scores = _checked(labels, scores)
    n_subjects = int(subject.max()) + 1 if len(subject) else 0
    if n_subjects < 2 or not labels.any() or labels.all():
        return None
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, _BINS + 1)[1:-1]))
    cell = subject * _BINS + np.searchsorted(edges, scores, side="right")
    shape = (n_subjects, _BINS)
    drawn = weights(n_subjects, _RESAMPLES, SEED)
    positive = drawn @ np.bincount(cell[labels], minlength=n_subjects * _BINS).reshape(shape)
    negative = drawn @ np.bincount(cell[~labels], minlength=n_subjects * _BINS).reshape(shape)
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    below = np.cumsum(negative, axis=1) - negative / 2
    values = np.sum(positive * below, axis=1)[pairs > 0] / pairs[pairs > 0]
    low, high = np.quantile(values, (0.025, 0.975))
    value, _ = auc(labels, scores)
    return min(float(low), value), max(float(high), value)


def frame_counts(predicted: Labels, labels: Labels) -> tuple[int, int, int]:
    """Count frames: true positives, false positives, false negatives.

    Raises
    ------
    ValueError : for shapes that differ.
    """
    if predicted.shape != labels.shape:
        raise ValueError(f"predicted has shape {predicted.shape}, labels have shape {labels.shape}")
    tp = int(np.count_nonzero(predicted & labels))
    return tp, int(np.count_nonzero(predicted)) - tp, int(np.count_nonzero(labels)) - tp


def covered_counts(predicted: Spans, true: Spans, n_videos: int) -> NDArray[np.int64]:
    """Count the frames that lie in predicted and in true intervals, without ever laying out the frames.

    Parameters
    ----------
    predicted, true : (video, onset, offset) arrays; overlapping intervals cover a frame once.
    n_videos : number of videos.

    Returns
    -------
    Shape (n_videos, 3): tp, fp, fn in frames.
    """
    last = max((int(side[2].max()) for side in (predicted, true) if len(side[2])), default=0)
    stride = last + 2
    p_start, p_end = _union(*predicted, stride)
    t_start, t_end = _union(*true, stride)
    before = np.concatenate(([0], np.cumsum(p_end - p_start)))
    shared = _covered_until(t_end, p_start, p_end, before) - _covered_until(t_start, p_start, p_end, before)
    tp = _add_up(t_start // stride, shared, n_videos)
    n = _add_up(p_start // stride, p_end - p_start, n_videos)
    m = _add_up(t_start // stride, t_end - t_start, n_videos)
    return np.stack((tp, n - tp, m - tp), axis=1)


def _union(
    video: NDArray[np.int64], onset: NDArray[np.int64], offset: NDArray[np.int64], stride: int
) -> tuple[Any, Any]:
    """Join overlapping intervals into half-open ones on one long axis, a video every `stride` frames."""
    proper = offset >= onset
    order = np.lexsort((onset[proper], video[proper]))
    start = (video[proper] * stride + onset[proper])[order]
    reach = np.maximum.accumulate((video[proper] * stride + offset[proper] + 1)[order]) if len(order) else start
    fresh = np.flatnonzero(np.concatenate(([True], start[1:] > reach[:-1]))) if len(start) else order
    return start[fresh], reach[np.append(fresh[1:] - 1, len(start) - 1)] if len(fresh) else start


def _covered_until(at: Any, start: Any, end: Any, before: Any) -> Any:
    """Return how many covered frames lie before each position."""
    i = np.searchsorted(start, at, side="right")
    inside = np.minimum(at, end[i - 1]) - start[i - 1] if len(start) else np.zeros_like(at)
    return np.where(i > 0, before[np.maximum(i - 1, 0)] + inside, 0)


def _add_up(video: NDArray[np.int64], frames: NDArray[np.int64], n_videos: int) -> NDArray[np.int64]:
    total = np.zeros(n_videos, np.int64)
    np.add.at(total, video, frames)
    return total


def _checked(labels: Labels, scores: Scores) -> tuple[Labels, Scores]:
    labels, scores = np.asarray(labels, bool), np.asarray(scores)
    if labels.shape != scores.shape or labels.ndim != 1:
        raise ValueError(f"labels have shape {labels.shape}, scores have shape {scores.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("scores hold NaN or infinity")
    return labels, scores
