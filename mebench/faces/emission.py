"""Turns located faces into aligned pictures, as soon as the frames that their smoothing waits for are there.

Conventions
-----------
The poses of each run of frames that shows one face in one shot are smoothed on their own: nothing is averaged over a
cut or a gap. Frames without a face are not smoothed.
"""

from __future__ import annotations

import collections
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mebench.faces.following import Located
from mebench.faces.geometry import SIZE, Crop, Pose, warp
from mebench.faces.smoothing import TwoPasses


class AlignedChunk(NamedTuple):
    """Some consecutive frames of a video, aligned.

    Attributes
    ----------
    faces : uint8 (n, 112, 112); where no face was found, what lies at the place where it was last seen.
    motion : float64 (n, 4), the pose of each face in its frame: real and imaginary part of `zoom` and `centre` (see
        `geometry`).
    found : bool (n,), whether the face was found in the frame.
    begins : bool (n,), whether another shot or another person begins with the frame.
    """

    faces: NDArray[np.uint8]
    motion: NDArray[np.float64]
    found: NDArray[np.bool_]
    begins: NDArray[np.bool_]


class Emission:
    """Takes located faces one by one and gives aligned ones.

    Parameters
    ----------
    deviations : standard deviations, in frames, of the low-pass of the registered pose and of that of its correction.
    """

    def __init__(self, deviations: tuple[float, float]) -> None:
        self._deviations = deviations
        self._waiting: collections.deque[tuple[Crop, bool, bool]] = collections.deque()
        self._rows: list[tuple[float, ...]] = []
        self._passes = TwoPasses(4, deviations)
        self._run_found = False
        self._done: list[tuple[NDArray[np.uint8], tuple[float, ...], bool, bool]] = []

    def take(self, located: Located) -> None:
        """Take the next frame."""
        if self._waiting and (located.begins or located.found != self._run_found):
            self.close()
        self._run_found = located.found
        self._waiting.append((located.crop, located.found, located.begins))
        self._rows.append((*located.pose.row(), *located.correction.row()))

    def close(self) -> None:
        """End the run of frames: what follows is another one, or nothing."""
        self._push()
        self._emit(self._passes.finish() if self._run_found else np.empty((0, 8)))
        self._passes = TwoPasses(4, self._deviations)

    def ready(self) -> AlignedChunk | None:
        """Return the frames that have become final since the last call, None when there are none."""
        self._push()
        if not self._done:
            return None
        faces, rows, found, begins = zip(*self._done, strict=True)
        self._done = []
        return AlignedChunk(np.stack(faces), np.array(rows), np.array(found), np.array(begins))

    def _push(self) -> None:
        if self._rows:
            rows, self._rows = np.array(self._rows), []
            self._emit(self._passes.push(rows) if self._run_found else rows)

    def _emit(self, rows: NDArray[np.float64]) -> None:
        for row in rows:
            crop, found, begins = self._waiting.popleft()
            pose = Pose.of_row(row[:4]).after(Pose.of_row(row[4:]))
            self._done.append((warp(crop, pose, SIZE), pose.row(), found, begins))  # type: ignore[arg-type]
