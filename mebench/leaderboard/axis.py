"""Ticks of a time axis, in seconds and in frames.

Conventions
-----------
Frame `n` (1-based) fills the stretch `[(n - 1) / N, n / N]` of an axis that shows `N` frames, so that an event from
onset to offset, both inclusive, is as wide as the frames it has. Positions are percent of the axis.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from mebench.schema.timing import Timing

MAX_TICKS = 7
"""More labels than this collide on the screen of a telephone."""

_STEPS = (1.0, 2.0, 5.0)
_SECOND_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0)


@dataclasses.dataclass(frozen=True, slots=True)
class Tick:
    """One labelled position: percent of the axis, and its text."""

    at: float
    label: str


def percent(value: float) -> float:
    """Return a share as percent, rounded to what a screen can show."""
    return round(100.0 * value, 3)


def span(onset: int, offset: int, n_frames: int) -> tuple[float, float]:
    """Return (left, width) in percent of an event's frames, cut to the video.

    Parameters
    ----------
    onset, offset : first and last frame number (1-based, inclusive).
    n_frames : frames that the axis shows; at least 1.
    """
    first = min(max(onset - 1, 0), n_frames)
    last = min(max(offset, first), n_frames)
    return percent(first / n_frames), percent((last - first) / n_frames)


def second_ticks(timing: Timing, most: int = MAX_TICKS) -> tuple[Tick, ...]:
    """Return round positions in seconds, `0 s` at the beginning of the first frame."""
    seconds, n_frames = timing.end, len(timing.times)
    step = next((s for s in _SECOND_STEPS if seconds / s < most), 3600.0 * math.ceil(seconds / 3600.0 / (most - 1)))
    ticks = [i * step for i in range(math.floor(seconds / step) + 1)]
    if timing.steady:
        return tuple(Tick(percent(t / seconds), _clock(t, step)) for t in ticks)
    # The axis has a place for every frame, so seconds lie closer together where frames are few.
    edges = np.append(timing.times, seconds)
    places = np.interp(ticks, edges, np.arange(n_frames + 1)) / n_frames
    return tuple(Tick(percent(float(at)), _clock(t, step)) for t, at in zip(ticks, places, strict=True))


def frame_ticks(n_frames: int, most: int = MAX_TICKS, first: int = 1) -> tuple[Tick, ...]:
    """Return round frame numbers, each in the middle of its frame.

    Parameters
    ----------
    first : number of the first frame.
    """
    step = _round_step(n_frames / (most - 1))
    round_numbers = range(first + step - first % step, first + n_frames, step)
    numbers = [first, *round_numbers] if step > 1 else list(range(first, first + n_frames))
    return tuple(Tick(percent((n - first + 0.5) / n_frames), str(n)) for n in numbers)


def _round_step(least: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, ... that is at least `least`."""
    if least <= 1:
        return 1
    scale = 10.0 ** math.floor(math.log10(least))
    return int(next(s * scale for s in (*_STEPS, 10.0) if s * scale >= least))


def _clock(seconds: float, step: float) -> str:
    """Return `12 s`, or `2:05` from one minute on."""
    if step < 1:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
