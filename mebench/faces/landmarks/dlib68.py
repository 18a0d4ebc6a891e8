"""dlib's 68 landmarks, the detector that most papers on micro-expressions use.

Kazemi and Sullivan, "One Millisecond Face Alignment with an Ensemble of Regression Trees", CVPR 2014. The model file
lies in the package `face-recognition-models`, which is never imported: it needs `pkg_resources`, which newer
installations lack.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.geometry import Pose, crop_face, pose_of_eyes, reduction_for, warp
from mebench.faces.landmarks.base import Face, LandmarkDetector, nearest
from mebench.faces.landmarks.once import tell_once

LICENCE_NOTE = (
    "landmarks=dlib68: the model file was trained on iBUG 300-W, whose licence excludes commercial use; cite Kazemi "
    "and Sullivan, CVPR 2014, and Sagonas et al., ICCVW 2013."
)
_PACKAGE = "face_recognition_models"
_MODEL = "models/shape_predictor_68_face_landmarks.dat"
_HEIGHTS = (320, 640)  # the detector sees faces of at least 80 px: a quarter, then an eighth of the frame

# The points are looked for in an upright picture of the face, twice as fine as the aligned one and wider, in the box
# that the detector puts around such a face on average: a box that jumps with each detection makes the points jump.
_WIDER, _FINER, _SIZE = 1.75, 2.0, 392
_BOX_SIDE, _BOX_ABOVE = 106.0, 4.0


class Dlib68(LandmarkDetector):
    """dlib's HOG face detector and its 68 points by regression trees."""

    id: ClassVar[str] = "dlib68"
    has_points: ClassVar[bool] = True

    def require_parts(self) -> None:
        """See that dlib and its model file are there, without loading either."""
        _require()

    def find(self, image: NDArray[np.uint8], index: int = 0) -> Sequence[Face]:
        """Return every face of the frame, the largest first."""
        grey = _grey(image)
        for height in _HEIGHTS:
            factor = grey.shape[0] / height
            size = (max(1, round(grey.shape[1] / factor)), height)
            way = cv2.INTER_AREA if factor > 1 else cv2.INTER_LINEAR
            small = np.ascontiguousarray(cv2.resize(grey, size, interpolation=way))
            boxes, scores, _ = _detector().run(small, 0, 0.0)
            if len(boxes):
                found = [_face_in(grey, box, factor, score) for box, score in zip(boxes, scores, strict=True)]
                return sorted(found, key=lambda face: -face.box[2])
        return []

    def follow(self, image: NDArray[np.uint8], index: int, eyes: NDArray[np.complex128]) -> Face | None:
        """Return the points of the face whose eyes are about there; no face is looked for elsewhere."""
        face = Face.of_points(_points_near(_grey(image), pose_of_eyes(eyes[0], eyes[1])))
        return nearest([face], eyes)


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


def _face_in(grey: NDArray[np.uint8], box: Any, factor: float, score: float) -> Face:
    left, top, side = box.left() * factor, box.top() * factor, box.width() * factor
    middle = complex(left + side / 2, top + side / 2)
    guess = Pose(complex(side / _BOX_SIDE), middle + 1j * _BOX_ABOVE * side / _BOX_SIDE)
    for _ in range(2):  # the second time upright, and in the box that fits the face
        points = _points_near(grey, guess)
        face = Face.of_points(points, box=(left, top, side, side), score=float(score))
        guess = pose_of_eyes(*face.eyes)
    return face


def _points_near(grey: NDArray[np.uint8], pose: Pose) -> NDArray[np.float64]:
    """Return the 68 points (68, 2), in frame px, of the face that lies about at a pose."""
    import dlib

    wide = Pose(pose.zoom * _WIDER, pose.centre)
    picture = warp(crop_face(grey, wide, 0.02, reduction_for(Pose(pose.zoom / _FINER, 0j))), wide, _SIZE)
    half, middle = _BOX_SIDE * _FINER / 2, (_SIZE - 1) / 2
    sides = (middle - half, middle - half - _BOX_ABOVE * _FINER, middle + half, middle + half - _BOX_ABOVE * _FINER)
    shape = _predictor()(np.ascontiguousarray(picture), dlib.rectangle(*map(round, sides)))
    aligned = np.array([complex(p.x - middle, p.y - middle) / _FINER for p in shape.parts()], np.complex128)
    points = pose.to_frame(aligned)
    return np.stack([points.real, points.imag], axis=1)


@functools.cache
def _detector() -> Any:
    _require()
    import dlib

    return dlib.get_frontal_face_detector()


@functools.cache
def _predictor() -> Any:
    path = _require()
    import dlib

    try:
        predictor = dlib.shape_predictor(str(path))
    except RuntimeError as error:
        raise UserError(f"dlib cannot read the model file {path}: install face-recognition-models again.") from error
    tell_once("dlib68", LICENCE_NOTE)
    return predictor


def _require() -> Path:
    """Return the model file.

    Raises
    ------
    UserError : when dlib or the model file is missing.
    """
    spec = importlib.util.find_spec(_PACKAGE)  # finds the package without importing it
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    found = [path for path in (Path(folder, _MODEL) for folder in folders) if path.is_file()]
    if importlib.util.find_spec("dlib") is None or not found:
        what = "its model file" if importlib.util.find_spec("dlib") else "dlib"
        raise UserError(
            f"landmarks=dlib68 lacks {what}: pip install 'mebench[landmarks]', or give landmarks=cascade, which needs "
            "nothing."
        )
    return found[0]
