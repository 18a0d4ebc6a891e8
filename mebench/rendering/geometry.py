"""Neutral face geometry and the 68 landmarks.

Conventions
-----------
Face coordinates: origin midway between the pupils, x to the image's right, y *down*, unit the distance between the
pupils (IPD). The subject's right side is the image's left. Means are adult anthropometric means; every identity
varies them by at most 10%. Landmarks are the usual 68 points, 0-based.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

JAW, BROW_RIGHT, BROW_LEFT = slice(0, 17), slice(17, 22), slice(22, 27)
NOSE, EYE_RIGHT, EYE_LEFT = slice(27, 36), slice(36, 42), slice(42, 48)
OUTER_LIPS, INNER_LIPS = slice(48, 60), slice(60, 68)


@dataclasses.dataclass(frozen=True)
class Geometry:
    """Distances of one neutral face in IPD."""

    cheek_half_width: float = 1.10
    jaw_half_width: float = 0.86
    chin_half_width: float = 0.30
    hairline: float = 1.15
    chin: float = 1.85
    inner_corner: float = 0.265
    fissure: float = 0.50
    eye_opening: float = 0.16
    eye_tilt: float = 0.025
    brow_height: float = 0.36
    brow_arch: float = 0.07
    nose_half_width: float = 0.28
    nose_length: float = 0.84
    mouth_half_width: float = 0.42
    philtrum: float = 0.35
    upper_lip: float = 0.13
    lower_lip: float = 0.16
    iris: float = 0.19

    @property
    def nasion(self) -> float:
        """Height of the root of the nose (y)."""
        return -0.07

    @property
    def subnasale(self) -> float:
        """Height of the base of the nose (y)."""
        return self.nasion + self.nose_length

    @property
    def lip_line(self) -> float:
        """Height of the closed lip line at the midline (y)."""
        return self.subnasale + self.philtrum

    @property
    def outer_corner(self) -> float:
        """Distance of the outer eye corner from the midline."""
        return self.inner_corner + self.fissure


def sample_geometry(rng: np.random.Generator) -> Geometry:
    """Draw the geometry of one identity: each distance within 10% of the mean, a common factor of sex within 2.5%."""
    sex = rng.choice([-0.025, 0.025])
    values = {}
    for field in dataclasses.fields(Geometry):
        spread = 0.25 if field.name in ("eye_tilt", "brow_arch") else 0.045
        factor = 1 + float(np.clip(rng.normal(sex * (field.name != "iris"), spread), -2 * spread, 2 * spread))
        if spread < 0.1:
            factor = min(max(factor, 0.9), 1.1)
        values[field.name] = round(float(field.default) * factor, 4)  # type: ignore[arg-type]
    # The lower third may not shrink under the mouth: the chin keeps at least .62 IPD below the lip line.
    lips = Geometry(**values).lip_line
    values["chin"] = round(max(values["chin"], lips + 0.64), 4)
    return Geometry(**values)


def smooth_curve(points: Array, *, closed: bool = True, rounds: int = 4) -> Array:
    """Cut the corners of a polygon repeatedly (Chaikin), which tends to a smooth quadratic curve.

    Parameters
    ----------
    points : (n, 2) control points.
    closed : whether the last point joins the first; open curves keep their end points.
    rounds : each round doubles the number of points.
    """
    curve = np.asarray(points, dtype=np.float64)
    for _ in range(rounds):
        following = np.roll(curve, -1, axis=0) if closed else curve[1:]
        current = curve if closed else curve[:-1]
        cut = np.stack([0.75 * current + 0.25 * following, 0.25 * current + 0.75 * following], axis=1).reshape(-1, 2)
        curve = cut if closed else np.concatenate([curve[:1], cut, curve[-1:]])
    return curve


def mirrored(half: Array) -> Array:
    """Close a right-half curve (x >= 0, top to bottom) with its mirror image."""
    left = half[::-1] * (-1.0, 1.0)
    return np.concatenate([half, left])


def head_outline(geometry: Geometry) -> Array:
    """Return the closed outline of head and jaw, shape (n, 2)."""
    g = geometry
    c, j, k = g.cheek_half_width, g.jaw_half_width, g.chin_half_width
    half = [(0.02, -1.76), (0.58, -1.70), (0.94 * c, -1.32), (1.00 * c, -0.75), (1.01 * c, -0.1), (0.99 * c, 0.45)]
    half += [(0.93 * c, 0.95), (j, 1.30), (0.62 * j + 0.3 * k, g.chin - 0.22), (1.15 * k, g.chin - 0.03)]
    half += [(0.02, g.chin + 0.02)]
    return smooth_curve(mirrored(np.array(half)))


def _jaw(geometry: Geometry) -> Array:
    """Place landmarks 0-16 at equal arc lengths from ear to ear."""
    outline = head_outline(geometry)
    right_half = outline[(outline[:, 0] >= 0) & (outline[:, 1] >= -0.05)]
    right_half = right_half[np.argsort(np.arctan2(right_half[:, 0], right_half[:, 1] - 0.2))[::-1]]
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(right_half, axis=0), axis=1))])
    at = np.linspace(0, length[-1], 9)
    half = np.stack([np.interp(at, length, right_half[:, i]) for i in (0, 1)], axis=1)
    half[-1, 0] = 0.0
    return np.concatenate([half[:8] * (-1, 1), half[8:], half[:8][::-1]])


def lid_curve(geometry: Geometry, t: Array, *, upper: bool) -> Array:
    """Height (up) of a neutral lid over the line between the eye corners, at fractions `t` from the inner corner."""
    if upper:
        return 0.62 * geometry.eye_opening * np.sin(np.pi * t**0.88) ** 0.72
    return -0.38 * geometry.eye_opening * np.sin(np.pi * t**1.12) ** 0.85


def eye_corners(geometry: Geometry) -> Array:
    """Return inner and outer corner of the image-right eye, shape (2, 2)."""
    g = geometry
    return np.array([[g.inner_corner, 0.018 + g.eye_tilt / 2], [g.outer_corner, 0.018 - g.eye_tilt / 2]])


def _eye(geometry: Geometry) -> Array:
    """Landmarks 42-47 (image-right eye): inner corner, upper lid, outer corner, lower lid from outside in."""
    inner, outer = eye_corners(geometry)
    t = np.array([0.33, 0.67])
    upper = inner + t[:, None] * (outer - inner) - np.stack([0 * t, lid_curve(geometry, t, upper=True)], axis=1)
    lower = inner + t[:, None] * (outer - inner) - np.stack([0 * t, lid_curve(geometry, t, upper=False)], axis=1)
    return np.stack([inner, upper[0], upper[1], outer, lower[1], lower[0]])


def lip_line_y(geometry: Geometry, x: Array) -> Array:
    """Height of the closed lip line at horizontal positions `x`; the bow lies a little lower than the corners."""
    u = np.clip(np.abs(x) / geometry.mouth_half_width, 0, 1)
    return geometry.lip_line + 0.012 * np.cos(2 * np.pi * u) * (1 - u) - 0.012


def _lips(geometry: Geometry) -> tuple[Array, Array]:
    """Landmarks 48-59 and 60-67 of the closed mouth."""
    g, w = geometry, geometry.mouth_half_width
    x = np.array([-1, -0.62, -0.22, 0, 0.22, 0.62, 1]) * w
    top = lip_line_y(g, x) - np.array([0, 0.62, 1.0, 0.84, 1.0, 0.62, 0]) * g.upper_lip
    low_x = np.array([0.62, 0.27, 0, -0.27, -0.62]) * w
    low = lip_line_y(g, low_x) + np.array([0.66, 0.97, 1.0, 0.97, 0.66]) * g.lower_lip
    outer = np.concatenate([np.stack([x, top], 1), np.stack([low_x, low], 1)])
    inner_x = np.array([-0.88, -0.35, 0, 0.35, 0.88, 0.35, 0, -0.35]) * w
    inner = np.stack([inner_x, lip_line_y(g, inner_x) + np.array([0, -1, -1, -1, 0, 1, 1, 1]) * 0.006], 1)
    return outer, inner


def neutral_landmarks(geometry: Geometry) -> Array:
    """Return the 68 landmarks of the neutral face, shape (68, 2), in IPD."""
    g = geometry
    bx = np.array([0.20, 0.37, 0.54, 0.71, 0.86])
    by = -g.brow_height - g.brow_arch * np.array([-0.35, 0.25, 0.75, 0.8, -0.1])
    left_brow = np.stack([bx, by], 1)
    bridge = np.stack([np.zeros(4), np.linspace(g.nasion + 0.02, g.subnasale - 0.16, 4)], 1)
    nx = np.array([-0.8, -0.42, 0, 0.42, 0.8]) * g.nose_half_width
    nostrils = np.stack([nx, g.subnasale + np.array([-0.06, -0.02, 0, -0.02, -0.06])], 1)
    left_eye = _eye(g)
    right_eye = (left_eye * (-1, 1))[[3, 2, 1, 0, 5, 4]]
    outer, inner = _lips(g)
    brows = np.concatenate([(left_brow * (-1, 1))[::-1], left_brow])
    return np.concatenate([_jaw(g), brows, bridge, nostrils, right_eye, left_eye, outer, inner])
