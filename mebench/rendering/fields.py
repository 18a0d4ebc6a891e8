"""Displacement of a whole face as a linear combination of precomputed fields.

Conventions
-----------
A *layout* places the face in the frame. Fields live on a coarse grid over the layout's region of interest: one sample
for every `STEP` x `STEP` pixels, at the block's centre, in output pixels. Everything is a backward map: the pixel at
`p` shows what the neutral portrait has at `p - displacement(p)`. Smooth units act last, on a face whose mouth is
already open: `displacement(p) = smooth(p) + opening(p - smooth(p))`.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import (
    LID_ONLY,
    OPENING,
    opening_field,
    side_share,
    symmetric_field,
)
from mebench.rendering.identity import Identity
from mebench.rendering.plane import Plane, ramp, remap
from mebench.rendering.portrait import Portrait
from mebench.schema.action_units import ACTION_UNITS

STEP = 4
# Parallax of the relief for one radian of rotation, in IPD for each IPD of depth.
DEPTH_CENTRE = 0.9

# float32, see `plane`.
Field = NDArray[Any]


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where the face lies in a frame of `width` x `height` pixels.

    Attributes
    ----------
    ipd : pixels between the pupils; cx, cy : pixel midway between them.
    x0, y0, columns, rows : region of interest in pixels; columns and rows are multiples of `STEP`.
    oversample : portrait samples per pixel.
    """

    width: int
    height: int
    ipd: float
    cx: float
    cy: float
    x0: int
    y0: int
    columns: int
    rows: int
    oversample: float

    @classmethod
    def of(cls, width: int, height: int, oversample: float = 1.5) -> Layout:
        """Place the face centrally, .183 of the height between the pupils (88 px at 480)."""
        ipd = 0.183 * min(height, 0.75 * width)
        cx, cy = width / 2, height / 2 - 0.22 * ipd
        x0 = max(0, int(cx - 1.8 * ipd))
        x1, y0, y1 = min(width, int(cx + 1.8 * ipd)), max(0, int(cy - 2.35 * ipd)), min(height, int(cy + 2.95 * ipd))
        columns, rows = (x1 - x0) // STEP * STEP, (y1 - y0) // STEP * STEP
        return cls(width, height, ipd, cx, cy, x0, y0, columns, rows, oversample)

    def to_pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Convert face coordinates (n, 2) to frame pixels."""
        return points * self.ipd + (self.cx, self.cy)

    def axes(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the pixel x (columns / STEP,) and y (rows / STEP,) of the coarse grid's samples."""
        offset = (STEP - 1) / 2
        return self.x0 + offset + STEP * np.arange(self.columns // STEP), self.y0 + offset + STEP * np.arange(
            self.rows // STEP
        )

    def portrait_plane(self) -> Plane:
        """Return the plane that covers the whole frame at the portrait's sampling."""
        scale = self.ipd * self.oversample
        columns, rows = round(self.width * self.oversample), round(self.height * self.oversample)
        # Centres of pixels and of samples lie on the same frame: pixel p is sample (p + .5) * oversample - .5.
        left = (0.5 / self.oversample - 0.5 - self.cx) / self.ipd
        top = (0.5 / self.oversample - 0.5 - self.cy) / self.ipd
        return Plane(left, top, columns, rows, scale)


