"""Per-frame scores as small SVG paths.

Conventions
-----------
Scores have shape (n_frames,). A path lives in a box of `width` x `LEVELS` units whose top is the highest score; scores
are quantised to whole units. Long videos are reduced to the least and greatest score of each bucket of frames, so that
no peak is lost, however narrow.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

LEVELS = 100
"""Units from the bottom to the top of the box; finer than the pixels of a lane."""


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """One drawn score curve.

    Attributes
    ----------
    path : SVG path data in a box of `width` x `LEVELS` units.
    width : units from left to right, one for each bucket; the last bucket may be cut.
    low, high : scores at the bottom and at the top of the box.
    """

    path: str
    width: float
    low: float
    high: float


def envelope(scores: NDArray[np.floating], points: int) -> tuple[NDArray[np.float64], int]:
    """Return the least and greatest score of each bucket of frames, in the order in which they occur.

    Parameters
    ----------
    scores : shape (n_frames,), finite.
    points : at most so many values are returned; at least 2.

    Returns
    -------
    Array of shape (buckets, 2) with `2 * buckets <= points`, and the frames of a bucket, of which the last may have
    fewer; or an array of shape (n_frames, 1) with all scores, and 1, when they are few.
    """
    values = np.asarray(scores, dtype=np.float64)
    if len(values) <= points:
        return values[:, None], 1
    size = math.ceil(len(values) / (points // 2))
    buckets = np.pad(values, (0, -len(values) % size), mode="edge").reshape(-1, size)
    places = np.sort(np.stack((buckets.argmin(axis=1), buckets.argmax(axis=1)), axis=1), axis=1)
    return np.take_along_axis(buckets, places, axis=1), size


def draw(scores: NDArray[np.floating], low: float, high: float, points: int = 600) -> Curve:
    """Return the path of a score curve between two fixed levels.

    Parameters
    ----------
    scores : shape (n_frames,); values that are no number are drawn at the bottom.
    low, high : scores at the bottom and the top of the box; what lies outside is cut.
    points : at most so many values are drawn.
    """
    finite = np.nan_to_num(np.asarray(scores, dtype=np.float64), nan=low, posinf=high, neginf=low)
    pairs, size = envelope(finite, points)
    reach = high - low if high > low else 1.0
    units = LEVELS - np.rint(np.clip((pairs - low) / reach, 0, 1) * LEVELS).astype(int)
    return Curve(_path(units), round(len(finite) / size, 3), low, high)


def _path(units: NDArray[np.int_]) -> str:
    """Write each bucket as its own rise and fall, then one step to the right; closed along the bottom."""
    pieces = [f"M0 {LEVELS}"]
    level = LEVELS
    for bucket in units.tolist():
        for value in bucket:
            if value != level:
                pieces.append(f"v{value - level}")
            level = value
        pieces.append("h1")
    return "".join(pieces) + f"V{LEVELS}"


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
