"""Light that is not even and does not stay the same.

The light of a frame is a gain for every pixel, 1 being the light the portrait was painted in: a gradient, and a
lamp's spot that drifts. `mild` is a room; `uneven` makes grey values unreliable (strong gradient, moving spot,
flicker) and keeps local structure, which is what local contrast normalisation is for.
"""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering.plane import Pixels

UNIT = 120
_GRID = (24, 32)


@dataclasses.dataclass(frozen=True)
class LightLevel:
    """How strongly one preset varies; all numbers are fractions of the mean light."""

    base: tuple[float, float]
    gradient: float
    spot: tuple[float, float]
    drift_hz: float
    flicker: float


LEVELS = {
    "none": LightLevel((1.0, 1.0), 0.0, (0.0, 0.0), 0.0, 0.0),
    "mild": LightLevel((0.92, 1.02), 0.06, (0.0, 0.12), 0.06, 0.004),
    "uneven": LightLevel((0.50, 0.65), 0.22, (0.55, 0.95), 0.45, 0.10),
}


def light_track(rng: np.random.Generator, n: int, fps: float, level: LightLevel) -> NDArray[np.float64]:
    """Draw the light of a video.

    Returns
    -------
    (n, 7): base, gradient in x and y (over half the frame), spot strength, spot x and y (-1..1), spot radius.
    """
    t = np.arange(n) / fps

    def wander(centre: float, spread: float) -> NDArray[np.float64]:
        f = level.drift_hz * rng.uniform(0.5, 1.5, 3) * np.array([0.4, 1.0, 2.0])
        waves = np.sin(2 * np.pi * f * t[:, None] + rng.uniform(0, 2 * np.pi, 3))
        return centre + spread * waves @ np.array([0.55, 0.35, 0.2])

    base = wander(rng.uniform(*level.base), 0.03 if level.drift_hz else 0.0)
    gx, gy = (
        wander(rng.normal(0, 0.7) * level.gradient, level.gradient),
        wander(rng.normal(0, 0.5) * level.gradient, level.gradient),
    )
    strength = wander(rng.uniform(*level.spot), 0.3 * level.spot[1])
    sx, sy = wander(rng.uniform(-0.4, 0.4), 0.5), wander(rng.uniform(-0.5, 0.3), 0.5)
    radius = wander(0.5, 0.1)
    # Mains flicker beats with the shutter: a few Hz, and seldom a step.
    beat = np.sin(2 * np.pi * rng.uniform(2.5, 7.0) * t + rng.uniform(0, 2 * np.pi)) + 0.6 * rng.standard_normal(n)
    base, strength = base * (1 + level.flicker * beat), strength * (1 + 2 * level.flicker * np.roll(beat, 2))
    return np.round(np.stack([base, gx, gy, np.maximum(strength, 0), sx, sy, radius], axis=1), 5)


class Lamp:
    """Turns a row of `light_track` into a gain image and applies it."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self._y = np.linspace(-1, 1, _GRID[0], dtype=np.float32)[:, None]
        self._x = np.linspace(-1, 1, _GRID[1], dtype=np.float32)[None, :] * np.float32(width / height)

    def apply(self, frame: Pixels, row: NDArray[np.float64]) -> Pixels:
        """Put `frame` (BGR) under the light of `row`, in place, and return it."""
        base, gx, gy, strength, sx, sy, radius = (float(v) for v in row)
        gain = base + gx * self._x + gy * self._y
        if strength > 0:
            gain = gain + strength * np.exp(-((self._x - sx) ** 2) / (2 * radius**2)) * np.exp(
                -((self._y - sy) ** 2) / (2 * radius**2)
            )
        small = np.clip(np.round(gain * UNIT), 0, 255).astype(np.uint8)
        wide = cv2.resize(small, self.size, interpolation=cv2.INTER_LINEAR)
        return cv2.multiply(frame, cv2.merge([wide, wide, wide]), dst=frame, scale=1 / UNIT)