class FieldBank:
    """Fields of one identity in one layout.

    Parameters
    ----------
    portrait : the painted identity, whose relief gives the parallax.
    """

    def __init__(self, identity: Identity, layout: Layout, portrait: Portrait) -> None:
        self.layout = layout
        self._px, self._py = layout.axes()
        x, y = (self._px - layout.cx) / layout.ipd, (self._py - layout.cy) / layout.ipd
        share = side_share(x)[None, :, None]
        shape = (2, len(ACTION_UNITS), len(y), len(x), 2)
        self.units = np.zeros(shape, np.float32)
        for i, unit in enumerate(ACTION_UNITS):
            if unit in LID_ONLY:
                continue
            if unit in OPENING:
                full = opening_field(unit, identity.geometry, x, y, step=8 / layout.ipd)
            else:
                full = symmetric_field(unit, identity.geometry, x, y)
            full = full * identity.au_gain[i] * layout.ipd / 5
            # Multiples of 1/256 px: sums do not depend on the order or on the processor.
            self.units[0, i] = np.round(full * share * 256) / 256
            self.units[1, i] = np.round(full * (1 - share) * 256) / 256
        self.smooth = [i for i, unit in enumerate(ACTION_UNITS) if unit not in (*OPENING, *LID_ONLY)]
        self.opening = [i for i, unit in enumerate(ACTION_UNITS) if unit in OPENING]
        self.depth = self._depth(portrait, x, y)
        self.fade = self._fade(x, y)
        self._grid = np.stack(np.meshgrid(self._px, self._py), axis=-1).astype(np.float32)

    def _depth(self, portrait: Portrait, x: NDArray[np.float64], y: NDArray[np.float64]) -> Field:
        """Depth relative to the head's centre, in pixels, on the coarse grid."""
        plane = portrait.plane
        blurred = cv2.GaussianBlur(portrait.relief, (0, 0), 0.045 * plane.scale)
        at = plane.to_samples(np.stack(np.meshgrid(x, y), axis=-1)).astype(np.float32)
        depth = remap(blurred, at)
        return (np.round((depth - DEPTH_CENTRE) * self.layout.ipd * 64) / 64).astype(np.float32)

    def _fade(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Field:
        """1 on the head, 0 at the border of the region and at the shoulders."""
        across = 1 - ramp((np.abs(x) - 1.38).astype(np.float32) / 0.34)
        up = 1 - ramp((-y - 2.02).astype(np.float32) / 0.25)
        down = 1 - ramp((y - 2.0).astype(np.float32) / 0.8)
        return (across[None, :] * (up * down)[:, None]).astype(np.float32)

    def combine(
        self, left: NDArray[np.float32], right: NDArray[np.float32], yaw: float, pitch: float
    ) -> tuple[Field, Field | None]:
        """Sum the fields of one frame.

        Parameters
        ----------
        left, right : (17,) intensities of the subject's sides.
        yaw, pitch : rotation out of the plane in radians.

        Returns
        -------
        Smooth field and opening field (None while the mouth is shut), each (h, w, 2) in pixels.
        """
        smooth = np.empty(self._grid.shape, np.float32)
        smooth[..., 0] = self.depth * np.float32(yaw) * self.fade
        smooth[..., 1] = self.depth * np.float32(pitch) * self.fade
        for side, values in enumerate((left, right)):
            for i in self.smooth:
                if values[i] > 0:
                    cv2.scaleAdd(self.units[side, i], float(values[i]), smooth, smooth)
        opening: Field | None = None
        for side, values in enumerate((left, right)):
            for i in self.opening:
                if values[i] > 0:
                    opening = np.zeros_like(smooth) if opening is None else opening
                    cv2.scaleAdd(self.units[side, i], float(values[i]), opening, opening)
        return smooth, opening

    def source_points(self, smooth: Field, opening: Field | None, inverse: NDArray[np.float64]) -> Field:
        """Return for each coarse sample how far from itself it fetches its colour, (h, w, 2) in pixels.

        Parameters
        ----------
        inverse : (2, 3) affine map from the frame to the unmoved head, in pixels.
        """
        total = smooth if opening is None else smooth + self.sample(opening, self._grid - smooth)
        a = inverse.astype(np.float32)
        gx, gy = self._grid[..., 0], self._grid[..., 1]
        shift = np.empty_like(smooth)
        shift[..., 0] = self.fade * ((a[0, 0] - 1) * gx + a[0, 1] * gy + a[0, 2])
        shift[..., 1] = self.fade * (a[1, 0] * gx + (a[1, 1] - 1) * gy + a[1, 2])
        return shift - self.sample(total, self._grid + shift)

    def sample(self, field: Field, pixels: NDArray[np.floating]) -> Field:
        """Interpolate a coarse field at frame pixels (..., 2)."""
        at: Field = np.asarray(pixels, np.float32)
        origin = np.array([self._px[0], self._py[0]], np.float32)
        shape = at.shape
        at = ((at - origin) / STEP).reshape(-1 if at.ndim < 3 else shape[0], 1 if at.ndim < 3 else shape[1], 2)
        return remap(field, at).reshape(shape)

    def track(
        self, points: NDArray[np.float64], probes: NDArray[np.float64], smooth: Field, opening: Field | None
    ) -> NDArray[np.float64]:
        """Return where neutral points go (pixels, pose not included).

        Parameters
        ----------
        points : (n, 2) neutral positions in pixels.
        probes : (n, 2) positions whose opening movement the points share; differ at the lips, where the field jumps.
        """
        moved = points
        if opening is not None:
            at = probes
            for _ in range(4):
                at = probes + self.sample(opening, at)
            moved = points + (at - probes)
        out = moved
        for _ in range(4):
            out = moved + self.sample(smooth, out)
        return out
