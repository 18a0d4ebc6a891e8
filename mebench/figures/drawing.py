"""How figures look and are written: the same numbers give the same bytes, whatever the user's own style.

Conventions
-----------
Sizes are in inches, 100 px each in a PNG. Text in an SVG is drawn as paths, so that no font is needed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.names import printable
from mebench.plain import plain_lines
from mebench.runs.arrays import NpzWriter
from mebench.schema.files import writing_path
from mebench.settings import parse_spec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS = 100
MACRO_COLOUR, MICRO_COLOUR, GREY = "#b4532a", "#2a6db4", "#8a8a8a"
COLOURS = {"macro": MACRO_COLOUR, "micro": MICRO_COLOUR, "movement": "#3b7a3b"}
"""Colours of the two types, and of any movement; told apart by the colour-blind too."""

_STYLE = {
    "svg.hashsalt": "mebench",
    "svg.fonttype": "path",
    "font.size": 8,
    "axes.titlesize": 8,
    "font.family": "DejaVu Sans",
}
_SIDES = ("top", "right")
_LONGEST, _DIGITS = 60, 6
"""Characters of a name, of up to 4 bytes each, and of its digest."""


@contextlib.contextmanager
def new_figure(width: float, height: float) -> Iterator[Figure]:
    """Yield an empty figure; whatever is drawn inside the block has mebench's own style."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Drawn

    settings: Any = {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith("backend")}
    with mpl.rc_context(settings | _STYLE):
        figure = Drawn(figsize=(width, height), dpi=DOTS)
        FigureCanvasAgg(figure)
        yield figure


def written(figure: Figure) -> dict[str, bytes]:
    """Return a figure as the bytes of a `svg` and a `png`, without dates and versions."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name in letters that the font lacks is drawn as boxes
        for kind, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
            content = io.BytesIO()
            figure.savefig(content, format=kind, metadata=metadata, dpi=DOTS)
            found[kind] = content.getvalue()
    return found


def file_name(*parts: object, settings: Iterable[object] = ()) -> str:
    """Return parts as the name of a file, joined by hyphens: letters of any script, digits, `_`, `.`, `+` and hyphens.

    Parameters
    ----------
    settings : what else tells the figure from others of these parts; empty ones count as none. Where there are any, or
        where something of the parts was replaced, a short digest follows.
    """
    whole = unicodedata.normalize("NFC", "-".join(str(part) for part in parts))
    plain = re.sub(r"[^\w.+-]+", "_", whole).lstrip(".")[:_LONGEST] or "figure"
    known = [str(setting) for setting in settings if setting]
    if plain == whole and not known:
        return plain
    digest = hashlib.sha256("\n".join([whole, *known]).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{plain}-{digest[:_DIGITS]}"


def settings_of(spec: str, file: Path | None = None) -> tuple[str, ...]:
    """Return what `ID:key=value,...` and a file of settings lay down, in one order, as `file_name` takes it."""
    return (*(f"{k}={v}" for k, v in sorted(parse_spec(spec).options.items())), file.read_text("utf-8") if file else "")


def place_of_run(run: Path) -> str:
    """Return where the folder of a run lies; empty for the usual places: here, and the folder `runs`."""
    parent, here = run.resolve().parent, Path.cwd()
    return "" if parent in (here, here / "runs") else str(parent)


def as_drawn(text: str) -> str:
    """Return text as matplotlib draws it: dollars are no formulas, and what steers a terminal is left out."""
    return plain_lines(text).replace("$", r"\$")


def write_figure(
    stem: Path, content: Mapping[str, bytes], arrays: Mapping[str, NDArray[Any]] | None = None
) -> tuple[Path, ...]:
    """Write the files of one figure, all or none, and return their paths.

    Parameters
    ----------
    stem : path of the files without its ending.
    content : by ending, see `written`.
    arrays : what was drawn, written as `.npz` too.

    Raises
    ------
    UserError : when they cannot be written.
    """
    paths = {kind: stem.with_name(f"{stem.name}.{kind}") for kind in (*content, *(("npz",) if arrays else ()))}
    for path in paths.values():
        if path.is_dir():
            raise UserError(f"{printable(str(path))} is a folder: give another --out.")
    with contextlib.ExitStack() as waiting:
        # No file takes its name before all are written.
        for kind, path in paths.items():
            temporary = waiting.enter_context(writing_path(path))
            if kind != "npz":
                temporary.write_bytes(content[kind])
                continue
            with NpzWriter(temporary) as file:
                for name, array in sorted((arrays or {}).items()):
                    file.add(name, np.asarray(array))
    return tuple(paths.values())


def axes_at(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes whose box lies so many inches from the left and the upper edge of a figure.

    Places are given, not solved for: a layout that matplotlib looks for differs in its last bits from time to time.
    """
    across, down = figure.get_size_inches()
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def plain_axes(axes: Axes, title: str = "") -> None:
    """Leave the two lower lines of axes alone, and set their title."""
    for side in _SIDES:
        axes.spines[side].set_visible(False)
    axes.set_title(title)


def show_picture(axes: Axes, picture: NDArray[Any], title: str = "", **more: Any) -> None:
    """Show a picture without axes; grey levels 0 to 255 where it has no colours."""
    if picture.ndim == 2:
        more = {"cmap": "gray", "vmin": 0, "vmax": 255, **more}
    axes.imshow(picture, **more)
    axes.set_axis_off()
    axes.set_title(title)


def shade_events(axes: Axes, spans: Sequence[tuple[float, float, str]]) -> None:
    """Shade annotated events behind a curve.

    Parameters
    ----------
    spans : start, end and type of each.
    """
    for start, end, kind in spans:
        axes.axvspan(start, end, color=COLOURS[kind], alpha=0.18, linewidth=0)
