"""Histograms of oriented gradients of aligned faces (Dalal and Triggs, CVPR 2005), computed by OpenCV.

Conventions
-----------
Cells of 8x8 px, blocks of 2x2 cells that overlap by one cell, 18 signed orientations, L2-Hys normalisation: 13 x 13
blocks x 72 values = 12,168 features of a 112x112 face, which is lightly blurred first against sensor noise. OpenFace
takes its action units from features of the same kind.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.geometry import SIZE

CELL = 8
BINS = 18
BLUR = 0.7
FEATURES = (SIZE // CELL - 1) ** 2 * 4 * BINS


@functools.cache
def _descriptor() -> cv2.HOGDescriptor:
    return cv2.HOGDescriptor(
        (SIZE, SIZE), (2 * CELL, 2 * CELL), (CELL, CELL), (CELL, CELL), BINS, 1, -1, 0, 0.2, False, 64, True
    )


def hog(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the features of aligned faces.

    Parameters
    ----------
    faces : uint8 (n, 112, 112).

    Returns
    -------
    float32 (n, 12168), each block of unit length or shorter.

    Raises
    ------
    ValueError : when the faces have another shape.
    """
    if faces.ndim != 3 or faces.shape[1:] != (SIZE, SIZE):
        raise ValueError(f"faces must have shape (n, {SIZE}, {SIZE}), not {faces.shape}")
    features = np.empty((len(faces), FEATURES), np.float32)
    for row, face in zip(features, faces, strict=True):
        row[:] = np.ravel(_descriptor().compute(cv2.GaussianBlur(face, (0, 0), BLUR)))
    return features
