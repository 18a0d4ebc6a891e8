"""How far the eyes have drifted from their places in a face that is registered to a picture.

Conventions
-----------
Registration follows the head smoothly, but when it turns or nods, what was registered moves against the eyes.
Landmarks say where the eyes are, with jitter. The correction is a pose within the aligned face that brings the eyes
back; it changes slowly, so that no jitter of a detector gets into the pictures.
"""

from __future__ import annotations

import collections
import math

import numpy as np
from numpy.typing import NDArray

from mebench.faces.geometry import EYES, SIZE, Pose, aligned_point
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.faces.rigid import RigidPoints

NONE = Pose(1 + 0j, 0j)
_PLACES = np.array([aligned_point(eye) for eye in EYES])
_BORNE = 1.5  # px that eyes without points may be away: as much as they jitter from one detection to the next
_WRONG = 14.0  # px from which on they are a mistake
_MEDIAN = 3
_OFTENEST, _SELDOM = 0.25, 4.0  # seconds from one look at the eyes to the next


class Correction:
    """Keeps the eyes of one face in their places, by the points of every frame or by a look at the eyes now and then.

    Parameters
    ----------
    detector : where landmarks come from.
    fps : frames per second.
    """

    def __init__(self, detector: LandmarkDetector, fps: float) -> None:
        self._detector = detector
        self._fps = fps
        self.reset()

    def reset(self) -> None:
        """Begin with a face whose eyes are in their places."""
        self.now = NONE
        self._seen: collections.deque[complex] = collections.deque(maxlen=_MEDIAN)
        self._since = 0
        self._at: tuple[Pose, float] | None = None

    def eyes_at(self, pose: Pose) -> NDArray[np.complex128]:
        """Return where the eyes of a face at a registered pose are in the frame."""
        return pose.after(self.now).to_frame(_PLACES)

    def by_points(self, face: Face, pose: Pose, rigid: RigidPoints) -> None:
        """Take the rigid landmarks of a face whose registered pose is known."""
        wanted = rigid.pose_of(face)
        self.now = Pose(wanted.zoom / pose.zoom, (wanted.centre - pose.centre) / pose.zoom)

    def is_due(self, pose: Pose, likeness: float) -> bool:
        """Tell whether the eyes should be looked at in this frame: often while the head moves or turns."""
        self._since += 1
        self._at = self._at or (pose, likeness)
        if self._since < _OFTENEST * self._fps:
            return False
        then, looked_like = self._at
        turned = abs(pose.zoom / then.zoom - 1) > 0.04 or abs(likeness - looked_like) > 0.08
        moved = abs(pose.centre - then.centre) > 0.15 * SIZE * abs(pose.zoom)
        return turned or moved or self._since >= _SELDOM * self._fps

    def by_eyes(self, face: Face | None, pose: Pose, likeness: float) -> None:
        """Take the eyes that a detector without points saw, or that it saw none."""
        self._since, self._at = 0, (pose, likeness)
        if face is None or not face.eyes_found:
            return
        away = complex((pose.to_aligned(face.eyes) - _PLACES).mean())
        if abs(away) > _WRONG:
            return
        self._seen.append(away)
        middle = complex(np.median([a.real for a in self._seen]), np.median([a.imag for a in self._seen]))
        self.now = Pose(1 + 0j, middle * max(0.0, 1 - _BORNE / max(abs(middle), math.ulp(1.0))))
