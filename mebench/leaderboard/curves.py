"""Per-frame scores as small SVG paths.

Conventions
-----------
Scores have shape (n_frames,). A path lives in a box of `width` x `LEVELS` units whose top is the highest score; scores
are quantised to whole units. Long videos are reduced to the least and greatest score of each bucket of frames, so that
no peak is lost, however narrow.
"""

from __future__ import annotations

import dataclasses
import itertools

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
    width : units from left to right.
    low, high : scores at the bottom and at the top of the box.
    """

    path: str
    width: int
    low: float
    high: float


def envelope(scores: NDArray[np.floating], points: int) -> NDArray[np.float64]:
    """Return the least and greatest score of each bucket of frames, in the order in which they occur.

    Parameters
    ----------
    scores : shape (n_frames,), finite.
    points : at most so many values are returned; at least 2.

    Returns
    -------
    Array of shape (buckets, 2) with `2 * buckets <= points`, or (n_frames, 1) with all scores when they are few.
    """
    values = np.asarray(scores, dtype=np.float64)
    if len(values) <= points:
        return values[:, None]
    edges = np.linspace(0, len(values), points // 2 + 1).astype(int)
    pairs = np.empty((points // 2, 2))
    for bucket, (start, stop) in enumerate(itertools.pairwise(edges.tolist())):
        part = values[start:stop]
        low, high = int(part.argmin()), int(part.argmax())
        pairs[bucket] = part[[min(low, high), max(low, high)]]
    return pairs


def draw(scores: NDArray[np.floating], low: float, high: float, points: int = 600) -> Curve:
    """Return the path of a score curve between two fixed levels.

    Parameters
    ----------
    scores : shape (n_frames,); values that are no number are drawn at the bottom.
    low, high : scores at the bottom and the top of the box; what lies outside is cut.
    points : at most so many values are drawn.
    """
    finite = np.nan_to_num(np.asarray(scores, dtype=np.float64), nan=low, posinf=high, neginf=low)
    pairs = envelope(finite, points)
    reach = high - low if high > low else 1.0
    units = LEVELS - np.rint(np.clip((pairs - low) / reach, 0, 1) * LEVELS).astype(int)
    return Curve(_path(units), len(units), low, high)


def _path(units: NDArray[np.int_]) -> str:
    """Write buckets as relative moves: one step right, then the bucket's own rise or fall; closed along the bottom."""
    pieces = [f"M0 {LEVELS}V{units[0, 0]}" if len(units) else f"M0 {LEVELS}"]
    level = int(units[0, 0]) if len(units) else LEVELS
    for bucket in units.tolist():
        for position, value in enumerate(bucket):
            step = f"h1v{value - level}" if position == 0 else f"v{value - level}"
            pieces.append(step.removesuffix("v0"))
            level = value
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
