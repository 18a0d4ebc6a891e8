"""Draw the picture of the data flow that `docs/architecture.md` shows.

    python docs/make_architecture_picture.py

It writes `docs/images/architecture.png` and `.svg`, the same bytes each time with the same Matplotlib.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

INK, QUIET, EDGE = "#1f2933", "#52606d", "#7b8794"
WORK, DATA, READ, OTHER = "#dbeafe", "#fef3c7", "#dcfce7", "#f1f5f9"
"""What computes, what lies on disk, what reads cards alone, and what comes from others."""

WIDTH, HEIGHT, LOW = 2.5, 1.15, 0.95
BOXES = {
    # name: (x, y, width, height, colour, title, what is said below it)
    "dataset": (0.1, 4.0, WIDTH, HEIGHT, WORK, "dataset", "layout on disk\nto videos and clips"),
    "frames": (0.1, 2.0, WIDTH, HEIGHT, DATA, "frame cache", "prepared once,\nby content"),
    "method": (4.0, 4.0, WIDTH, HEIGHT, WORK, "method", "fit, then spot,\nrecognise or generate"),
    "fold": (4.0, 2.0, WIDTH, HEIGHT, DATA, "fold", "checkpoint, log,\nresume, done.json"),
    "predictions": (7.9, 4.0, WIDTH, HEIGHT, DATA, "predictions", "one form of a task,\nwhoever made them"),
    "submission": (7.9, 2.0, WIDTH, HEIGHT, OTHER, "submission", "a stranger's files,\nread behind walls"),
    "protocol": (11.8, 4.0, WIDTH, HEIGHT, WORK, "protocol", "grades under\na convention"),
    "truth": (11.8, 2.0, WIDTH, HEIGHT, DATA, "truth", "events and videos,\nor clips"),
    "card": (15.7, 4.0, WIDTH, HEIGHT, DATA, "scorecard", "scores, and what\neach person adds"),
    "board": (19.4, 5.65, WIDTH, LOW, READ, "leaderboard", "one offline page"),
    "compare": (19.4, 4.1, WIDTH, LOW, READ, "compare", "more than chance?"),
    "check": (19.4, 2.55, WIDTH, LOW, READ, "check", "against baselines"),
    "receipt": (19.4, 1.0, WIDTH, LOW, READ, "receipt", "public scores alone"),
}

ARROWS = (
    # from, side, to, side, words, where the words stand beside the middle
    ("dataset", "right", "method", "left", "no truth of\nthe tested", (0, 0.36)),
    ("dataset", "bottom", "frames", "top", "", (0, 0)),
    ("frames", "right", "method", "left", "", (0, 0)),
    ("method", "bottom", "fold", "top", "", (0, 0)),
    ("method", "right", "predictions", "left", "pooled\nover folds", (0, 0.36)),
    ("submission", "top", "predictions", "bottom", "checked", (0.62, 0)),
    ("predictions", "right", "protocol", "left", "", (0, 0)),
    ("truth", "top", "protocol", "bottom", "", (0, 0)),
    ("protocol", "right", "card", "left", "", (0, 0)),
    ("card", "right", "board", "left", "", (0, 0)),
    ("card", "right", "compare", "left", "", (0, 0)),
    ("card", "right", "check", "left", "", (0, 0)),
    ("card", "right", "receipt", "left", "", (0, 0)),
)

FRAMES = (
    # x, y, width, height, what does it
    (-0.1, 1.7, 6.8, 4.15, "mebench run, fold by fold"),
    (11.6, 1.7, 6.8, 4.15, "mebench grade"),
)


def place(name: str, side: str) -> tuple[float, float]:
    """Return the middle of a side of a box."""
    x, y, width, height = BOXES[name][:4]
    return {
        "left": (x, y + height / 2),
        "right": (x + width, y + height / 2),
        "top": (x + width / 2, y + height),
        "bottom": (x + width / 2, y),
    }[side]


def draw_box(axes: Axes, name: str) -> None:
    """Draw one box with its title and what is said below it."""
    x, y, width, height, colour, title, words = BOXES[name]
    shape = "round,pad=0,rounding_size=0.12"
    axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, facecolor=colour, edgecolor=EDGE, linewidth=1))
    top = y + height - 0.16
    axes.text(x + width / 2, top, title, ha="center", va="top", fontsize=11, fontweight="bold", color=INK)
    axes.text(x + width / 2, top - 0.4, words, ha="center", va="top", fontsize=8.6, color=QUIET, linespacing=1.15)


def draw_arrow(
    axes: Axes, start: str, leaves: str, end: str, enters: str, words: str, shift: tuple[float, float]
) -> None:
    """Draw one arrow, with words beside its middle."""
    a, b = place(start, leaves), place(end, enters)
    style = {"arrowstyle": "-|>", "mutation_scale": 12, "linewidth": 1.3, "color": QUIET, "shrinkA": 2, "shrinkB": 2}
    axes.add_patch(FancyArrowPatch(a, b, **style))
    if words:
        x, y = (a[0] + b[0]) / 2 + shift[0], (a[1] + b[1]) / 2 + shift[1]
        axes.text(x, y, words, ha="center", va="center", fontsize=8, color=QUIET, style="italic", linespacing=1.1)


def draw_frame(axes: Axes, x: float, y: float, width: float, height: float, words: str) -> None:
    """Draw a dashed frame around what one part does, and name it."""
    shape = "round,pad=0,rounding_size=0.15"
    axes.add_patch(
        FancyBboxPatch(
            (x, y), width, height, boxstyle=shape, fill=False, edgecolor=EDGE, linewidth=1, linestyle=(0, (4, 3))
        )
    )
    axes.text(x + 0.15, y + height - 0.12, words, ha="left", va="top", fontsize=9, color=QUIET)


def draw_legend(axes: Axes) -> None:
    """Say what the colours mean."""
    meanings = (
        (WORK, "computes"),
        (DATA, "lies on disk"),
        (READ, "reads scorecards, and nothing else"),
        (OTHER, "comes from others"),
    )
    x = 0.1
    for colour, words in meanings:
        axes.add_patch(
            FancyBboxPatch(
                (x, 0.35),
                0.3,
                0.22,
                boxstyle="round,pad=0,rounding_size=0.05",
                facecolor=colour,
                edgecolor=EDGE,
                linewidth=0.8,
            )
        )
        axes.text(x + 0.42, 0.46, words, ha="left", va="center", fontsize=9, color=INK)
        x += 1.0 + 0.115 * len(words)


def draw(out: Path) -> list[Path]:
    """Write the picture as PNG and SVG.

    Parameters
    ----------
    out : path without suffix.

    Returns
    -------
    The two files.
    """
    plt.rcParams.update({"font.family": "DejaVu Sans", "svg.hashsalt": "mebench", "svg.fonttype": "path"})
    figure, axes = plt.subplots(figsize=(16, 5.2))
    axes.set(xlim=(-0.25, 22.05), ylim=(0.1, 6.8), aspect="equal")
    axes.axis("off")
    for frame in FRAMES:
        draw_frame(axes, *frame)
    for name in BOXES:
        draw_box(axes, name)
    for arrow in ARROWS:
        draw_arrow(axes, *arrow)
    draw_legend(axes)
    out.parent.mkdir(parents=True, exist_ok=True)
    files = [out.with_suffix(".png"), out.with_suffix(".svg")]
    figure.savefig(files[0], dpi=110, bbox_inches="tight", facecolor="white", metadata={"Software": None})
    figure.savefig(files[1], bbox_inches="tight", facecolor="white", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return files


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and write the picture."""
    parser = argparse.ArgumentParser(description="Draw the picture of the data flow.")
    parser.add_argument("--out", type=Path, default=Path("docs/images/architecture"), help="path without suffix")
    for path in draw(parser.parse_args(arguments).out):
        print(path)


if __name__ == "__main__":
    main()
