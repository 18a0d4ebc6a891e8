"""The signal of `au_sum` over a video: sum, filtered sum, percentile, peaks and truth (thesis Figure 4.5)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.figures.drawing import (
    COLOURS,
    GREY,
    as_drawn,
    axes_at,
    new_figure,
    plain_axes,
    shade_events,
    written,
)
from mebench.methods.base import RunContext
from mebench.methods.spotting.au_sum import AuSum
from mebench.methods.spotting.base import SpottedInterval
from mebench.runs.choices import choose_method
from mebench.runs.monitor import Monitor
from mebench.schema.recordings import Video

_MARKER: Mapping[str, Any] = {"markersize": 5, "clip_on": False, "zorder": 3}
"""A peak's marker is drawn whole at the edge of the plot, too."""


@dataclasses.dataclass(frozen=True)
class AuSumSignal:
    """What `au_sum` sees in one video.

    Attributes
    ----------
    video : the video, with its truth.
    total, smoothed : float (n_frames,), the normalised sum and what the filters make of it; NaN without a face.
    floor : the height that a peak must exceed; percentile : which percentile it is.
    intervals : what was spotted; peaks : index of the highest frame of each.
    """

    video: Video
    total: NDArray[np.float64]
    smoothed: NDArray[np.float64]
    floor: float
    percentile: float
    intervals: tuple[SpottedInterval, ...]
    peaks: tuple[int, ...]


def au_sum_of(video: Video, method: str = "au_sum", monitor: Monitor | None = None) -> AuSumSignal:
    """Return the signal of a video.

    Parameters
    ----------
    method : `au_sum` or `au_sum:key=value,...`; without settings those published for the dataset.

    Raises
    ------
    UserError : for another method, wrong settings, and a video without a face.
    """
    monitor = monitor or Monitor()
    spec = choose_method(method)
    if spec.id != AuSum.id:
        raise UserError(f"{spec.id} has no sum of action units: give --method au_sum:key=value,...")
    model = AuSum.configure(spec.options, video.dataset)
    context = RunContext(
        0, "cpu", FrameCache(), video.dataset,
        progress=lambda what, done, total: monitor.progress(video.id, what, done, total),
    )  # fmt: skip
    seen = video.without_truth()
    signals, spotting = model.signals(seen, context), model.spot(seen, context)
    total, smoothed = np.full((2, video.n_frames), np.nan)
    for (start, stop), raw, filtered in zip(signals.parts, signals.sums, signals.smoothed, strict=True):
        total[start:stop], smoothed[start:stop] = raw, filtered
    peaks = tuple(i.onset - 1 + int(np.nanargmax(smoothed[i.onset - 1 : i.offset])) for i in spotting.intervals)
    percentile = float(model.config_for(video).percentile)
    return AuSumSignal(video, total, smoothed, signals.floor, percentile, spotting.intervals, peaks)


def draw_au_sum(found: AuSumSignal) -> dict[str, bytes]:
    """Return the plot as the bytes of a `svg` and a `png`; annotated events are shaded."""
    video = found.video
    times = video.times
    with new_figure(10, 3.3) as figure:
        axes = axes_at(figure, 0.6, 0.85, 9.2, 2.0)
        shade_events(axes, [(*video.seconds(e.onset, e.offset), e.type.value) for e in video.events])
        axes.plot(times, found.total, color="#6f93c9", linewidth=0.8, label="normalised sum")
        axes.plot(times, found.smoothed, color="#c0392b", linewidth=1.3, label="filtered")
        label = f"percentile {found.percentile:g} ({found.floor:.2f})"
        axes.axhline(found.floor, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), label=label)
        for kind in ("macro", "micro"):
            at = [peak for peak, one in zip(found.peaks, found.intervals, strict=True) if one.type.value == kind]
            axes.plot(times[at], found.smoothed[at], "v", color=COLOURS[kind], label=f"{kind} peak", **_MARKER)
        for kind in ("macro", "micro"):
            axes.axvspan(-1, -1, color=COLOURS[kind], alpha=0.18, linewidth=0, label=f"{kind}, annotated")
        highest = float(np.nanmax([found.total, found.smoothed], initial=1.0))
        axes.set(xlabel="time (s)", ylabel="normalised sum")
        axes.set(xlim=(0, video.seconds(1, video.n_frames)[1]), ylim=(0, max(1.05, 1.05 * highest)))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=7, frameon=False, columnspacing=1.2)
        figure.suptitle(as_drawn(f"{video.id}: sum of action-unit intensities"), y=0.97)
        plain_axes(axes)
        return written(figure)
