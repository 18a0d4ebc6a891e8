"""From scores of windows to intervals: a moving mean, a threshold, and peaks (Liong 2021, section 2.3).

Conventions
-----------
The curve of a part of a video has one value for each of its frames: the mean of the scores of the windows that begin
within k frames before and k after it. A peak is at least mean + p (max - mean) of the values of the whole video, and
the highest within k frames; its interval reaches k frames to both sides. The published program looks for peaks where
the mean is taken over all 2k scores: not in the first k and the last 2k frames.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from mebench.metrics.intervals import FN, FP, TP, tally
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.recordings import ExpressionType, Video
from mebench.schema.truth import VideoTable

GRID = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""Values of p that training videos choose from, 0.05 to 0.95."""
_FLAT = 1e-6
"""A curve that rises less over its mean does not vary: batches of another size give such differences."""

Curve = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Part:
    """One part of a video: its first index, and the value of each of its frames, (n,)."""

    start: int
    curve: Curve


@dataclasses.dataclass(frozen=True)
class Found:
    """An interval, first and last index (0-based, inclusive), and the height of its peak."""

    first: int
    last: int
    height: float


def moving_mean(scores: NDArray[np.floating], k: int) -> Curve:
    """Return the mean over the scores f - k <= i < f + k of each frame f, as far as there are scores.

    Parameters
    ----------
    scores : of the windows of a part, shape (n,), at least one.

    Returns
    -------
    Shape (n + k,), for every frame of the part.
    """
    sums = np.concatenate([[0.0], np.cumsum(scores, dtype=np.float64)])
    frames = np.arange(len(scores) + k)
    low, high = np.maximum(frames - k, 0), np.minimum(frames + k, len(scores))
    return np.asarray((sums[high] - sums[low]) / (high - low))


def _looked_at(part: Part, k: int, ends: str) -> slice:
    """Return where in a part peaks are looked for."""
    return slice(None) if ends == "full" else slice(k, max(len(part.curve) - 2 * k, k))


def peaks_of(parts: Sequence[Part], k: int, p: float, ends: str, least_score: float = 0.0) -> list[Found]:
    """Return the intervals of one video, in order.

    Parameters
    ----------
    ends, least_score : see `SoftnetConfig`.
    """
    pieces = [(part, _looked_at(part, k, ends)) for part in parts]
    values = np.concatenate([np.zeros(0), *(part.curve[piece] for part, piece in pieces)])
    if not len(values) or values.max() - values.mean() <= _FLAT:
        return []
    height = values.mean() + p * (values.max() - values.mean())
    least = max(height, least_score) if least_score > 0 else height
    found = []
    for part, piece in pieces:
        offset = piece.start or 0
        for peak in (find_peaks(part.curve[piece], height=least, distance=k)[0] + offset).tolist():
            first, last = max(peak - k, 0), min(peak + k, len(part.curve) - 1)
            found.append(Found(part.start + first, part.start + last, float(part.curve[peak])))
    return found


def choose_p(
    videos: Iterable[tuple[Video, Sequence[Part], int]], kind: ExpressionType, ends: str, least_score: float = 0.0
) -> tuple[float, float]:
    """Return the p of the best F1 on videos whose truth is known, and that F1.

    Of several that are best the middle one is taken. Intervals are matched as MEGC 2020 does, at an IoU of at least .5.

    Parameters
    ----------
    videos : each video with its curves and its lag.
    kind : the type that the curves are of.
    ends, least_score : see `SoftnetConfig`.
    """
    known = list(videos)
    table = VideoTable.from_rows(
        [(_name(n), video.id, video.fps, video.n_frames) for n, (video, *_) in enumerate(known)]
    )
    truth = Intervals.from_rows(
        IntervalRow(_name(n), video.id, event.onset, event.offset, kind)
        for n, (video, *_) in enumerate(known)
        for event in video.events
        if event.type == kind
    )
    scores = []
    for p in GRID:
        rows = [
            IntervalRow(_name(n), video.id, found.first + 1, found.last + 1, kind)
            for n, (video, parts, k) in enumerate(known)
            for found in peaks_of(parts, k, p, ends, least_score)
        ]
        counts = tally(Intervals.from_rows(rows), truth, table).counts.sum(axis=(0, 1))
        scores.append(2 * counts[TP] / max(2 * counts[TP] + counts[FP] + counts[FN], 1))
    best = np.flatnonzero(np.isclose(scores, max(scores)))
    middle = best[(len(best) - 1) // 2]
    return GRID[middle], float(scores[middle])


def _name(number: int) -> str:
    """Return a name for a video's subject, so that videos of several datasets stay apart."""
    return f"{number:06d}"
