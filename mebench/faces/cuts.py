"""Cuts of the scene and changes of person, from one frame to the next.

Conventions
-----------
Two changes are measured, both free of brightness and contrast and 0 for equal frames: that of the *face*, the median
over its blocks of 1 - correlation, so that a blink or a smile, which changes a few blocks, hardly counts; and that of
the *scene*, 1 - correlation of the frames shrunk to 32x24 px. A cut is a change that is large and sudden: several
times the largest of the frames before it, which a fast movement is not.

A jump to another moment of the same shot, with the head where it was, changes no more than a movement does, and is no
cut here. What changes slowly, as in a dissolve, is none either, see `passages`.
"""

from __future__ import annotations

import collections

import cv2
import numpy as np
from numpy.typing import NDArray

SUDDEN = 0.15
"""Change of the face that no movement makes from one frame to the next, once the face is registered well."""

_FRAMES = 6
_THUMB = (32, 24)
_FLAT = float(_THUMB[0] * _THUMB[1])  # energy of a frame that is all of one grey, such as a black one
_CLEAR = 16 * _FLAT  # energy from which on a frame shows something
_NOISE = 64.0  # energy of a block that is nothing but sensor noise


def change_of(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """Return how much a face has changed between two patterns, see `pattern_of`: 0 not at all, 1 altogether."""
    energies = np.sqrt(np.vecdot(before, before) * np.vecdot(after, after))
    alike = np.vecdot(before, after) / (energies + _NOISE)
    return 1 - float(np.partition(alike, len(alike) // 2)[len(alike) // 2])


class Change:
    """How much something changes, against the frames before.

    Parameters
    ----------
    floor : change that is never remarkable.
    """

    def __init__(self, floor: float) -> None:
        self._floor = floor
        self._recent: collections.deque[float] = collections.deque(maxlen=_FRAMES)
        self.value = 0.0
        self.ratio = 0.0

    def take(self, value: float) -> None:
        """Note the change of the newest frame."""
        self.value = value
        self.ratio = value / (self._floor + max(self._recent, default=0.0)) if len(self._recent) > 1 else 0.0
        self._recent.append(value)

    def overlook(self) -> None:
        """Do not measure what comes next against the newest change, which was a cut and no movement."""
        if self._recent:
            self._recent.pop()

    def forget(self) -> None:
        """Start anew."""
        self._recent.clear()
        self.value = self.ratio = 0.0


class CutDetector:
    """Watches the frames of a video, and the face in them, go by."""

    def __init__(self) -> None:
        self._face, self._scene = Change(0.01), Change(0.005)
        self._thumb: NDArray[np.float32] | None = None
        self._appears = False
        self._pattern: NDArray[np.float32] | None = None

    def see_scene(self, frame: NDArray[np.uint8]) -> bool:
        """Take the next frame, grey (height, width).

        Returns
        -------
        Whether the scene as a whole has changed at once, or appears after a frame all of one grey, such as a black one.
        """
        step = max(
            1, min(frame.shape) // 96
        )  # the mean of a few pixels is as good as that of all, and ten times faster
        thumb = cv2.resize(np.ascontiguousarray(frame[::step, ::step]), _THUMB, interpolation=cv2.INTER_AREA).astype(
            np.float32
        )
        thumb -= thumb.mean()
        self._appears = False
        if self._thumb is not None:
            now, before = float(np.vdot(thumb, thumb)), float(np.vdot(self._thumb, self._thumb))
            self._scene.take(1 - (float(np.vdot(thumb, self._thumb)) + _FLAT) / ((now * before) ** 0.5 + _FLAT))
            self._appears = before < _FLAT and now > _CLEAR
        self._thumb = thumb
        return self.scene_changed or self._appears

    def see_face(self, pattern: NDArray[np.float32]) -> bool:
        """Take what the face in that frame looks like, see `pattern_of`; return whether a cut lies before it."""
        if self._pattern is not None:
            self._face.take(change_of(self._pattern, pattern))
        self._pattern = pattern
        face, scene = self._face, self._scene
        return (
            (face.value > 0.06 and face.ratio > 2.5 and self.scene_changed)
            or (face.value > SUDDEN and face.ratio > 4)
            or (scene.value > 0.1 and scene.ratio > 4 and face.value > 0.03 and face.ratio > 1.5)
        )

    @property
    def scene_changed(self) -> bool:
        """Whether the scene as a whole has changed at once with the newest frame."""
        return self._scene.value > 0.03 and self._scene.ratio > 2.5

    def go_on(self, pattern: NDArray[np.float32], *, cut: bool) -> None:
        """Go on with a face of this pattern that was found anew.

        Parameters
        ----------
        pattern : see `pattern_of`.
        cut : whether it is somebody else's. What changed was no movement then, and another cut may follow at once.
        """
        if cut and self._pattern is not None:
            self._face.overlook()
            self._scene.overlook()
        elif not cut:
            self._face.forget()
        self._pattern = pattern

    def forget_face(self) -> None:
        """Compare the next face with nothing: it is lost, or another one."""
        self._pattern = None
        self._face.forget()
        if self.scene_changed:  # what takes the face away must not hide what brings it back
            self._scene.overlook()
