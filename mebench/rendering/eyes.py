"""The eyes between the lids, drawn anew for every frame: lids and gaze move all the time.

A lid is the neutral lid curve scaled by how far the lids are open; it hangs on the eye's corners, which the skin
moves.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import INDEX
from mebench.rendering.geometry import eye_corners, lid_curve
from mebench.rendering.identity import Identity
from mebench.rendering.plane import Pixels

Points = NDArray[np.float64]

_T = np.linspace(0, 1, 15)
# Inner lids at the landmarks' fractions of the fissure.
_T_MARKS = np.array([0.33, 0.67])
_SPRITE = 96


class EyeModel:
    """Lids, iris and lashes of one identity.

    Parameters
    ----------
    ipd : pixels between the pupils.
    """

    def __init__(self, identity: Identity, ipd: float) -> None:
        self.ipd = ipd
        self.geometry = identity.geometry
        self._gain = identity.gains()
        self._upper, self._lower = (lid_curve(self.geometry, _T, upper=up) for up in (True, False))
        self._upper_marks, self._lower_marks = (lid_curve(self.geometry, _T_MARKS, upper=up) for up in (True, False))
        corners = eye_corners(self.geometry)
        axis = corners[1] - corners[0]
        rest = np.array([0.5, 0.0]) - corners[0]
        length = float(axis @ axis)
        # The pupil's place in the frame of the corners: along and across the fissure, in fissures.
        self._pupil = (float(rest @ axis) / length, float(rest[0] * axis[1] - rest[1] * axis[0]) / length)
        self._ball = _eyeball(identity)
        self._lash = np.asarray(identity.hair, np.float32) * 90 + 8
        self._reach = int(np.ceil(0.34 * ipd)), int(np.ceil(0.20 * ipd))

    def lids(self, units: NDArray[np.float32], base_upper: Points, base_lower: Points) -> tuple[Points, Points]:
        """Heights of the lids over the line between the corners, in IPD, for intensities (17,) of the eye's side."""
        level = units * self._gain / 5
        raised = 0.04 * level[INDEX[5]] - 0.015 * level[INDEX[7]]
        pushed = 0.03 * level[INDEX[6]] + 0.03 * level[INDEX[7]]
        half = 0.62 * self.geometry.eye_opening
        upper = base_upper * max(0.1, 1 + raised / half)
        lower = (
            base_lower + pushed * base_lower / min(float(base_lower.min()), -1e-6) if base_lower.size else base_lower
        )
        closed = float(np.clip(units[INDEX[45]] / 5, 0, 1))
        lower = lower * (1 - 0.15 * closed)
        return (1 - closed) * np.maximum(upper, lower) + closed * lower, lower

    def points(self, inner: Points, outer: Points, heights: Points, t: Points) -> Points:
        """Place lid heights (IPD) at fractions `t` of the line from `inner` to `outer` (pixels)."""
        axis = outer - inner
        normal = np.array([axis[1], -axis[0]]) / np.linalg.norm(axis)
        normal = normal if normal[1] < 0 else -normal
        return inner + t[:, None] * axis + heights[:, None] * self.ipd * normal

    def pupil(self, inner: Points, outer: Points) -> Points:
        """Return the resting centre of the pupil in pixels."""
        axis = outer - inner
        along, across = self._pupil
        return inner + along * axis + across * np.array([axis[1], -axis[0]]) * (1 if axis[0] > 0 else -1)

    def marks(self, inner: Points, outer: Points, units: NDArray[np.float32]) -> Points:
        """Return the six landmarks of an eye: inner corner, two upper, outer corner, two lower from outside in."""
        upper, lower = self.lids(units, self._upper_marks, self._lower_marks)
        top = self.points(inner, outer, upper, _T_MARKS)
        low = self.points(inner, outer, lower, _T_MARKS)
        return np.stack([inner, top[0], top[1], outer, low[1], low[0]])

    def draw(self, frame: Pixels, inner: Points, outer: Points, units: NDArray[np.float32], gaze: Points) -> None:
        """Draw one eye into `frame` (BGR) in place; `gaze` (2,) shifts the iris, in IPD."""
        upper, lower = self.lids(units, self._upper, self._lower)
        top, low = self.points(inner, outer, upper, _T), self.points(inner, outer, lower, _T)
        middle = (inner + outer) / 2
        rx, ry = self._reach
        x0, y0 = int(np.floor(middle[0])) - rx, int(np.floor(middle[1])) - ry
        window = frame[y0 : y0 + 2 * ry, x0 : x0 + 2 * rx]
        if window.shape[:2] != (2 * ry, 2 * rx):
            return
        origin = np.array([x0, y0])
        size = (2 * rx, 2 * ry)
        mask = np.zeros((2 * ry, 2 * rx), np.uint8)
        opening = float(np.max(upper - lower)) * self.ipd
        picture = window
        if opening > 0.4:
            outline = np.round((np.concatenate([top, low[::-1]]) - origin) * 16).astype(np.int32)
            cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA, 4)
            ball = self._place_ball(self.pupil(inner, outer) + gaze * self.ipd - origin, size)
            picture = _blend(window, self._shadowed(ball, mask), mask)
        self._lashes(picture, window, top - origin, low - origin, opening)

    def _place_ball(self, at: Points, size: tuple[int, int]) -> Pixels:
        k = self.ipd / _SPRITE
        affine = np.array(
            [[k, 0, at[0] - k * (self._ball.shape[1] - 1) / 2], [0, k, at[1] - k * (self._ball.shape[0] - 1) / 2]]
        )
        return cv2.warpAffine(self._ball, affine, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)

    def _shadowed(self, ball: Pixels, mask: Pixels) -> Pixels:
        """Darken the ball under the upper lid and towards the corners."""
        s = max(1, round(0.05 * self.ipd))
        deep = cv2.blur(cv2.blur(mask, (s, s)), (s, s))
        drop = np.roll(deep, max(1, s - 1), axis=0)
        shade = cv2.convertScaleAbs(drop, alpha=0.72, beta=66)
        return cv2.multiply(ball, cv2.merge([shade, shade, shade]), scale=1 / 238)

    def _lashes(self, picture: Pixels, window: Pixels, top: Points, low: Points, opening: float) -> None:
        """Draw the edges of the lids: a dark line above, a faint one below; writes the result into `window`."""
        line: Pixels = np.zeros(window.shape[:2], np.uint8)
        thick = max(1, round(0.022 * self.ipd))
        cv2.polylines(line, [np.round(low[1:] * 16).astype(np.int32)], False, 70, 1, cv2.LINE_AA, 4)
        cv2.polylines(line, [np.round(top * 16).astype(np.int32)], False, 215, thick, cv2.LINE_AA, 4)
        line = cv2.GaussianBlur(line, (3, 3), 0.6)
        dark = np.empty_like(window)
        dark[:] = self._lash
        window[:] = _blend(picture, dark, line)


