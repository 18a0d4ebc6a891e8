"""Per-frame scores as small SVG paths.

Conventions
-----------
Scores have shape (n_frames,). A path lives in a box of n_frames x `LEVELS` units whose top is the highest score; scores
are quantised to whole units. Long videos are reduced to the least and greatest score of each bucket of frames, so that
no peak is lost, however narrow. Spans that must stay visible, such as a micro-expression, have at least `SAMPLES`
buckets of their own, however coarse the rest is:

    frames     1 2 3 4 5 6 7 8 9 ...
    buckets    |---------------|---------------|---------------|
    span                 [=====]
    buckets    |---------| | | |---------------|---------------|
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEVELS = 100
"""Units from the bottom to the top of the box; finer than the pixels of a lane."""
SAMPLES = 3
"""Buckets that a span keeps: a rise, a peak and a fall."""


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """One drawn score curve.

    Attributes
    ----------
    path : SVG path data in a box of `width` x `LEVELS` units.
    width : units from left to right, one for each frame.
    low, high : scores at the bottom and at the top of the box.
    """

    path: str
    width: int
    low: float
    high: float


def bucket_starts(n_frames: int, points: int, spans: Sequence[tuple[int, int]] = ()) -> NDArray[np.int64]:
    """Return the first frame, from 0, of each bucket.

    Parameters
    ----------
    n_frames : length of the video.
    points : at most so many values are drawn, two for each bucket, beside those of the spans; at least 2.
    spans : first and last frame number (1-based, inclusive) of what keeps `SAMPLES` buckets of its own.

    Returns
    -------
    Shape (n_buckets,), ascending from 0; every frame for itself when they are few.
    """
    if n_frames <= points:
        return np.arange(n_frames)
    size = math.ceil(n_frames / (points // 2))
    starts = [np.arange(0, n_frames, size)]
    for onset, offset in spans:
        first, stop = max(onset - 1, 0), min(offset, n_frames)
        if 0 < stop - first < SAMPLES * size:
            starts.append(np.linspace(first, stop, SAMPLES + 1).astype(np.int64))
    found = np.unique(np.concatenate(starts))
    return found[found < n_frames]


def envelope(scores: NDArray[np.floating], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the least and greatest score of each bucket of frames, in the order in which they occur.

    Parameters
    ----------
    scores : shape (n_frames,), finite.
    starts : first frame of each bucket, see `bucket_starts`.

    Returns
    -------
    Shape (n_buckets, 2).
    """
    values = np.asarray(scores, dtype=np.float64)
    if not len(values):
        return np.empty((0, 2))
    least, greatest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    bucket = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(values)))
    later = _first(values == least[bucket], bucket) > _first(values == greatest[bucket], bucket)
    return np.where(later[:, None], np.stack((greatest, least), axis=1), np.stack((least, greatest), axis=1))


def _first(is_there: NDArray[np.bool_], bucket: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first place in each bucket where something is there."""
    where = np.flatnonzero(is_there)
    return where[np.unique(bucket[where], return_index=True)[1]]


def draw(
    scores: NDArray[np.floating],
    low: float,
    high: float,
    points: int = 600,
    spans: Sequence[tuple[int, int]] = (),
) -> Curve:
    """Return the path of a score curve between two fixed levels.

    Parameters
    ----------
    scores : shape (n_frames,); values that are no number are drawn at the bottom.
    low, high : scores at the bottom and the top of the box; what lies outside is cut.
    points, spans : see `bucket_starts`.
    """
    finite = np.nan_to_num(np.asarray(scores, dtype=np.float64), nan=low, posinf=high, neginf=low)
    starts = bucket_starts(len(finite), points, spans)
    reach = high - low if high > low else 1.0
    units = LEVELS - np.rint(np.clip((envelope(finite, starts) - low) / reach, 0, 1) * LEVELS).astype(int)
    return Curve(_path(units, np.diff(starts, append=len(finite))), len(finite), low, high)


def _path(units: NDArray[np.int_], widths: NDArray[np.int64]) -> str:
    """Write each bucket as its own rise and fall, then a step over its frames; closed along the bottom."""
    pieces = [f"M0 {LEVELS}"]
    level, step = LEVELS, 0
    for bucket, width in zip(units.tolist(), widths.tolist(), strict=True):
        for value in bucket:
            if value != level:
                pieces.append(f"h{step}v{value - level}" if step else f"v{value - level}")
                level, step = value, 0
        step += width
    return "".join(pieces) + (f"h{step}" if step else "") + f"V{LEVELS}"


def shared_range(columns: list[NDArray[np.floating]]) -> tuple[float, float]:
    """Return the levels between which all curves of one method and one type are drawn.

    Scores that stay within 0 and 1 keep 0 as their bottom, so that a method that is never sure looks unsure.

    Parameters
    ----------
    columns : the scores of every video, each of shape (n_frames,).
    """
    values = [c[np.isfinite(c)] for c in columns]
    values = [v for v in values if v.size]
    if not values:
        return 0.0, 1.0
    low, high = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    if low >= 0:
        low = 0.0
    return (low, high) if high > low else (low, low + 1.0)
