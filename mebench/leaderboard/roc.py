"""ROC curves of a run as small SVG paths.

Conventions
-----------
A path lives in a square of `SIDE` units; false positives run to the right and true positives up.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from mebench.analysis.roc import RocCurve, RunCurves, roc_of_run
from mebench.errors import UserError
from mebench.leaderboard.bars import decimals
from mebench.runs.store import CONFIG

SIDE = 1000
"""Units of a side; finer than the pixels of the drawing."""
POINTS = 200
"""Points of a curve, about one for each pixel."""

UNREADABLE = "Its frame scores cannot be read as those of a run: `mebench figure roc` on its folder says why."


@dataclasses.dataclass(frozen=True)
class RocLine:
    """One curve: what it is of, its path, and the area under it in words."""

    scope: str
    path: str
    area: str


@dataclasses.dataclass(frozen=True)
class RocView:
    """The curves of one run, all people pooled.

    Attributes
    ----------
    lines : one for each scope.
    caption : which scores of whom they are of.
    problem : why there are none; empty where there are.
    side : units of the square.
    """

    lines: tuple[RocLine, ...] = ()
    caption: str = ""
    problem: str = ""
    side: int = SIDE


def roc_view(run: Path) -> RocView | None:
    """Return the curves of a run; None where a card lies alone, without its run.

    Parameters
    ----------
    run : the folder that holds the scorecard.
    """
    if not (run / CONFIG).is_file():
        return None
    try:
        found = roc_of_run(run)
    except UserError:
        # The sentence would name the folder, which is nobody's business who reads the page.
        return RocView(problem=UNREADABLE)
    return RocView(tuple(_line(scope, curve) for scope, curve in found.pooled.items()), _caption(found))


def _caption(found: RunCurves) -> str:
    people = f"{found.tested} people" if found.tested > 1 else "one person"
    if found.tested < found.planned:
        people = f"{found.tested} of {found.planned} people"
    if found.kind == "raw":
        return f"Raw scores of the frames with a face of {people}, pooled; the column AUC is of the processed scores."
    return f"Processed scores of the frames of {people}, pooled; the method keeps no raw ones."


def _line(scope: str, curve: RocCurve) -> RocLine:
    area = "one class is absent" if curve.area is None else f"AUC {decimals(curve.area)}"
    return RocLine(scope, _path(curve), area)


def _path(curve: RocCurve) -> str:
    """Write a curve as lines between whole units; points that fall on the one before are left out."""
    units = np.rint(curve.thinned(POINTS) * SIDE).astype(int)
    points = list(dict.fromkeys(zip(units[0].tolist(), (SIDE - units[1]).tolist(), strict=True)))
    return "M" + "L".join(f"{x} {y}" for x, y in points)
