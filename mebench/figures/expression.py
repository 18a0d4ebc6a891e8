"""What is said of the frames of a clip over time, beside its coded onset, apex and offset; see `apply.expression`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mebench.apply.expression import ExpressionCurve, ExpressionCurves
from mebench.figures.drawing import COLOURS, GREY, as_drawn, axes_at, new_figure, plain_axes, written
from mebench.schema.people import joined

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#2a6db4", "#b4532a", "#3b7a3b", "#7a3b78")


def draw_expression(found: ExpressionCurves) -> dict[str, bytes]:
    """Return the curves as the bytes of a `svg` and a `png`.

    Classes stand on the left axis; the area below a classification is for the eye alone, as in the thesis. A
    regression is drawn on the right axis, whose 0, .5 and 1 lie beside negative, neutral and positive. Coded frames are
    shaded, and the apex is a dashed line.
    """
    clip = found.clip
    times: NDArray[np.float64] = (np.arange(clip.n_frames, dtype=np.float64) + 0.5) / clip.fps
    with new_figure(8, 3.2) as figure:
        axes = axes_at(figure, 0.75, 0.85, 6.5, 1.9)
        right = axes.twinx()
        _shade(axes, found)
        for curve, colour in zip(found.curves, _COLOURS * len(found.curves), strict=False):
            _draw(axes if curve.outputs.ndim == 2 else right, times, curve, colour)
        classes = found.curves[0].classes
        most = len(classes) - 1
        axes.set(xlabel="time (s)", yticks=range(len(classes)), yticklabels=classes, xlim=(0, clip.n_frames / clip.fps))
        low, high = _limits(found)
        axes.set_ylim(low * most, high * most)
        right.set(ylim=(low, high), ylabel="output of a regression", yticks=(0, 0.5, 1))
        right.axhspan(1 / 3, 2 / 3, color=GREY, alpha=0.08, linewidth=0)
        handles = [one for part in (axes, right) for one in part.get_legend_handles_labels()[0]]
        axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5, frameon=False)
        title = f"{joined(clip.subject, clip.id)}: {clip.emotion}"
        figure.suptitle(as_drawn(title), y=0.97)
        plain_axes(axes)
        right.spines["top"].set_visible(False)
        return written(figure)


def _draw(axes: Axes, times: NDArray[np.float64], curve: ExpressionCurve, colour: str) -> None:
    label = as_drawn(curve.method)
    if curve.outputs.ndim == 2:
        axes.step(times, curve.said, where="mid", color=colour, linewidth=1.2, label=label)
        axes.fill_between(times, curve.said, step="mid", color=colour, alpha=0.15, linewidth=0)
    else:
        axes.plot(times, curve.outputs, color=colour, linewidth=1.3, label=label)


def _shade(axes: Axes, found: ExpressionCurves) -> None:
    clip = found.clip
    if found.is_coded:
        axes.axvspan(
            (clip.onset - 1) / clip.fps, clip.offset / clip.fps, color=COLOURS["macro"], alpha=0.12, linewidth=0,
            label="coded onset to offset",
        )  # fmt: skip
    if clip.n_frames > 1 and clip.apex > 0:
        at = (clip.apex - 0.5) / clip.fps
        axes.axvline(at, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), label="coded apex")


def _limits(found: ExpressionCurves) -> tuple[float, float]:
    """Return between which outputs everything lies, at least a little more than 0 to 1."""
    outputs = [curve.outputs for curve in found.curves if curve.outputs.ndim == 1]
    return min([-0.05, *(float(o.min()) - 0.05 for o in outputs)]), max(
        [1.05, *(float(o.max()) + 0.05 for o in outputs)]
    )


def arrays(found: ExpressionCurves) -> dict[str, NDArray[Any]]:
    """Return what was drawn: the outputs of each run by the method's id, and onset, apex and offset as coded."""
    clip = found.clip
    named = {f"{curve.method}-{i}": curve.outputs for i, curve in enumerate(found.curves, start=1)}
    return {**named, "coded": np.array([clip.onset, clip.apex, clip.offset])}


def told(found: ExpressionCurves) -> Iterator[str]:
    """Yield a sentence for each run: how well it agrees with the coding of the clip, and of all."""
    clip = found.clip
    for curve in found.curves:
        one = curve.agreement
        if one is None:
            yield f"{curve.method}: {clip.id} has no coded onset and offset to agree with"
        elif one.onset is None:
            yield f"{curve.method}: agreement 0.00, no frame is said to be {clip.emotion}"
        else:
            yield (
                f"{curve.method}: agreement {one.agreement:.2f}, {clip.emotion} is said from {one.onset} to "
                f"{one.offset}, coded from {clip.onset} to {clip.offset}"
            )
        if curve.coded > 1:
            yield f"{curve.method}: mean agreement {curve.mean_agreement:.2f} of {curve.coded} clips with both coded"
