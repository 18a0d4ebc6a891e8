"""The 17 action units and the displacement fields they cause.

Conventions
-----------
Intensities run from 0 to 5 (FACS A-E) and displacements scale linearly with them. The tables below give displacements
at intensity 5 in IPD, in the directions of FACS (Ekman, Friesen and Hager, 2002): outward from the midline +, up +. A
field says where a *destination* point comes from: `source = point - displacement(point)`. Fields are given on a
coarse grid; a side's share fades over the midline, so the two sides add up to the symmetric movement.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.geometry import Geometry, lip_line_y, neutral_landmarks
from mebench.schema.action_units import ACTION_UNITS

Array = NDArray[np.float64]

INDEX = {unit: i for i, unit in enumerate(ACTION_UNITS)}
LETTERS = "ABCDE"

# Lids are drawn by the eye model, so 5, 7 and 45 move skin only a little.
LID_ONLY = (5, 45)
OPENING = (25, 26)

# unit: (reach of one control point in IPD, {landmark of the image-right half: (outward, up)}, {place: (outward, up)}).
# Places without a landmark are named in `_anchors`. Zeros hold points still that a neighbour would drag along.
_TABLE: dict[int, tuple[float, dict[int, tuple[float, float]], dict[str, tuple[float, float]]]] = {
    1: (
        0.20,
        {22: (0, 0.12), 23: (0, 0.10), 24: (0, 0.045), 25: (0, 0), 43: (0, 0.004), 47: (0, 0)},
        {"forehead": (0, 0.05)},
    ),
    2: (
        0.20,
        {22: (0, 0), 23: (0, 0.025), 24: (0, 0.08), 25: (0, 0.12), 26: (0, 0.12), 45: (0, 0.01)},
        {"temple": (0, 0.05)},
    ),
    4: (
        0.20,
        {22: (-0.05, -0.08), 23: (-0.035, -0.08), 24: (-0.015, -0.08), 25: (0, -0.08), 26: (0, -0.08), 43: (0, -0.004)},
        {"forehead": (0, -0.03)},
    ),
    6: (0.22, {46: (0, 0.012), 47: (0, 0.012), 45: (0, 0.006)}, {"cheek": (0, 0.06), "low_cheek": (0, 0.03)}),
    7: (0.12, {46: (0, 0.02), 47: (0, 0.02), 45: (0, 0), 42: (0, 0)}, {}),
    9: (
        0.17,
        {31: (0.0, 0.05), 33: (0.0, 0.05), 35: (0.0, 0.05), 51: (0.0, 0.04), 52: (0.0, 0.04), 53: (0.0, 0.04)}
        | {22: (0.0, -0.03), 54: (0.0, 0.0), 42: (0.0, 0.0)},
        {"nose_side": (0.0, 0.05)},
    ),
    10: (0.15, {35: (0, 0.02), 51: (0, 0.045), 52: (0, 0.06), 53: (0, 0.045), 54: (0, 0), 57: (0, 0.012)}, {}),
    12: (
        0.20,
        {54: (0.10, 0.10), 53: (0.07, 0.05), 52: (0.02, 0.012), 56: (0.02, 0.012), 55: (0.07, 0.05), 57: (0, 0)}
        | {35: (0.012, 0.006), 45: (0, 0)},
        {"cheek": (0.01, 0.04), "low_cheek": (0.03, 0.05), "jowl": (0.03, 0.02)},
    ),
    14: (0.13, {54: (0.04, 0), 53: (0.015, 0), 55: (0.015, 0)}, {"beside": (-0.015, 0)}),
    15: (
        0.16,
        {54: (0.02, -0.08), 53: (0.01, -0.03), 55: (0.01, -0.04), 52: (0, 0), 57: (0, 0)},
        {"jowl": (0, -0.02)},
    ),
    17: (
        0.19,
        {57: (0, 0.05), 56: (0, 0.05), 55: (0, 0.05), 54: (0, 0), 51: (0, 0.02), 8: (0, 0.015)},
        {"boss": (0, 0.06)},
    ),
    20: (
        0.19,
        {54: (0.10, -0.01), 53: (0.06, 0.0), 55: (0.06, 0), 52: (0.015, 0), 56: (0.015, 0)},
        {"jowl": (0.03, 0)},
    ),
    23: (
        0.11,
        {51: (0, -0.02), 52: (0, -0.02), 53: (-0.01, -0.02), 54: (-0.03, 0)}
        | {55: (-0.01, 0.02), 56: (0, 0.02), 57: (0, 0.02)},
        {},
    ),
}


def letter(intensity: float) -> str:
    """Return the FACS letter of an intensity in (0, 5]: A up to 1, B up to 2, ... E up to 5."""
    return LETTERS[int(np.clip(np.ceil(intensity) - 1, 0, 4))]


def code(unit: int, intensity: float, side: str = "") -> str:
    """Return a FACS-like code such as `12B` or `L14C`; `side` is empty, `L` or `R` (the subject's sides)."""
    return f"{side}{unit}{letter(intensity)}"


def _anchors(geometry: Geometry) -> dict[str, tuple[float, float]]:
    """Places of the image-right half that no landmark marks."""
    g = geometry
    return {
        "forehead": (0.25, -g.brow_height - 0.33),
        "temple": (0.70, -g.brow_height - 0.33),
        "cheek": (0.60, 0.48),
        "low_cheek": (0.62, 0.78),
        "nose_side": (0.20, 0.42),
        "jowl": (0.60, g.lip_line + 0.16),
        "beside": (g.mouth_half_width + 0.16, g.lip_line),
        "boss": (0.0, g.lip_line + 0.52),
    }


def _controls(unit: int, geometry: Geometry) -> tuple[Array, Array]:
    """Return control points and their displacements (dx, dy down) of both halves, each (n, 2)."""
    _, landmarks, places = _TABLE[unit]
    marks, anchors = neutral_landmarks(geometry), _anchors(geometry)
    rows = [(*marks[i], out, -up) for i, (out, up) in landmarks.items()]
    rows += [(*anchors[name], out, -up) for name, (out, up) in places.items()]
    right = np.array(rows)
    left = right[right[:, 0] > 1e-9] * (-1, 1, -1, 1)
    both = np.concatenate([right, left])
    _, keep = np.unique(np.round(both[:, :2], 6), axis=0, return_index=True)
    return both[keep, :2], both[keep, 2:]


def symmetric_field(unit: int, geometry: Geometry, x: Array, y: Array) -> Array:
    """Displacement of a smoothly moving unit at intensity 5, both sides.

    Parameters
    ----------
    x, y : grid columns (w,) and rows (h,) in IPD.

    Returns
    -------
    (h, w, 2) displacement in IPD (y down) that takes the tabulated values at the control points.
    """
    reach = _TABLE[unit][0]
    points, moves = _controls(unit, geometry)
    gaps = np.sum((points[:, None] - points[None]) ** 2, axis=-1)
    kernel = np.exp(-gaps / (2 * reach**2))
    weights = np.linalg.solve(kernel + 0.02 * np.eye(len(points)), moves)
    field = np.zeros((len(y), len(x), 2))
    for (px, py), weight in zip(points, weights, strict=True):
        bump = np.exp(-((y - py) ** 2) / (2 * reach**2))[:, None] * np.exp(-((x - px) ** 2) / (2 * reach**2))
        field += bump[..., None] * weight
    return field


def _ramp(t: Array) -> Array:
    s = np.clip(t, 0, 1)
    return s * s * (3 - 2 * s)


def opening_field(unit: int, geometry: Geometry, x: Array, y: Array, step: float) -> Array:
    """Displacement of the units that part the lips (25, 26) at intensity 5, both sides.

    The field jumps just below the lip line, within `step` IPD: what comes to lie in the gap is covered by the inside of
    the mouth.
    """
    g = geometry
    xs, ys = np.meshgrid(x, y)
    line = lip_line_y(g, xs)
    mouth = np.clip(1 - (xs / (1.02 * g.mouth_half_width)) ** 2, 0, 1)
    lower = _ramp((ys - line) / step)
    field = np.zeros((*xs.shape, 2))
    if unit == 25:
        below = lower * (1 - _ramp((ys - line - 0.2) / 0.45))
        above = (1 - lower) * _ramp((ys - line + 0.34) / 0.3)
        field[..., 1] = mouth * (0.04 * below - 0.02 * above)
        return field
    cheek = _ramp((ys - line + 0.33) / 0.95)
    jaw = mouth * lower + (1 - mouth) * cheek
    neck = 1 - _ramp((ys - g.chin) / 0.75)
    sides = 1 - _ramp((np.abs(xs) - 0.72) / 0.45)
    chin = 0.18 + 0.02 * _ramp((ys - line - 0.3) / 0.3)
    field[..., 1] = chin * jaw * neck * sides
    return field


def side_share(x: Array) -> Array:
    """Share of the image-right half (the subject's left side) at columns `x`: 0 far left, .5 midway, 1 far right."""
    return _ramp((np.asarray(x) + 0.12) / 0.24)
