"""The two post-processings of the thesis (5.4.5): automated IoU, and the multi-scale filter.

Conventions
-----------
Scores have shape (n_frames, 2), columns micro and macro (`methods.base.MICRO`, `MACRO`). `skips` are the frame skips
(short, long) in frames, from which filter widths follow where the settings name none. A threshold of infinity says
that a type is never predicted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.methods.spotting.base import MACRO, MICRO, SpottedInterval
from mebench.methods.spotting.postprocess.config import PostprocessConfig
from mebench.methods.spotting.postprocess.smoothing import butterworth, centre, savitzky_golay, stretch
from mebench.metrics.frame_runs import Runs, keep_lengths, lengths, merge, runs_above
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType
from mebench.schema.timing import Timing

NORMALISE: dict[str, Callable[[NDArray[np.floating]], NDArray[np.float64]]] = {
    "centre": centre,
    "range": stretch,
    "none": lambda curve: np.asarray(curve, dtype=np.float64),
}
TYPES = {MICRO: ExpressionType.MICRO, MACRO: ExpressionType.MACRO}


def condition(
    scores: NDArray[np.floating], skips: Sequence[int], config: PostprocessConfig, presence: Presence | None = None
) -> NDArray[np.float32]:
    """Normalise and smooth the scores of one video.

    Parameters
    ----------
    presence : where its face was found, by default everywhere: frames without one take no part in the normalisation,
        and each stretch is smoothed on its own.

    Returns
    -------
    float32 array of shape (n_frames, 2), the curves on which thresholds are chosen and applied; 0 without a face.
    """
    seen = presence or Presence.everywhere(len(scores))
    curves = np.zeros((len(scores), 2), np.float32)
    cutoffs = {MICRO: config.micro_cutoff, MACRO: config.macro_cutoff}
    for column, cutoff in cutoffs.items():
        levels = np.zeros(len(scores))
        levels[seen.found] = NORMALISE[config.normalise](scores[seen.found, column])
        for start, stop in seen.stretches():
            curves[start:stop, column] = _smooth(levels[start:stop], skips[column], cutoff, config)
    return curves


def _smooth(values: NDArray[np.float64], skip: int, cutoff: float, config: PostprocessConfig) -> NDArray[np.float64]:
    if config.postprocess == "multi_scale":
        return savitzky_golay(values, config.savgol_window or 2 * skip + 1, config.savgol_order)
    return butterworth(values, cutoff / skip, config.butterworth_order)


def typed_intervals(
    curves: NDArray[np.floating],
    thresholds: Sequence[float],
    fps: float,
    skips: Sequence[int],
    config: PostprocessConfig,
    timing: Timing | None = None,
) -> tuple[SpottedInterval, ...]:
    """Return the intervals of each type where its own curve is at or above its own threshold.

    Parameters
    ----------
    curves : shape (n_frames, 2), from `condition`.
    thresholds : one for micro, one for macro.
    fps : frames per second, turns the shortest and longest durations into frames.
    timing : when the frames were taken, where it is not at that rate.
    """
    bounds = {
        MICRO: (config.micro_minimum, config.micro_maximum),
        MACRO: (config.macro_minimum, None),
    }
    found: list[SpottedInterval] = []
    for column, (shortest, longest) in bounds.items():
        runs = _runs(curves[:, column], thresholds[column], skips[column], config)
        most = np.inf if longest is None else longest * fps
        kept = keep_lengths(runs, shortest * fps, most, _counts(runs, timing))
        found += _named(kept, curves[:, column], [TYPES[column]] * len(kept))
    found = _without_covered(found, len(curves), config.micro_overlap)
    return tuple(sorted(found, key=lambda interval: (interval.onset, interval.offset, interval.type)))


def _without_covered(found: Sequence[SpottedInterval], count: int, allowed: float) -> list[SpottedInterval]:
    """Drop micro intervals of which more than a share `allowed` lies inside macro intervals."""
    covered = np.zeros(count + 1)
    for interval in found:
        if interval.type == ExpressionType.MACRO:
            covered[interval.onset : interval.offset + 1] = 1

    def keep(interval: SpottedInterval) -> bool:
        inside = float(covered[interval.onset : interval.offset + 1].mean())
        return interval.type == ExpressionType.MACRO or inside <= allowed

    return [interval for interval in found if keep(interval)]


def movement_intervals(
    curve: NDArray[np.floating],
    threshold: float,
    fps: float,
    skip: int,
    config: PostprocessConfig,
    timing: Timing | None = None,
) -> tuple[SpottedInterval, ...]:
    """Return the intervals of one movement curve, typed by their duration: micro up to `micro_limit` seconds.

    Parameters are those of `typed_intervals`, for one curve.
    """
    runs = _runs(curve, threshold, skip, config)
    runs = keep_lengths(runs, config.micro_minimum * fps, counts=_counts(runs, timing))
    limit = config.micro_limit * fps
    kinds = [TYPES[MICRO] if count <= limit else TYPES[MACRO] for count in _counts(runs, timing)]
    return tuple(_named(runs, curve, kinds))


def _counts(runs: Runs, timing: Timing | None) -> NDArray[np.int64]:
    """Return the lengths of runs in frames of the mean rate."""
    return lengths(runs) if timing is None else timing.lengths(runs)


def _runs(curve: NDArray[np.floating], threshold: float, skip: int, config: PostprocessConfig) -> Runs:
    runs = runs_above(curve, threshold)
    if config.postprocess == "multi_scale":
        runs = merge(runs, skip // 2 if config.merge_gap is None else config.merge_gap)
    return runs


def _named(runs: Runs, curve: NDArray[np.floating], kinds: Sequence[ExpressionType]) -> list[SpottedInterval]:
    return [
        SpottedInterval(int(first) + 1, int(last) + 1, kind, float(curve[first : last + 1].mean()))
        for (first, last), kind in zip(runs, kinds, strict=True)
    ]
