"""Histograms of the directions of optical flow in regions of the aligned face (HOOF, Chaudhry et al., CVPR 2009).

Conventions
-----------
A region is a box (left, top, right, bottom) in px of the 112x112 face whose eyes lie at (33, 30) and (78, 30); the ends
right and bottom are not part of it. `left` and `right` in names are those of the picture. Directions go clockwise on
the screen, bin 0 begins rightwards.

A histogram is weighted by the length of the flow and divided by the number of pixels, so its bins sum to the mean
length in px. It is not divided by that sum: how much a region moves is what spotting asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.faces.flow import direction, magnitude

Box = tuple[int, int, int, int]

REGIONS: Mapping[str, Box] = {
    "outer_brow_left": (14, 6, 30, 22),
    "inner_brow_left": (30, 6, 46, 22),
    "between_brows": (48, 10, 64, 26),
    "inner_brow_right": (66, 6, 82, 22),
    "outer_brow_right": (82, 6, 98, 22),
    "cheek_left": (18, 42, 34, 58),
    "nostril_left": (34, 48, 48, 64),
    "nostril_right": (64, 48, 78, 64),
    "cheek_right": (78, 42, 94, 58),
    "mouth_corner_left": (26, 68, 42, 86),
    "upper_lip": (44, 64, 68, 76),
    "lower_lip": (44, 78, 68, 90),
    "mouth_corner_right": (70, 68, 86, 86),
    "chin": (40, 92, 72, 106),
}
"""Where expressions move the face; the eyes are left out, for blinks are no expressions (mebench's choice)."""
NOSE: Box = (48, 34, 64, 48)
"""The bridge of the nose, which no expression moves: what moves there is the head."""


def histograms(field: NDArray[np.float32], boxes: Sequence[Box], bins: int) -> NDArray[np.float64]:
    """Return the histogram of every region; a pixel that does not move counts for nothing.

    Parameters
    ----------
    field : flow of shape (112, 112, 2) in px, see `faces.flow`.
    boxes : the regions.
    bins : how many directions are told apart.

    Returns
    -------
    float64 (regions, bins) in px.
    """
    which = np.floor(direction(field) * (bins / (2 * np.pi))).astype(np.int64) % bins
    length = magnitude(field)
    return np.stack(
        [
            np.bincount(_inside(which, box).ravel(), _inside(length, box).ravel(), bins) / _inside(which, box).size
            for box in boxes
        ]
    )


def without_head(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the flow without what the bridge of the nose does: the median of its flow is taken off everywhere."""
    still: NDArray[np.float32] = field - np.median(_inside(field, NOSE), axis=(0, 1))
    return still


def _inside(picture: NDArray[Any], box: Box) -> NDArray[Any]:
    left, top, right, bottom = box
    return picture[top:bottom, left:right]
