"""The sheet of an explanation: faces, Grad-CAM of each layer, guided backpropagation (thesis Figures 5.10 and B.3).

Conventions
-----------
A column is a frame. Heat is drawn from the least to the greatest value of its row, so that columns can be compared;
where a row is 0 everywhere, nothing is laid over the face. Of gradients by several input frames the strongest is drawn,
grey being none; each picture of a convolution has a scale of its own.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mebench.apply.explain import Explanation
from mebench.figures.drawing import as_drawn, axes_at, file_name, new_figure, show_picture, write_figure, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL, GAP = 1.3, 0.08
"""Inches of one picture, and between two."""
_LEFT, _TOP, _HEADING, _NAME = 1.6, 0.95, 0.6, 0.3
"""Inches for names of rows, the title, the heading of the convolutions, and the name of each."""
_WIDTH, _FEWEST = 24, 5
"""Characters of a line beside a row; columns of a sheet."""


def write_sheet(folder: Path, found: Explanation, settings: Iterable[object] = ()) -> tuple[Path, ...]:
    """Write the sheet and its arrays into a folder, all files or none, and return their paths.

    Parameters
    ----------
    settings : what else tells the sheet from others of its run, video, frames and output; see `file_name`.

    Raises
    ------
    UserError : when they cannot be written.
    """
    first, last = (int(number) for number in (found.frames[0], found.frames[-1]))
    name = file_name(found.run, found.subject, found.video, first, last, found.output, settings=settings)
    return write_figure(folder / name, draw_sheet(found), found.arrays())


def draw_sheet(found: Explanation) -> dict[str, bytes]:
    """Return the sheet as the bytes of a `svg` and a `png`."""
    columns = max(len(found.frames), _FEWEST)
    rows = 2 + len(found.cams)
    below = math.ceil(len(found.convolutions) / columns)
    middle = _TOP + rows * (CELL + GAP)
    with new_figure(_LEFT + columns * (CELL + GAP), middle + _HEADING + below * (CELL + _NAME)) as figure:
        figure.suptitle(as_drawn(_title(found)), y=1 - 0.1 / figure.get_figheight(), va="top")
        _draw_frames(figure, found)
        _draw_convolutions(figure, found, middle, columns)
        return written(figure)


def _title(found: Explanation) -> str:
    events = ", ".join(
        f"{e.type} {e.onset}-{e.offset}{f' AU {e.action_units}' if e.action_units else ''}" for e in found.events
    )
    return f"{found.method}: what speaks for {found.output} in {found.video}\nfold {found.fold}; {events or 'no event'}"


def _draw_frames(figure: Figure, found: Explanation) -> None:
    position = found.outputs.index(found.output)
    labels = _labels(found)
    for row, label in enumerate(labels):
        axes = _cell(figure, row, 0)
        axes.set_axis_off()
        axes.text(-0.06, 0.5, as_drawn(textwrap.fill(label, _WIDTH)), ha="right", va="center", transform=axes.transAxes)
    for i, (number, picture) in enumerate(zip(found.frames, found.pictures, strict=True)):
        title = as_drawn(f"frame {number}\n{found.output} {found.scores[i, position]:.2f}")
        show_picture(_cell(figure, 0, i), picture, title + (" *" if i == found.shown else ""))
        for row, cam in enumerate(found.cams.values(), start=1):
            axes = _cell(figure, row, i)
            show_picture(axes, picture)
            _lay_heat(axes, cam[i], float(cam.max()))
        show_picture(_cell(figure, len(labels) - 1, i), strongest(found.guided[i]), cmap="gray", **_scale(found.guided))


def _labels(found: Explanation) -> list[str]:
    """Return what stands beside each row."""
    cams = (f"Grad-CAM, {name}{_nothing(cam)}" for name, cam in found.cams.items())
    return ["face", *cams, f"guided backpropagation of {found.output}{_nothing(found.guided)}"]


def _nothing(values: NDArray[np.float32]) -> str:
    """Return what a label says of a row that is 0 everywhere."""
    return "" if values.any() else ": nothing speaks for it"


def _cell(figure: Figure, row: int, column: int) -> Axes:
    return axes_at(figure, _LEFT + column * (CELL + GAP), _TOP + row * (CELL + GAP), CELL, CELL)


def _lay_heat(axes: Axes, heat: NDArray[np.float32], highest: float) -> None:
    if highest > 0:
        axes.imshow(heat / highest, cmap="inferno", vmin=0, vmax=1, alpha=0.15 + 0.6 * heat / highest)


def _draw_convolutions(figure: Figure, found: Explanation, top: float, columns: int) -> None:
    heading = f"guided backpropagation of every convolution, frame {found.frames[found.shown]} (*)"
    figure.text(0.5, 1 - (top + 0.1) / figure.get_figheight(), heading, ha="center", va="top", fontsize="large")
    for i, (name, gradient) in enumerate(found.convolutions.items()):
        row, column = divmod(i, columns)
        down = top + _HEADING + row * (CELL + _NAME)
        axes = axes_at(figure, _LEFT + column * (CELL + GAP), down, CELL, CELL)
        show_picture(axes, strongest(gradient), as_drawn(name), cmap="gray", **_scale(gradient))


def strongest(gradient: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (height, width): of gradients (..., height, width) the one that is furthest from 0 at each place."""
    flat = gradient.reshape(-1, *gradient.shape[-2:])
    chosen = np.abs(flat).argmax(axis=0)
    return np.asarray(np.take_along_axis(flat, chosen[None], axis=0)[0])


def _scale(gradient: NDArray[np.float32]) -> dict[str, Any]:
    """Return the grey scale of gradients: 0 in the middle, one in a thousand beyond black and white."""
    reach = float(np.quantile(np.abs(gradient), 0.999)) or 1.0
    return {"vmin": -reach, "vmax": reach}
