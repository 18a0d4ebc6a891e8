"""Pictures of flow: what the network sees of a face and of the same face k frames later (Liong 2021, section 2.1).

Conventions
-----------
The aligned face of 112x112 px is enlarged to the published 128x128, where points and margins are whole pixels. A
picture is (42, 42, 3): brows and eyes (42 wide, 21 high) over mouth, channels u, v and strain; each channel is
stretched to its own range 0..1 before the network sees it, so it is kept as uint8. A channel without any difference
is 0.

Brows and mouth are cut at the boxes of their landmarks with a margin of 12 px, eyes are blackened 15 px around theirs,
and the mean of an 11x11 patch on the nose is subtracted, of u and v in absolute value, as published.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.face_points import Points
from mebench.faces.flow import strain
from mebench.faces.geometry import SIZE as ALIGNED

SIZE = 128
"""Side of the face that flow is computed on, in px."""
SIDE = 42
"""Side of a picture of flow, in px."""

_HALF = SIDE // 2
_PATCH = 5  # to each side of the point on the nose
_AROUND_EYE, _AROUND_PART = 15, 12
_NOSE = 28
_EYES = (range(36, 42), range(42, 48))

Box = tuple[int, int, int, int]
Ints = NDArray[np.int32]


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where the parts of one face lie on the 128x128 px, in whole pixels.

    Attributes
    ----------
    nose : (x, y) of the middle of the patch that tells head motion.
    eyes : the corners of what is blackened, int32 (6, 2) each.
    brows, mouth : left, top, and the first column and row after the box.
    """

    nose: tuple[int, int]
    eyes: tuple[Ints, Ints]
    brows: Box
    mouth: Box

    @classmethod
    def of_points(cls, points: Points) -> Layout:
        """Return the layout of the 68 points (68, 2) of a face, in px of the aligned face."""
        at = np.clip(np.rint((points + 0.5) * SIZE / ALIGNED - 0.5), 0, SIZE - 1).astype(np.int32)
        m = _AROUND_PART
        brows = (at[17, 0] - m, min(at[19, 1], at[24, 1]) - m, at[26, 0] + m, max(at[41, 1], at[46, 1]) + m)
        mouth = (at[60, 0] - m, at[50, 1] - m, at[64, 0] + m, at[57, 1] + m)
        x, y = np.clip(at[_NOSE], _PATCH, SIZE - 1 - _PATCH).tolist()
        left, right = (_around_eye(at[list(eye)]) for eye in _EYES)
        return cls((x, y), (left, right), _inside(brows), _inside(mouth))

    def plain(self) -> list[list[int]]:
        """Return everything as numbers, which address the pictures in the cache."""
        eyes = [eye.ravel().tolist() for eye in self.eyes]
        return [list(self.nose), *eyes, list(self.brows), list(self.mouth)]


def _around_eye(corners: Ints) -> Ints:
    """Return the corners of an eye, the outer two moved sideways, the upper two up and the lower two down."""
    r = _AROUND_EYE
    moves = np.array([(-r, 0), (0, -r), (0, -r), (r, 0), (0, r), (0, r)], np.int32)
    return np.clip(corners + moves, 0, SIZE)


def _inside(box: Sequence[int]) -> Box:
    """Return a box cut to the picture, at least a pixel wide and high."""
    left, top, right, bottom = (int(min(max(edge, 0), SIZE)) for edge in box)
    left, top = min(left, SIZE - 1), min(top, SIZE - 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def enlarged(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an aligned grey face of any size as 128x128 px."""
    return np.asarray(cv2.resize(face, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR), np.uint8)


def picture(field: NDArray[np.float32], layout: Layout) -> NDArray[np.float32]:
    """Return the picture of a flow field, in px of flow.

    Parameters
    ----------
    field : (128, 128, 2).

    Returns
    -------
    float32 (42, 42, 3).
    """
    maps = np.dstack([field, strain(field)]).astype(np.float32)
    x, y = layout.nose
    maps -= maps[y - _PATCH : y + _PATCH + 1, x - _PATCH : x + _PATCH + 1].mean(axis=(0, 1))
    maps[..., :2] = np.abs(maps[..., :2])
    maps = np.ascontiguousarray(maps)
    for eye in layout.eyes:
        cv2.fillPoly(maps, [eye], (0, 0, 0))
    parts = [maps[top:bottom, left:right] for left, top, right, bottom in (layout.brows, layout.mouth)]
    return np.vstack([cv2.resize(part, (SIDE, _HALF), interpolation=cv2.INTER_LINEAR) for part in parts])


def as_bytes(flow_picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return a picture with each channel stretched to 0..255, uint8 (42, 42, 3)."""
    channels = stretched(flow_picture.transpose(2, 0, 1))
    return np.rint(255 * channels).astype(np.uint8).transpose(1, 2, 0)


def stretched(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Stretch each map of (..., 42, 42) to 0..1; a constant one becomes 0."""
    rows = np.ascontiguousarray(maps).reshape(*maps.shape[:-2], -1)
    low, high = rows.min(axis=-1, keepdims=True), rows.max(axis=-1, keepdims=True)
    span = high - low
    return np.divide(rows - low, span, out=np.zeros_like(rows), where=span > 0).reshape(maps.shape)
