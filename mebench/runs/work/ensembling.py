"""One answer from several models: how `mebench spot --run` uses the models of all folds.

Conventions
-----------
Per-frame scores are averaged, raw ones as well where every model has some; of their thresholds the median is taken. An
interval is kept when at least half of the models spotted it: starting from the most
certain interval, each model adds the interval of the same type that overlaps it most (IoU >= 0.5, inclusive frames);
onset, offset and score of the result are medians. Of recognisers the probabilities of each class are averaged, each
model counting the same. Nobody has published how the models of a leave-subjects-out run should be used on a new video;
this is mebench's choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.methods.spotting.base import SpottedInterval, Spotting

IOU = 0.5


def combine(spottings: Sequence[Spotting]) -> Spotting:
    """Combine what several models say about one video.

    Parameters
    ----------
    spottings : one of each model, all of the same number of frames; at least one.
    """
    if len(spottings) == 1:
        return spottings[0]
    stacked = np.stack([spotting.scores for spotting in spottings])
    scores = np.asarray(stacked.mean(axis=0, dtype=np.float64), dtype=np.float32)
    left = [sorted(spotting.intervals, key=_certainty) for spotting in spottings]
    agreed = []
    while any(left):
        group = _take_group(left)
        if 2 * len(group) >= len(spottings):
            agreed.append(_median(group))
    return Spotting(tuple(sorted(agreed, key=lambda i: (i.onset, i.offset, i.type))), scores, *_raw(spottings))


def mean_probabilities(answers: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean probability of each class.

    Parameters
    ----------
    answers : of each model, all for the same classes; at least one.

    >>> mean_probabilities([{"negative": 1.0, "positive": 0.0}, {"negative": 0.5, "positive": 0.5}])
    {'negative': 0.75, 'positive': 0.25}
    """
    return {label: sum(answer[label] for answer in answers) / len(answers) for label in answers[0]}


def _raw(spottings: Sequence[Spotting]) -> tuple[NDArray[np.float32] | None, tuple[float, ...] | None]:
    """Return the mean of the raw scores and the median of their thresholds, each None where a model has none."""
    raw = [spotting.raw for spotting in spottings if spotting.raw is not None]
    levels = [spotting.raw_thresholds for spotting in spottings if spotting.raw_thresholds is not None]
    if len(raw) < len(spottings):
        return None, None
    mean = np.asarray(np.mean(raw, axis=0, dtype=np.float64), dtype=np.float32)
    if len(levels) < len(spottings):
        return mean, None
    return mean, tuple(float(level) for level in np.quantile(levels, 0.5, axis=0, method="inverted_cdf"))


def _take_group(left: list[list[SpottedInterval]]) -> list[SpottedInterval]:
    """Take the most certain interval that is left, and from each model the one that overlaps it most."""
    seed = min((intervals[0] for intervals in left if intervals), key=_certainty)
    group = []
    for intervals in left:
        best = max(intervals, key=lambda i: overlap(seed, i), default=None)
        if best is not None and overlap(seed, best) >= IOU:
            intervals.remove(best)
            group.append(best)
    return group


def _certainty(interval: SpottedInterval) -> tuple[float, int, int, str]:
    """Sort by falling score; ties by place, so that the order of the models does not matter."""
    return (-interval.score, interval.onset, interval.offset, interval.type)


def overlap(a: SpottedInterval, b: SpottedInterval) -> float:
    """Return the IoU of two intervals in inclusive frames, 0 when their types differ."""
    common = min(a.offset, b.offset) - max(a.onset, b.onset) + 1
    if a.type != b.type or common <= 0:
        return 0.0
    return common / (max(a.offset, b.offset) - min(a.onset, b.onset) + 1)


def _median(group: Sequence[SpottedInterval]) -> SpottedInterval:
    onset, offset, score = np.median([(i.onset, i.offset, i.score) for i in group], axis=0)
    return SpottedInterval(round(onset), round(offset), group[0].type, float(score))