def _blend(base: Pixels, over: Pixels, mask: Pixels) -> Pixels:
    """Lay `over` on `base` with an 8-bit mask."""
    m = cv2.merge([mask, mask, mask])
    return cv2.add(cv2.multiply(base, 255 - m, scale=1 / 255), cv2.multiply(over, m, scale=1 / 255))


def _eyeball(identity: Identity) -> Pixels:
    """Paint sclera, iris, pupil and catch light, `_SPRITE` samples for each IPD."""
    rng = np.random.default_rng(np.random.SeedSequence([0xE7, identity.seed]))
    half = int(0.55 * _SPRITE)
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32) / _SPRITE
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    radius = identity.geometry.iris / 2
    sclera = np.array([0.80, 0.83, 0.87], np.float32) * (1 - 0.5 * np.clip(r / 0.42, 0, 1) ** 2)[..., None]
    spokes = np.interp(angle, np.linspace(-np.pi, np.pi, 73), np.append(v := rng.normal(0, 1, 72), v[0])).astype(
        np.float32
    )
    inside = 1 + 0.16 * spokes + 0.30 * np.exp(-(((r / radius - 0.55) / 0.2) ** 2)) - 0.35 * (y / radius < -0.3) * 0.5
    iris = np.asarray(identity.iris, np.float32) * inside[..., None]
    limbus = np.clip((radius - r) / 0.022, 0, 1)
    iris *= (0.35 + 0.65 * np.clip((radius - r) / 0.03, 0, 1))[..., None]
    ball = sclera + (iris - sclera) * limbus[..., None]
    pupil = np.clip((0.40 * radius - r) / 0.012 + 0.5, 0, 1)[..., None]
    ball = ball * (1 - pupil) + 0.02 * pupil
    glint = np.exp(-(((x + 0.030 * np.sign(-identity.key_light[0] + 1e-9)) ** 2 + (y + 0.034) ** 2) / (2 * 0.011**2)))[
        ..., None
    ]
    return (np.clip(ball + 0.85 * glint, 0, 1) * 255).astype(np.uint8)
