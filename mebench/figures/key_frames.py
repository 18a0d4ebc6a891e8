"""The score of a recogniser against the shift of onset and apex; see `apply.key_frames`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.apply.key_frames import KeyFrameNoise
from mebench.figures.drawing import COLOURS, as_drawn, axes_at, new_figure, plain_axes, written
from mebench.metrics.catalogue import metric_of


def draw_key_frames(found: KeyFrameNoise) -> dict[str, bytes]:
    """Return the curve as the bytes of a `svg` and a `png`: the mean over draws, and the range of the draws shaded."""
    heading = metric_of(found.metric).name
    with new_figure(4.6, 3.4) as figure:
        axes = axes_at(figure, 0.7, 0.5, 3.6, 2.35)
        colour = COLOURS["micro"]
        axes.fill_between(
            found.shifts, found.scores.min(axis=1), found.scores.max(axis=1), color=colour, alpha=0.18, linewidth=0
        )
        axes.plot(found.shifts, found.scores.mean(axis=1), color=colour, linewidth=1.4, marker="o", markersize=3)
        axes.set(
            xlabel="shift of onset and apex (frames)",
            ylabel=f"{heading} ({found.scope})",
            ylim=(0, None),
            xticks=found.shifts.tolist(),
        )
        plain_axes(axes, as_drawn(f"{found.method}: key frames shifted, {found.clips} clips"))
        return written(figure)


def arrays(found: KeyFrameNoise) -> dict[str, NDArray[np.float64]]:
    """Return what was drawn: shifts (n,), scores (n, draws) and clips that could not be moved so far (n, draws)."""
    return {
        "shifts": found.shifts.astype(np.float64),
        "scores": found.scores,
        "held": found.held.astype(np.float64),
    }


def rows(found: KeyFrameNoise) -> list[list[str]]:
    """Return a line for each shift: k, mean over draws, lowest and highest draw, share of the clips that were held."""
    return [
        [
            str(k),
            f"{scores.mean():.4f}",
            f"{scores.min():.4f} to {scores.max():.4f}",
            f"{held.mean() / found.clips:.0%}",
        ]
        for k, scores, held in zip(found.shifts.tolist(), found.scores, found.held, strict=True)
    ]
