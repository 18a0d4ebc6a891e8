"""Wrinkles, furrows, folds, bulges and dimples as changes of the relief at intensity 5, image-right half.

Depths are in IPD before `appearance.STRENGTH`; `age` (0..1) deepens what deepens with age.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mebench.rendering.geometry import Geometry, smooth_curve
from mebench.rendering.plane import Array, Image, Plane

Relief = Callable[[Plane, Geometry, float], Image]


def _fold(plane: Plane, points: Array, depth: float, width: float, bulge: float = 0.6) -> Image:
    """A crease along `points` with a soft bulge on its upper, outer side."""
    soft = plane.line(smooth_curve(points, closed=False, rounds=3), width, width * 0.8)
    wide = plane.line(smooth_curve(points + np.array([0.02, -0.05]), closed=False, rounds=3), width * 3, width * 3)
    return depth * (-soft + bulge * wide)


def _forehead_inner(plane: Plane, g: Geometry, age: float) -> Image:
    rows = [
        np.array([(-0.06, -g.brow_height - d), (0.2, -g.brow_height - d - 0.02), (0.46, -g.brow_height - d + 0.01)])
        for d in (0.24, 0.40, 0.55)
    ]
    return sum(
        (_fold(plane, r, 0.020 + 0.012 * age, 0.016) for r in rows), np.zeros((plane.height, plane.width), np.float32)
    )


def _forehead_outer(plane: Plane, g: Geometry, age: float) -> Image:
    rows = [
        np.array([(0.42, -g.brow_height - d), (0.62, -g.brow_height - d - 0.02), (0.84, -g.brow_height - d + 0.06)])
        for d in (0.26, 0.42)
    ]
    return sum(
        (_fold(plane, r, 0.020 + 0.012 * age, 0.016) for r in rows), np.zeros((plane.height, plane.width), np.float32)
    )


def _frown(plane: Plane, g: Geometry, age: float) -> Image:
    y = -g.brow_height
    furrow = _fold(
        plane, np.array([(0.085, y - 0.10), (0.075, y + 0.02), (0.095, y + 0.13)]), 0.032 + 0.015 * age, 0.020, 0.8
    )
    return furrow + 0.030 * plane.blob(0.20, y + 0.03, 0.07, 0.05)


def _crows_feet(plane: Plane, g: Geometry, age: float) -> Image:
    x = g.outer_corner
    out = np.zeros((plane.height, plane.width), np.float32)
    for rise, drop in ((-0.10, -0.02), (0.0, 0.03), (0.12, 0.07)):
        out += _fold(
            plane,
            np.array([(x + 0.05, drop), (x + 0.13, drop + 0.5 * rise), (x + 0.22, drop + rise)]),
            0.014 + 0.012 * age,
            0.014,
        )
    under = _fold(plane, np.array([(0.30, 0.17), (0.50, 0.235), (0.74, 0.17)]), 0.020, 0.024, 0.2)
    return out + under + 0.045 * plane.blob(0.60, 0.42, 0.20, 0.12)


def _lid_bulge(plane: Plane, g: Geometry, age: float) -> Image:
    return 0.024 * plane.blob(0.52, 0.115, 0.17, 0.032) - 0.012 * plane.blob(0.52, 0.185, 0.18, 0.022)


def _nose_wrinkles(plane: Plane, g: Geometry, age: float) -> Image:
    out = np.zeros((plane.height, plane.width), np.float32)
    for y in (0.02, 0.11, 0.20):
        out += _fold(plane, np.array([(-0.02, y - 0.02), (0.07, y), (0.15, y + 0.06)]), 0.018 + 0.01 * age, 0.016)
    return out + _fold(plane, np.array([(0.20, 0.36), (0.29, 0.50), (0.33, 0.64)]), 0.030, 0.028, 0.6)


def _nasolabial(plane: Plane, g: Geometry, age: float) -> Image:
    nose, mouth = g.nose_half_width, g.mouth_half_width
    top = [(nose + 0.05, g.subnasale - 0.16), (nose + 0.17, g.subnasale + 0.02)]
    path = np.array([*top, (mouth + 0.12, g.lip_line - 0.14), (mouth + 0.17, g.lip_line + 0.06)])
    return _fold(plane, path, 0.052 + 0.02 * age, 0.034, 0.55) + 0.05 * plane.blob(0.62, 0.58, 0.20, 0.17)


def _dimple(plane: Plane, g: Geometry, age: float) -> Image:
    x = g.mouth_half_width + 0.07
    return -0.055 * plane.blob(x, g.lip_line, 0.030, 0.055) + 0.025 * plane.blob(x + 0.09, g.lip_line, 0.05, 0.09)


def _pouch(plane: Plane, g: Geometry, age: float) -> Image:
    x = g.mouth_half_width
    crease = _fold(
        plane,
        np.array([(x + 0.01, g.lip_line + 0.02), (x + 0.06, g.lip_line + 0.12), (x + 0.04, g.lip_line + 0.24)]),
        0.036,
        0.026,
        0.2,
    )
    return crease + 0.035 * plane.blob(x + 0.0, g.lip_line + 0.20, 0.07, 0.06)


def _chin(plane: Plane, g: Geometry, age: float) -> Image:
    rng = np.random.default_rng(17)
    y = g.lip_line + 0.50
    pits = plane.noise(rng, 0.022) * plane.blob(0.06, y, 0.17, 0.11)
    fold = _fold(
        plane,
        np.array([(-0.05, g.lip_line + 0.27), (0.10, g.lip_line + 0.275), (0.24, g.lip_line + 0.33)]),
        0.034,
        0.03,
        0.0,
    )
    return 0.010 * pits + fold + 0.03 * plane.blob(0.0, y, 0.16, 0.10)


def _tight_lips(plane: Plane, g: Geometry, age: float) -> Image:
    out = np.zeros((plane.height, plane.width), np.float32)
    for x in (0.08, 0.17, 0.26):
        out += _fold(
            plane,
            np.array([(x, g.lip_line - 0.20), (x + 0.005, g.lip_line - 0.15), (x, g.lip_line - 0.10)]),
            0.014,
            0.012,
            0.0,
        )
    return out - 0.03 * plane.blob(0.2, g.lip_line, 0.2, 0.05)


def _stretch(plane: Plane, g: Geometry, age: float) -> Image:
    x = g.mouth_half_width + 0.10
    return _fold(
        plane,
        np.array([(x, g.lip_line - 0.12), (x + 0.05, g.lip_line + 0.03), (x + 0.01, g.lip_line + 0.18)]),
        0.03,
        0.024,
        0.5,
    )


# name: (change of the relief, share of each unit that shows it)
GROUPS: dict[str, tuple[Relief, dict[int, float]]] = {
    "forehead_inner": (_forehead_inner, {1: 1.0}),
    "forehead_outer": (_forehead_outer, {2: 1.0}),
    "frown": (_frown, {4: 1.0, 9: 0.4}),
    "crows_feet": (_crows_feet, {6: 1.0}),
    "lid_bulge": (_lid_bulge, {7: 1.0, 6: 0.5}),
    "nose_wrinkles": (_nose_wrinkles, {9: 1.0, 10: 0.25}),
    "nasolabial": (_nasolabial, {12: 1.0, 10: 0.6, 9: 0.4, 6: 0.25}),
    "dimple": (_dimple, {14: 1.0}),
    "pouch": (_pouch, {15: 1.0}),
    "chin": (_chin, {17: 1.0}),
    "tight_lips": (_tight_lips, {23: 1.0}),
    "stretch": (_stretch, {20: 1.0}),
}
