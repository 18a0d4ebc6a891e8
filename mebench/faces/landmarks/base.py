"""What every landmark detector offers, and what it finds.

Conventions
-----------
Coordinates are pixels of the frame handed in, x to the right and y down, pixel centres at whole numbers. *Left* and
*right* eye are as seen in the image. Where there are 68 points they are those of iBUG 300-W, 0-based: jaw 0-16, brows
17-26, nose bridge 27-30, nose base 31-35, image-left eye 36-41, image-right eye 42-47, mouth 48-67.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from mebench.plugin import Plugin
from mebench.schema.recordings import Recording

LEFT_EYE, RIGHT_EYE = slice(36, 42), slice(42, 48)

# Where the eyes lie in the box of the `alt2` cascade, as fractions of its side; medians over frontal faces.
EYES_IN_BOX = ((0.30, 0.40), (0.70, 0.40))


@dataclasses.dataclass(frozen=True, eq=False)
class Face:
    """One face of one frame.

    Attributes
    ----------
    box : x, y, width and height in px.
    left_eye, right_eye : centres (x, y) of the eyes as seen in the image, in px.
    eyes_found : whether both eyes were seen, or follow from the box alone.
    points : float64 (68, 2) landmarks in px, or None from a detector that has none.
    score : how sure the detector is, on a scale of its own; None where it does not say.
    """

    box: tuple[float, float, float, float]
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]
    eyes_found: bool = True
    points: NDArray[np.float64] | None = None
    score: float | None = None

    @classmethod
    def of_points(
        cls,
        points: NDArray[np.floating],
        *,
        box: tuple[float, float, float, float] | None = None,
        score: float | None = None,
    ) -> Self:
        """Return the face of 68 landmarks (68, 2): the eyes are the means of their six points."""
        exact = points.astype(np.float64)
        if box is None:
            (left, top), (right, bottom) = exact.min(axis=0).tolist(), exact.max(axis=0).tolist()
            box = (left, top, right - left, bottom - top)
        left_eye, right_eye = (tuple(exact[eye].mean(axis=0).tolist()) for eye in (LEFT_EYE, RIGHT_EYE))
        return cls(box, left_eye, right_eye, True, exact, score)

    @property
    def eyes(self) -> NDArray[np.complex128]:
        """Both eyes as complex numbers x + iy, the image-left one first."""
        return np.array([complex(*self.left_eye), complex(*self.right_eye)])


class LandmarkDetector(Plugin, abc.ABC):
    """Whatever says where the faces of a frame are, and where the parts of a face.

    Class attributes
    ----------------
    has_points : whether its faces have 68 points, precise enough to steer the alignment in every frame.
    reads : whether its answers are read, not computed: then its word on whether there is a face counts in every frame.
    settling : seconds over which its points are averaged against the motion of the picture: long for points that
        jitter, 0 for points that are exact.
    """

    has_points: ClassVar[bool] = False
    reads: ClassVar[bool] = False
    settling: ClassVar[float] = 0.2

    def of_recording(self, recording: Recording) -> LandmarkDetector:
        """Return the detector for one recording: itself, unless it reads what lies beside the recording."""
        return self

    def files(self, recording: Recording) -> Sequence[Path]:
        """Return the files that its answers depend on besides the frames; their content addresses the cache."""
        return ()

    def require_parts(self) -> None:
        """See that the packages and files are there which it needs for any recording, before work is begun with it.

        Raises
        ------
        UserError : when one is missing.
        """

    @abc.abstractmethod
    def find(self, image: NDArray[np.uint8], index: int) -> Sequence[Face]:
        """Return every face of a frame, the largest first.

        Parameters
        ----------
        image : grey (height, width) or BGR (height, width, 3).
        index : 0-based place of the frame in its video, for those who read a table.

        Raises
        ------
        UserError : when a file or a package that it needs is missing.
        """

    def follow(self, image: NDArray[np.uint8], index: int, eyes: NDArray[np.complex128]) -> Face | None:
        """Return the face whose eyes are about where `eyes` (complex, image-left one first) says, or None.

        It is asked for every frame when the detector has points. The default takes the nearest of all faces, and none
        that is further away than one eye distance.
        """
        return nearest(self.find(image, index), eyes)

    def sure(self, image: NDArray[np.uint8], face: Face) -> bool:
        """Tell whether a face that turned up where none was followed is one indeed; a second look, where there is."""
        return True


def nearest(faces: Sequence[Face], eyes: NDArray[np.complex128]) -> Face | None:
    """Return the face whose eyes are nearest, None when it is further away than one distance between the eyes."""
    apart = abs(eyes[1] - eyes[0])
    best = min(faces, key=lambda face: abs(face.eyes.mean() - eyes.mean()), default=None)
    return best if best is not None and abs(best.eyes.mean() - eyes.mean()) < apart else None
