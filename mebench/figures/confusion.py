"""Confusion matrices of a run, in full and per database; see `analysis.confusion`.

Conventions
-----------
Each cell shows how many clips of its row's class were taken for that of its column, and their share of the row in
percent; the shade is that share. A column for clips without an answer is drawn where there are any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.confusion import Confusions
from mebench.figures.drawing import as_drawn, axes_at, new_figure, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_ANSWER = "no answer"
_SIDE, _GAP = 1.9, 0.35
_LEFT, _TOP, _BELOW = 0.95, 0.85, 0.75
_LETTER = 0.062
"""Inches that a letter of a class's name takes."""


def draw_confusions(found: Confusions) -> dict[str, bytes]:
    """Return the matrices as the bytes of a `svg` and a `png`, side by side."""
    answered = not any(matrix[:, -1].any() for matrix in found.matrices.values())
    columns = found.classes if answered else (*found.classes, NO_ANSWER)
    longest = max(map(len, columns)) * _LETTER
    left, below = max(_LEFT, 0.35 + longest), max(_BELOW, 0.4 + longest)
    side = max(_SIDE, 0.42 * len(columns))
    width = left + len(found.matrices) * (side + _GAP)
    with new_figure(max(width, 4.0), _TOP + side + below) as figure:
        figure.suptitle(as_drawn(f"{found.card.method.id}: {found.card.protocol.id}"), y=1 - 0.16 / (_TOP + side))
        for i, (scope, matrix) in enumerate(found.matrices.items()):
            axes = axes_at(figure, left + i * (side + _GAP), _TOP, side, side)
            _draw(axes, matrix[:, : len(columns)])
            axes.set_title(as_drawn(_title(found, scope, matrix)))
            axes.set_xticks(range(len(columns)), [as_drawn(name) for name in columns], rotation=90)
            axes.set_yticks(range(len(found.classes)), [as_drawn(name) for name in found.classes] if i == 0 else [])
            axes.set_xlabel("predicted")
            if i == 0:
                axes.set_ylabel("true")
        return written(figure)


def shares(matrix: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each row divided by its sum; 0 for a class without clips."""
    rows = matrix.sum(axis=1, keepdims=True)
    return np.divide(matrix, rows, out=np.zeros(matrix.shape), where=rows > 0)


def _draw(axes: Axes, matrix: NDArray[np.int64]) -> None:
    share = shares(matrix)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(matrix):
        colour = "white" if share[row, column] > 0.55 else "black"
        text = f"{count}\n{100 * share[row, column]:.0f}%"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=7)
    axes.tick_params(length=0)


def _title(found: Confusions, scope: str, matrix: NDArray[np.int64]) -> str:
    """Return the scope, its clips and its scores."""
    values = [(metric.upper(), found.card.find(metric, scope)) for metric in ("uf1", "uar")]
    scores = "  ".join(f"{name} {score.value:.3f}" for name, score in values if score is not None)
    return f"{scope}, {matrix.sum()} clips\n{scores}"
