"""A sampled part of the face plane, and the few operations that painting needs.

Conventions
-----------
Coordinates are face coordinates (IPD, y down; see `geometry`). Masks are float32 in 0..1, images float32 BGR in 0..1.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# OpenCV's stubs know no element types, so these names carry by convention what mypy cannot check.
Image = NDArray[Any]  # float32
Pixels = NDArray[Any]  # uint8
Array = NDArray[np.float64]


class Plane:
    """A grid of `height` x `width` samples, `scale` samples per IPD, whose first sample lies at (left, top)."""

    def __init__(self, left: float, top: float, width: int, height: int, scale: float) -> None:
        self.left, self.top, self.width, self.height, self.scale = left, top, width, height, scale
        self.x = (left + np.arange(width) / scale).astype(np.float32)
        self.y = (top + np.arange(height) / scale).astype(np.float32)

    def grid(self) -> tuple[Image, Image]:
        """Return x and y of every sample, each (height, width)."""
        xs, ys = np.meshgrid(self.x, self.y)
        return xs, ys

    def part(self, x0: float, y0: float, x1: float, y1: float) -> tuple[Plane, tuple[slice, slice]]:
        """Return the part between two corners (cut at this plane's border) and its rows and columns in this plane."""
        i0, i1 = (int(i) for i in np.searchsorted(self.x, (x0, x1)))
        j0, j1 = (int(j) for j in np.searchsorted(self.y, (y0, y1)))
        left, top = self.left + i0 / self.scale, self.top + j0 / self.scale
        return Plane(left, top, i1 - i0, j1 - j0, self.scale), (slice(j0, j1), slice(i0, i1))

    def to_samples(self, points: Array) -> Array:
        """Convert points (n, 2) in IPD to sample coordinates."""
        return (np.asarray(points) - (self.left, self.top)) * self.scale

    def blob(self, x: float, y: float, sx: float, sy: float) -> Image:
        """Return a Gaussian of height 1 at (x, y)."""
        across = np.exp(-((self.x - x) ** 2) / (2 * sx * sx))
        down = np.exp(-((self.y - y) ** 2) / (2 * sy * sy))
        return (down[:, None] * across[None, :]).astype(np.float32)

    def pair(self, x: float, y: float, sx: float, sy: float) -> Image:
        """Return Gaussians at (x, y) and (-x, y)."""
        across = np.exp(-((self.x - x) ** 2) / (2 * sx * sx)) + np.exp(-((self.x + x) ** 2) / (2 * sx * sx))
        down = np.exp(-((self.y - y) ** 2) / (2 * sy * sy))
        return (down[:, None] * across[None, :]).astype(np.float32)

    def blur(self, image: Image, sigma: float) -> Image:
        """Blur by `sigma` IPD."""
        s = sigma * self.scale
        if s < 12:
            return cv2.GaussianBlur(image, (0, 0), s, borderType=cv2.BORDER_REPLICATE)
        # Wide blurs are taken at a quarter of the size, where they cost a sixteenth.
        small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), s / 4, borderType=cv2.BORDER_REPLICATE)
        return cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_CUBIC)

    def fill(self, polygon: Array, soft: float = 0.0) -> Image:
        """Return the mask of a polygon (n, 2), its edge softened by `soft` IPD."""
        mask = np.zeros((self.height, self.width), np.uint8)
        points = np.round(self.to_samples(polygon) * 16).astype(np.int32)
        cv2.fillPoly(mask, [points], 255, lineType=cv2.LINE_AA, shift=4)
        out = mask.astype(np.float32) / 255
        return self.blur(out, soft) if soft > 0 else out

    def line(self, points: Array, width: float, soft: float = 0.0) -> Image:
        """Return the mask of an open polyline drawn `width` IPD wide."""
        mask = np.zeros((self.height, self.width), np.uint8)
        path = np.round(self.to_samples(points) * 16).astype(np.int32)
        thickness = max(1, round(width * self.scale))
        cv2.polylines(mask, [path], False, 255, thickness, cv2.LINE_AA, 4)
        out = mask.astype(np.float32) / 255
        return self.blur(out, soft) if soft > 0 else out

    def distance(self, polygon: Array) -> Image:
        """Return the signed distance to a polygon's edge in IPD, positive inside."""
        mask = (self.fill(polygon) > 0.5).astype(np.uint8)
        inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
        outside = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5)
        return ((inside - outside) / self.scale).astype(np.float32)

    def noise(self, rng: np.random.Generator, sigma: float) -> Image:
        """Return smooth noise of standard deviation 1 with grains of about `sigma` IPD."""
        s = sigma * self.scale
        shrink = 1 if s < 5 else int(s / 2.5)
        small: Image = rng.standard_normal((self.height // shrink + 3, self.width // shrink + 3), dtype=np.float32)
        if s / shrink > 0.4:
            small = cv2.GaussianBlur(small, (0, 0), s / shrink)
        small = (small - small.mean()) / max(float(small.std()), 1e-6)
        if shrink == 1:
            return small[: self.height, : self.width]
        size = (small.shape[1] * shrink, small.shape[0] * shrink)
        return cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)[: self.height, : self.width]


def remap(image: Image, at: Image, *, border: int = cv2.BORDER_REPLICATE, out: Image | None = None) -> Image:
    """Interpolate `image` linearly at sample coordinates `at` (..., ..., 2)."""
    # OpenCV's stubs do not know that a map of two channels needs no second map.
    return cv2.remap(image, at, None, cv2.INTER_LINEAR, dst=out, borderMode=border)  # type: ignore[call-overload]


def mix(base: Image, over: Image | tuple[float, float, float], mask: Image) -> Image:
    """Lay `over` on `base` where `mask` is 1."""
    m = mask[..., None]
    return (base + (np.asarray(over, np.float32) - base) * m).astype(np.float32)


def srgb(linear: Image) -> Image:
    """Encode linear light for display (gamma 2.2)."""
    return cv2.pow(np.clip(linear, 0, 1), 1 / 2.2)


def ramp(t: Image) -> Image:
    """Rise smoothly from 0 at t <= 0 to 1 at t >= 1."""
    s = np.clip(t, 0, 1)
    return s * s * (3 - 2 * s)
