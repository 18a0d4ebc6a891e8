"""The pose of a face from those of its landmarks that move with the skull, not with the expression.

Conventions
-----------
The upper nose bridge and the four corners of the eyes are taken as rigid (points 27, 28, 36, 39, 42 and 45 of 68): the
lower they lie on the face, the more landmarks move against the eyes when the head nods.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.faces.geometry import Pose, pose_of_eyes
from mebench.faces.landmarks.base import Face

RIGID = (27, 28, 36, 39, 42, 45)


class RigidPoints:
    """Where the rigid landmarks of one person lie in the aligned face, with the eyes at their places.

    Parameters
    ----------
    faces : faces of the person with 68 points; the median over them is taken.
    """

    def __init__(self, faces: Sequence[Face]) -> None:
        rows = np.array([pose_of_eyes(*face.eyes).to_aligned(rigid_of(face)) for face in faces])
        self._model = np.median(rows.real, axis=0) + 1j * np.median(rows.imag, axis=0)

    def pose_of(self, face: Face) -> Pose:
        """Return the pose that fits the face's rigid landmarks best (least squares)."""
        points, model = rigid_of(face), self._model
        offset, away = points - points.mean(), model - model.mean()
        zoom = complex(np.vdot(away, offset) / np.vdot(away, away))
        return Pose(zoom, complex(points.mean() - zoom * model.mean()))


def rigid_of(face: Face) -> NDArray[np.complex128]:
    """Return the rigid landmarks of a face with points, as complex numbers (6,) in frame px."""
    if face.points is None:
        raise ValueError("the face has no points")
    chosen = face.points[list(RIGID)]
    return chosen[:, 0] + 1j * chosen[:, 1]
