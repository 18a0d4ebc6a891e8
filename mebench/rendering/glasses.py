"""Glasses: rigid, so they follow the head's pose and not the skin."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering.identity import Identity
from mebench.rendering.plane import Pixels, Plane, ramp
from mebench.rendering.pose import PITCH, YAW

_SCALE = 132
# Depth of the frame in front of the head's centre of rotation, in IPD, for the parallax of small rotations.
_DEPTH = 0.35


class Glasses:
    """Frame, bridge, temples and a faint reflection of one pair of glasses."""

    def __init__(self, identity: Identity, ipd: float) -> None:
        rng = np.random.default_rng(np.random.SeedSequence([0x61, identity.seed]))
        plane = Plane(-1.3, -0.45, int(2.6 * _SCALE), int(1.0 * _SCALE), _SCALE)
        rim, lens = self._masks(plane, float(rng.uniform(2.6, 4.5)), float(rng.uniform(0.014, 0.026)))
        xs, ys = plane.grid()
        shine = 0.20 * np.exp(-(((xs - 0.6 * ys - 0.62) / 0.05) ** 2)) + 0.16 * np.exp(
            -(((xs - 0.6 * ys + 0.42) / 0.05) ** 2)
        )
        colour = np.array([(0.06, 0.05, 0.05), (0.08, 0.12, 0.22), (0.34, 0.34, 0.36)], np.float32)[rng.integers(3)]
        alpha = np.clip(rim + lens * shine, 0, 1)
        self._alpha = (alpha * 255).astype(np.uint8)
        tone = colour * (0.9 + 0.5 * ramp(-ys / 0.3))[..., None]
        part = np.clip(rim / np.maximum(alpha, 1e-3), 0, 1)[..., None]
        self._image = (np.clip(tone * part + 0.92 * (1 - part), 0, 1) * 255).astype(np.uint8)
        self._origin = np.array([plane.left, plane.top])
        self._ipd = ipd

    @staticmethod
    def _masks(plane: Plane, power: float, width: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        xs, ys = plane.grid()
        rim = np.zeros(xs.shape, np.float32)
        lens = np.zeros(xs.shape, np.float32)
        for centre in (-0.53, 0.53):
            r = (np.abs((xs - centre) / 0.40) ** power + np.abs((ys - 0.05) / 0.29) ** power) ** (1 / power)
            edge = np.abs(r - 1) * 0.33
            rim = np.maximum(rim, 1 - ramp((edge - width * 0.6) / 0.010))
            lens = np.maximum(lens, (r < 1).astype(np.float32))
        bridge = 1 - ramp((np.abs(ys + 0.04 + 0.05 * (1 - (xs / 0.14) ** 2)) - width * 0.6) / 0.010)
        rim = np.maximum(rim, bridge * (np.abs(xs) < 0.135))
        temple = 1 - ramp((np.abs(ys + 0.06) - width * 0.7) / 0.010)
        return np.maximum(rim, temple * (np.abs(xs) > 0.925) * (np.abs(xs) < 1.09)), lens

    def draw(self, frame: Pixels, pose_map: NDArray[np.float64], pose: NDArray[np.float64]) -> None:
        """Draw the glasses into `frame` in place under the (2, 3) map from face coordinates to pixels."""
        corner = pose_map[:, :2] @ (self._origin + _DEPTH * np.array([pose[YAW], pose[PITCH]])) + pose_map[:, 2]
        x0, y0 = int(np.floor(corner[0])) - 6, int(np.floor(corner[1])) - 6
        width, height = int(2.6 * self._ipd) + 14, int(1.0 * self._ipd) + 14
        affine = np.column_stack([pose_map[:, :2] / _SCALE, corner - (x0, y0)])
        x1, y1 = max(x0, 0), max(y0, 0)
        window = frame[y1 : y0 + height, x1 : x0 + width]
        affine[:, 2] -= (x1 - x0, y1 - y0)
        size = (window.shape[1], window.shape[0])
        alpha = cv2.warpAffine(self._alpha, affine, size, flags=cv2.INTER_LINEAR)
        image = cv2.warpAffine(self._image, affine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        m = cv2.merge([alpha, alpha, alpha])
        window[:] = cv2.add(cv2.multiply(window, 255 - m, scale=1 / 255), cv2.multiply(image, m, scale=1 / 255))
