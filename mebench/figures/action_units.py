"""Intensities of single action units over a video, with its annotated events (thesis Figure 4.3)."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.figures.drawing import COLOURS, as_drawn, axes_at, new_figure, plain_axes, shade_events, written
from mebench.methods.base import RunContext
from mebench.methods.spotting.au_sum import AUTO, AuSum
from mebench.runs.monitor import Monitor
from mebench.schema.action_units import ACTION_UNITS, action_unit_numbers
from mebench.schema.recordings import Video

PUBLISHED = (4, 7)
"""Units of Figure 4.3, which are drawn where no event names any."""
MOST = 6
"""Units that are drawn unasked; more curves could not be told apart."""
_LINES = ("#2a6db4", "#e07b1f", "#3b7a3b", "#8e44ad", "#7a5a3a", "#c0392b")


@dataclasses.dataclass(frozen=True, eq=False)
class UnitCurves:
    """The action units of one video.

    Attributes
    ----------
    video : the video, with its truth.
    detector : where the intensities come from.
    curves : float (n_frames,), 0 to 5, by number of the unit; NaN without a face.
    """

    video: Video
    detector: str
    curves: Mapping[int, NDArray[np.float64]]

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return the curves by `AU04`."""
        return {f"AU{unit:02d}": curve for unit, curve in self.curves.items()}


def unit_curves(
    video: Video, units: Sequence[int] = (), detector: str = AUTO, monitor: Monitor | None = None
) -> UnitCurves:
    """Return the intensities of some action units over a video, as `au_sum` takes them.

    Parameters
    ----------
    units : their numbers; by default those of `named_units`, or `PUBLISHED` where there are none.
    detector : see the setting of `au_sum`.

    Raises
    ------
    UserError : for a unit without an intensity, an unknown detector, and a video that it cannot be used on.
    """
    monitor = monitor or Monitor()
    if unknown := [unit for unit in units if unit not in ACTION_UNITS]:
        known = ", ".join(map(str, ACTION_UNITS))
        raise UserError(f"Action unit {unknown[0]} has no intensity: give some of {known} with --units.")
    model = AuSum.configure({"detector": detector}, video.dataset)
    context = RunContext(
        0, "cpu", FrameCache(), video.dataset,
        progress=lambda what, done, total: monitor.progress(video.id, what, done, total),
    )  # fmt: skip
    seen = video.without_truth()
    track = model.track(seen, context)
    values = np.where(track.found[:, None], track.intensities.astype(np.float64), np.nan)
    wanted = tuple(dict.fromkeys(units)) or named_units(video) or PUBLISHED
    return UnitCurves(video, model.source(seen), {unit: values[:, ACTION_UNITS.index(unit)] for unit in wanted})


def named_units(video: Video) -> tuple[int, ...]:
    """Return the action units with an intensity that the events of a video name most often, at most `MOST`, sorted."""
    named = collections.Counter(unit for event in video.events for unit in action_unit_numbers(event.action_units))
    known = [unit for unit, _ in sorted(named.items(), key=lambda item: (-item[1], item[0])) if unit in ACTION_UNITS]
    return tuple(sorted(known[:MOST]))


def draw_units(found: UnitCurves) -> dict[str, bytes]:
    """Return the curves as the bytes of a `svg` and a `png`; annotated events are shaded."""
    video = found.video
    with new_figure(10, 3.3) as figure:
        axes = axes_at(figure, 0.6, 0.85, 9.2, 2.0)
        shade_events(axes, [(*video.seconds(e.onset, e.offset), e.type.value) for e in video.events])
        for number, (unit, curve) in enumerate(found.curves.items()):
            style = "-" if number < len(_LINES) else "--"
            colour = _LINES[number % len(_LINES)]
            axes.plot(video.times, curve, style, color=colour, linewidth=1.0, label=f"AU{unit}")
        for kind in ("macro", "micro"):
            axes.axvspan(-1, -1, color=COLOURS[kind], alpha=0.18, linewidth=0, label=f"{kind}, annotated")
        highest = max((float(np.nanmax(c)) for c in found.curves.values() if np.isfinite(c).any()), default=0.0)
        axes.set(xlabel="time (s)", ylabel="intensity (0 to 5)", ylim=(0, max(1.05 * highest, 1.0)))
        axes.set(xlim=(0, video.seconds(1, video.n_frames)[1]))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=10, frameon=False, columnspacing=1.2)
        figure.suptitle(as_drawn(f"{video.id}: action units ({found.detector})"), y=0.97)
        plain_axes(axes)
        return written(figure)
