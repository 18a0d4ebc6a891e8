"""The apex of a clip that nobody has annotated, spotted in its faces between onset and offset.

Conventions
-----------
At the onset and at the offset the face is at rest, so whatever differs between those two is no expression: the head
has moved, or the light. That difference is taken to grow evenly from one to the other and is taken away from every
frame; the apex is where most is left, after a Gaussian low-pass of .03 s. *Motion* looks at the mean length of
Farneback's flow from the onset, less its median; *difference* at the root mean square of grey levels. Eyes are left
out, whose blinks are no apex, where the crop says where they are.

Without the offset's part taken away, a swaying head wins: of 58 rendered micro-expressions with known apexes the mean
error, in lengths of the clip, is then .28 by motion and .30 by difference, no better than chance, and .07 with it; the
middle frame has .14.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from mebench.faces.clip_inputs.views import FaceView
from mebench.faces.flow import flow, magnitude
from mebench.faces.geometry import EYES, SIZE

SPOTTING_VERSION = "1"
_LOW_PASS = 0.03  # s
_EYE = (15.0, 11.0)  # half width and height of what is left out around an eye, in px of the aligned face

Face = NDArray[np.uint8]
Measure = Callable[[Face, float], float]
"""How much of an expression a face shows that comes a share of the way from onset to offset."""


def strongest(faces: Iterable[Face], onset: Face, offset: Face, count: int, fps: float, view: FaceView) -> int:
    """Return which of the faces between onset and offset shows most, counted from 1.

    Parameters
    ----------
    faces : grey faces (size, size) between the two, looked at one by one.
    onset, offset : the two at the ends, which are the first and the last.
    count : how many faces lie between.
    fps : frames per second.
    view : what the faces are seen under.

    Raises
    ------
    ValueError : when there is no face between.
    """
    if count < 1:
        raise ValueError("there must be a face between onset and offset")
    measure = _MEASURES[view.apex](onset, offset, without_eyes(view))
    curve = [measure(face, number / (count + 1)) for number, face in enumerate(faces, 1)]
    smooth = gaussian_filter1d(np.array([0.0, *curve, 0.0]), _LOW_PASS * fps, mode="nearest")
    return 1 + int(np.argmax(smooth[1:-1]))


def without_eyes(view: FaceView) -> NDArray[np.bool_]:
    """Return what of a view is looked at, bool (size, size): all but the eyes, where the crop says where they are."""
    if view.crop == "whole":
        return np.ones((view.size, view.size), bool)
    at = ((np.arange(view.size) + 0.5) / view.size - 0.5) * SIZE * (1 + 2 * view.margin) + (SIZE - 1) / 2
    x, y = np.meshgrid(at, at)
    near = [((x - ex) / _EYE[0]) ** 2 + ((y - ey) / _EYE[1]) ** 2 < 1 for ex, ey in EYES]
    return ~(near[0] | near[1])


def _motion(onset: Face, offset: Face, looked_at: NDArray[np.bool_]) -> Measure:
    drift = flow(onset, offset)[looked_at]

    def measure(face: Face, share: float) -> float:
        field = flow(onset, face)[looked_at] - np.float32(share) * drift
        return float(magnitude(field - np.median(field, axis=0)).mean())

    return measure


def _difference(onset: Face, offset: Face, looked_at: NDArray[np.bool_]) -> Measure:
    first, last = (face[looked_at].astype(np.float32) for face in (onset, offset))

    def measure(face: Face, share: float) -> float:
        left = face[looked_at] - (np.float32(1 - share) * first + np.float32(share) * last)
        return float(np.sqrt(np.square(left).mean()))

    return measure


_MEASURES: dict[str, Callable[[Face, Face, NDArray[np.bool_]], Measure]] = {
    "motion": _motion,
    "difference": _difference,
}
