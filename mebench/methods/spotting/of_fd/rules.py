r"""From the motion of one region in a window to intervals: a low-pass, thresholds, feet of the peaks, and joining.

Conventions
-----------
A signal has one value for each frame that is looked at, in px. Intervals are in indices of the signal, inclusive at
both ends.

            /\                    baseline   frames so far above the lowest one of the window are picked,
           /  \     /\            gap        those that rise so far over the lowest one nearby are kept, in the
          /    \   /  \                      signal and in the signal without its trend;
    ---foot   foot     \          foot       and the interval reaches down to this share of the rise, or to a valley
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d

from mebench.methods.spotting.of_fd.config import OfFdConfig
from mebench.methods.spotting.of_fd.emd import without_trend
from mebench.metrics.frame_runs import merge, runs_above

Signal = NDArray[np.float64]

_FEWEST = 8
"""A shorter signal has no oscillation to be told from its trend."""
_BORDER_SECONDS = 4 / 15
"""So much of an interval at both ends is no valley that parts it (the published program)."""


@dataclasses.dataclass(frozen=True)
class Moved:
    """An interval, and how far the region has moved at most, in px above the lowest of its window."""

    first: int
    last: int
    height: float


def low_passed(signal: NDArray[np.floating], cutoff: float, rate: float) -> Signal:
    """Return a signal without what oscillates faster than `cutoff` Hz, in absolute value, as published.

    Parameters
    ----------
    signal : shape (n,), n at least 1.
    rate : values a second.
    """
    spectrum = np.fft.rfft(np.asarray(signal, np.float64))
    spectrum[np.fft.rfftfreq(len(signal), 1 / rate) >= cutoff] = 0
    return np.abs(np.fft.irfft(spectrum, len(signal)))


def movements(low: Signal, gap: float, rate: float, config: OfFdConfig) -> list[Moved]:
    """Return the movements of a low-passed signal.

    Parameters
    ----------
    gap : least rise over the lowest value nearby, in px.
    rate : values a second.
    """
    if len(low) < _FEWEST:
        return []
    rise = low - low.min()
    reach = 2 * max(round(config.nearby_seconds * rate), 1) + 1
    near = low - minimum_filter1d(low, reach, mode="nearest")
    detail = without_trend(low)
    fine = detail - minimum_filter1d(detail, reach, mode="nearest")
    picked = (rise >= config.baseline) & (near > gap) & (fine > config.gap_detail)
    found = []
    for first, last in merge(runs_above(picked.astype(float), 0.5), 1).tolist():
        feet = (
            _left_foot(low, first, last, reach // 2, config.foot),
            _right_foot(low, first, last, reach // 2, config.foot),
        )
        found += [Moved(a, b, float(rise[a : b + 1].max())) for a, b in _parted(low, *feet, rate, config)]
    return found


def _left_foot(low: Signal, first: int, last: int, reach: int, foot: float) -> int:
    """Return where the rise to the peak in `first`..`last` begins."""
    start = max(first - reach, 0)
    valley, peak = low[start : first + 1].min(), low[first : last + 1].max()
    at = first
    while at > start and low[at] - valley >= foot * (peak - valley) and low[at - 1] <= low[at]:
        at -= 1
    return at


def _right_foot(low: Signal, first: int, last: int, reach: int, foot: float) -> int:
    mirrored = len(low) - 1
    return mirrored - _left_foot(low[::-1], mirrored - last, mirrored - first, reach, foot)


def _parted(low: Signal, first: int, last: int, rate: float, config: OfFdConfig) -> list[tuple[int, int]]:
    """Part a long interval at its deepest valley, where that is deep enough."""
    border = max(round(_BORDER_SECONDS * rate), 1)
    if last - first < config.split_seconds * rate or last - first <= 2 * border:
        return [(first, last)]
    at = first + border + int(np.argmin(low[first + border : last - border]))
    deep = all(
        peak - low[at] > max(config.split_depth, config.split_share * peak)
        for peak in (low[first : at + 1].max(), low[at : last + 1].max())
    )
    return [(first, at - 1), (at + 1, last)] if deep else [(first, last)]


def joined(found: Iterable[Moved], share: float) -> list[Moved]:
    """Join intervals that share more than `share` of the shorter one, in two passes, and return them in order."""
    intervals = list(found)
    for _ in range(2):
        kept: list[Moved] = []
        for new in sorted(intervals, key=lambda moved: (moved.first, moved.last)):
            near = [place for place, old in enumerate(kept) if _shared(old, new) > share]
            for place in near:
                old = kept[place]
                ends = min(old.first, new.first), max(old.last, new.last)
                kept[place] = Moved(*ends, max(old.height, new.height))
            if not near:
                kept.append(new)
        intervals = kept
    return sorted(set(intervals), key=lambda moved: (moved.first, moved.last))


def _shared(one: Moved, other: Moved) -> float:
    inside = min(one.last, other.last) - max(one.first, other.first) + 1
    return max(inside, 0) / (min(one.last - one.first, other.last - other.first) + 1)
