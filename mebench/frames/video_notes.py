"""What a user should know of the frames of a video file, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mebench.frames.video_index import VideoIndex
from mebench.frames.video_packets import has_pyav
from mebench.plain import ranges
from mebench.schema.timing import Timing, missing_before

_NAMED = 5
"""Holes in the time stamps that a sentence names before it counts the rest."""


def notes_of(index: VideoIndex) -> tuple[str, ...]:
    """Return the sentences; none for a video that keeps what it promises and has one frame rate."""
    return tuple(filter(None, (_told_lost(index), _told_holes(index), _told_rate(index))))


def _told_lost(index: VideoIndex) -> str:
    if not index.broken:
        return ""
    n, about = len(index.times), "about " if index.short else ""
    promised = n + round(index.short * index.rate) if index.short else max(index.promised or 0, n)
    told = [f"{index.decoded} of {about}{promised} promised frames could be decoded"]
    if index.missing:
        told.append(f"{_lost(index.missing)} as without a face, with traces of damage perhaps in those that follow")
    if index.damaged:
        told.append(f"{len(index.damaged)} with damage, at or near frame {ranges(index.damaged)}")
    if not index.placed:
        hint = "" if has_pyav() else ' (`pip install "mebench[video]"` finds where)'
        told.append(f"frames are lost, so that later ones have too low numbers{hint}")
    elif n < promised:
        told.append(f"{about}{promised - n} {'is' if promised - n == 1 else 'are'} not in the file, cut off or broken")
    return f"{'; '.join(told)}."


def _told_rate(index: VideoIndex) -> str:
    if not index.stamped:
        return f"The time stamps are out of order, so that seconds follow from {index.rate:.4g} frames/s."
    without_holes = index.times - np.cumsum(missing_before(index.times))
    timing = Timing.of_stamps(without_holes)
    if timing.steady:
        return ""
    steps = np.diff(without_holes)
    slow, fast = 1 / steps.max(), 1 / np.percentile(steps, 5)
    return (
        f"The frame rate varies ({slow:.3g} to {fast:.3g}, {timing.fps:.4g} frames/s in the mean): seconds follow the "
        "time stamps."
    )


def _told_holes(index: VideoIndex) -> str:
    seconds = missing_before(index.times)
    holes = np.flatnonzero(seconds)
    if not len(holes):
        return ""
    named = [f"{seconds[i]:.1f} s before frame {i + 1}" for i in holes[:_NAMED]]
    more = f" and at {len(holes) - _NAMED} more places" if len(holes) > _NAMED else ""
    return f"Time is missing, as where a recording was paused: {', '.join(named)}{more}."


def _lost(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"frame {numbers[0]} is lost or damaged and counts"
    return f"{len(numbers)} frames ({ranges(numbers)}) are lost or damaged and count"
