"""ROC curves of one fold and of all people pooled (thesis Figures 5.2, 5.3 and 5.8); see `analysis.roc`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.roc import RocCurve, RunCurves
from mebench.figures.drawing import COLOURS, GREY, as_drawn, axes_at, new_figure, plain_axes, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 400
"""Points of a drawn curve; more would not be seen."""


def draw_roc(found: RunCurves) -> dict[str, bytes]:
    """Return the curves as the bytes of a `svg` and a `png`: one fold on the left, all people pooled on the right."""
    with new_figure(7.2, 3.9) as figure:
        figure.suptitle(as_drawn(f"{found.method}: ROC of {found.kind} frame scores"), y=0.98)
        _draw_side(figure, 0.6, whose(found), found.of_fold)
        _draw_side(figure, 4.1, f"{everybody(found)}, frames pooled", found.pooled)
        return written(figure)


def whose(found: RunCurves) -> str:
    """Return what is drawn alone, such as `fold s01`."""
    return f"fold {found.fold}" + (f", {len(found.people)} people pooled" if len(found.people) > 1 else "")


def everybody(found: RunCurves) -> str:
    """Return whose frames are pooled, such as `all 4 people`."""
    if found.tested < found.planned:
        return f"{found.tested} of {found.planned} people"
    return f"all {found.tested} people" if found.tested > 1 else "the only person"


def arrays(found: RunCurves) -> dict[str, NDArray[np.float64]]:
    """Return every curve as it is drawn, (2, n): false and true positive rates."""
    sides = (("fold", found.of_fold), ("pooled", found.pooled))
    return {f"{side}/{scope}": curve.thinned(POINTS) for side, curves in sides for scope, curve in curves.items()}


def _draw_side(figure: Figure, left: float, title: str, curves: Mapping[str, RocCurve]) -> None:
    axes: Axes = axes_at(figure, left, 0.55, 2.85, 2.85)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    for scope, curve in curves.items():
        area = "one class is absent" if curve.area is None else f"AUC {curve.area:.3f}"
        label = f"{scope}, {area}"
        axes.plot(*curve.thinned(POINTS), color=COLOURS[scope], linewidth=1.4, label=label)
    axes.set(xlim=(0, 1), ylim=(0, 1.01), xlabel="false positive rate", ylabel="true positive rate", aspect="equal")
    axes.legend(loc="lower right", frameon=False)
    plain_axes(axes, as_drawn(title))


def areas(curves: Mapping[str, RocCurve]) -> Iterable[str]:
    """Yield `macro .812` of each curve."""
    for scope, curve in curves.items():
        yield f"{scope} {'not defined' if curve.area is None else f'{curve.area:.4f}'}"
