"""The inside of the mouth, drawn where the lips part."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering.geometry import Geometry, lip_line_y
from mebench.rendering.plane import Pixels, ramp

_SPRITE = 96
COUNT = 13


def lip_edges(geometry: Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return `COUNT` points along the closed lip line, and how far below it the lips' movements are read, in IPD."""
    x = np.linspace(-0.93, 0.93, COUNT) * geometry.mouth_half_width
    return np.stack([x, lip_line_y(geometry, x)], axis=1), np.array([-0.02, 0.11])


class MouthModel:
    """Teeth and dark of one identity's mouth; the upper teeth stay with the skull."""

    def __init__(self, geometry: Geometry, ipd: float) -> None:
        self.ipd = ipd
        self._sprite, self._origin = _interior(geometry)

    def draw(
        self,
        frame: Pixels,
        upper: NDArray[np.float64],
        lower: NDArray[np.float64],
        pose: NDArray[np.float64],
    ) -> None:
        """Draw the gap between the lips into `frame` in place.

        Parameters
        ----------
        upper, lower : (COUNT, 2) edges of the lips in pixels.
        pose : (2, 3) affine map from face coordinates (IPD) to pixels.
        """
        gap = lower[:, 1] - upper[:, 1]
        if float(gap.max()) < 0.3:
            return
        lower = np.stack([lower[:, 0], np.maximum(lower[:, 1], upper[:, 1])], axis=1)
        outline = np.concatenate([upper, lower[::-1]])
        x0, y0 = np.floor(outline.min(axis=0)).astype(int) - 3
        x1, y1 = np.ceil(outline.max(axis=0)).astype(int) + 4
        x0, y0 = max(int(x0), 0), max(int(y0), 0)
        window = frame[y0 : int(y1), x0 : int(x1)]
        mask: Pixels = np.zeros(window.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.round((outline - (x0, y0)) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        mask = cv2.GaussianBlur(mask, (3, 3), 0.7)
        affine = pose.copy()
        affine[:, 2] = pose[:, :2] @ self._origin + pose[:, 2] - (x0, y0)
        affine[:, :2] /= _SPRITE
        inside = cv2.warpAffine(
            self._sprite,
            affine,
            (window.shape[1], window.shape[0]),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        # The lips shade what lies just behind their edges.
        wide = max(1, round(0.045 * self.ipd))
        depth = cv2.convertScaleAbs(cv2.blur(cv2.blur(mask, (wide, wide)), (wide, wide)), alpha=0.8, beta=40)
        inside = cv2.multiply(inside, cv2.merge([depth, depth, depth]), scale=1 / 255)
        m = cv2.merge([mask, mask, mask])
        window[:] = cv2.add(cv2.multiply(window, 255 - m, scale=1 / 255), cv2.multiply(inside, m, scale=1 / 255))


def _interior(geometry: Geometry) -> tuple[Pixels, NDArray[np.float64]]:
    """Paint teeth over darkness; return the image (`_SPRITE` samples an IPD) and its corner in face coordinates."""
    w = geometry.mouth_half_width * 1.3
    top, bottom = geometry.lip_line - 0.2, geometry.lip_line + 0.45
    x = np.arange(-w, w, 1 / _SPRITE, dtype=np.float32)[None, :]
    y = np.arange(top, bottom, 1 / _SPRITE, dtype=np.float32)[:, None]
    edge = geometry.lip_line + 0.065 - 0.10 * (x / w) ** 2
    widths = np.array([0.105, 0.085, 0.09, 0.085, 0.08])
    seams = np.concatenate([[0.0], np.cumsum(widths)])
    gaps = np.min(np.abs(np.abs(x)[..., None] - seams), axis=-1)
    scallop = 0.012 * np.clip(1 - gaps / 0.03, 0, 1)
    tooth = (
        ramp((edge - scallop - y) / 0.014)
        * (1 - 0.35 * np.exp(-((gaps / 0.007) ** 2)))
        * (1 - 0.55 * ramp((np.abs(x) - 0.12) / 0.35))
    )
    tongue = ramp((y - geometry.lip_line - 0.12) / 0.15) * np.clip(1 - (x / (0.8 * w)) ** 2, 0, 1)
    dark = np.array([0.10, 0.08, 0.20], np.float32) + tongue[..., None] * np.array([0.16, 0.14, 0.30], np.float32)
    image = dark + (np.array([0.70, 0.78, 0.82], np.float32) - dark) * tooth[..., None]
    return (np.clip(image, 0, 1) * 255).astype(np.uint8), np.array([-w, top])
