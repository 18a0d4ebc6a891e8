"""How faces are changed in training, and cut in testing.

Conventions
-----------
Faces are uint8 (n, faces, side, side, 3), BGR; what networks see is float32 (n, faces, 3, cut, cut), RGB, -1..1, cut
being 7/8 of the side (256 and 224 as published). All faces of a clip are changed alike, so that what differs between
them is the expression.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

TURN = 10.0
"""Largest turn, degrees."""
JITTER = 0.2
"""Largest change of brightness, contrast, saturation (as a share) and hue (as a share of the circle)."""

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def cut_of(side: int) -> int:
    """Return the size that is cut out of faces of a side."""
    return side * 7 // 8


def centre(faces: Bytes) -> Floats:
    """Return the middle of faces."""
    side = faces.shape[2]
    cut = cut_of(side)
    first = (side - cut) // 2
    return _as_input(faces[:, :, first : first + cut, first : first + cut].astype(np.float32) / np.float32(255))


def changed(faces: Bytes, random: np.random.Generator) -> Floats:
    """Return faces turned, cut anywhere and in other colours, as drawn for each clip."""
    side = faces.shape[2]
    cut = cut_of(side)
    made = np.empty((*faces.shape[:2], cut, cut, 3), np.float32)
    for clip, shown in zip(faces, made, strict=True):
        middle = (side - 1) / 2
        turn = np.asarray(cv2.getRotationMatrix2D((middle, middle), random.uniform(-TURN, TURN), 1.0), np.float64)
        turn[:, 2] -= random.integers(0, side - cut + 1, 2)
        brightness, contrast, saturation = (float(share) for share in random.uniform(1 - JITTER, 1 + JITTER, 3))
        hue = float(random.uniform(-JITTER, JITTER))
        for i, face in enumerate(clip):
            shown[i] = _coloured(_warped(face, turn, cut), brightness, contrast, saturation, hue)
    return _as_input(made)


def _warped(face: Bytes, turn: NDArray[Any], cut: int) -> Bytes:
    return np.asarray(cv2.warpAffine(face, turn, (cut, cut)), np.uint8)


def _coloured(face: Bytes, brightness: float, contrast: float, saturation: float, hue: float) -> Floats:
    """Return a face (h, w, 3) in other colours, 0..1."""
    bright = np.clip(face.astype(np.float32) / 255 * brightness, 0, 1)
    grey = cv2.cvtColor(bright, cv2.COLOR_BGR2GRAY)
    mean = float(grey.mean())
    apart = np.clip(mean + contrast * (bright - mean), 0, 1).astype(np.float32)
    hsv = cv2.cvtColor(apart, cv2.COLOR_BGR2HSV)
    hsv[..., 0] = (hsv[..., 0] + 360 * hue) % 360
    hsv[..., 1] = np.clip(hsv[..., 1] * saturation, 0, 1)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR), np.float32)


def _as_input(faces: Floats) -> Floats:
    return np.ascontiguousarray((faces[..., ::-1] * 2 - 1).transpose(0, 1, 4, 2, 3))
