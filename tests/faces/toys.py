"""A world of toy faces that `hog_ridge` learns in a moment."""

from __future__ import annotations

import numpy as np

from mebench.faces import hog_training
from mebench.faces.hog_training import Group


def toy_faces(seed, intensities):
    """Textured faces on which every action unit lengthens two mirror-image bars of its own."""
    rng = np.random.default_rng(seed)
    texture = rng.normal(0, 2, (112, 112))
    rest = rng.integers(4, 9, 17)
    faces = np.full((len(intensities), 112, 112), 128.0) + texture
    for face, row in zip(faces, intensities, strict=True):
        for unit, value in enumerate(row):
            top, length = 4 + 6 * unit, int(rest[unit] + 6 * value)
            face[top : top + 4, 56 - length : 56 + length] += 60
    return np.clip(faces, 0, 255).astype(np.uint8)


def toy_group(seed):
    rng = np.random.default_rng(seed)
    n = hog_training.NEUTRALS + 15
    intensities = np.zeros((n, 17), np.float32)
    intensities[hog_training.NEUTRALS :] = rng.uniform(0, 5, (15, 17)) * (rng.random((15, 17)) < 0.3)
    return Group(toy_faces(seed, intensities), intensities)
