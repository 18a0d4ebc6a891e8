"""Finding the face and the eyes in a single frame.

Conventions
-----------
Coordinates are pixels of the frame handed in, x to the right and y down, pixel centres at whole numbers. *Left* and
*right* eye are as seen in the image. The cascades come with OpenCV, so nothing is downloaded.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError

# Where the eyes lie in the box of the alt2 cascade, as fractions of its side; medians over frontal faces.
EYES_IN_BOX = ((0.30, 0.40), (0.70, 0.40))


@dataclasses.dataclass(frozen=True)
class Detection:
    """One face.

    Attributes
    ----------
    box : x, y, width and height in px.
    left_eye, right_eye : centres (x, y) of the eyes as seen in the image, in px.
    eyes_found : whether both eyes were seen, or follow from the box alone.
    """

    box: tuple[float, float, float, float]
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]
    eyes_found: bool = True


class FaceDetector(Protocol):
    """Whatever finds the largest face of a frame."""

    def detect(self, image: NDArray[np.uint8]) -> Detection | None:
        """Return the largest face of a grey (height, width) or BGR (height, width, 3) frame, or None."""
        ...


class CascadeDetector:
    """OpenCV's frontal-face cascade `alt2` with its eye cascade inside the face.

    The face is looked for in the frame shrunk to 240 px of height, the eyes in a face shrunk to 160 px of width: about
    10 ms a frame, and as exact as the cascades get.

    Parameters
    ----------
    min_fraction : smallest face side as a fraction of the frame's height; a quarter makes the search ten times
        faster than an open one. Faces half as large are looked for, more finely, only when that finds none.
    """

    def __init__(self, min_fraction: float = 0.25) -> None:
        self.min_fraction = min_fraction

    def detect(self, image: NDArray[np.uint8]) -> Detection | None:
        """Return the largest face of the frame, or None when there is none."""
        grey: Any = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
        for fraction, step, working_height in ((self.min_fraction, 1.2, 240), (self.min_fraction / 2, 1.1, 480)):
            small, factor = _shrunk(grey, grey.shape[0] / working_height)
            side = max(20, int(fraction * small.shape[0]))
            found = _cascade("haarcascade_frontalface_alt2.xml")
            boxes = found.detectMultiScale(small, step, 3, minSize=(side, side))
            if len(boxes):
                x, y, width, height = (float(v) * factor for v in max(boxes, key=lambda b: int(b[2])))
                return _with_eyes(grey, (x, y, width, height))
        return None


class YuNetDetector:
    """OpenCV's YuNet network, which also finds turned and partly covered faces.

    Parameters
    ----------
    model_path : the ONNX file `face_detection_yunet_*.onnx` of the OpenCV zoo, which is not part of mebench.
    threshold : least confidence of a face.

    Raises
    ------
    UserError : when the model file is missing or OpenCV cannot read it.
    """

    def __init__(self, model_path: Path | str, threshold: float = 0.7) -> None:
        self.model_path = Path(model_path)
        if not self.model_path.is_file():
            raise UserError(f"The YuNet model {self.model_path} does not exist: download it from the OpenCV zoo.")
        try:
            self._network = cv2.FaceDetectorYN.create(str(self.model_path), "", (320, 320), threshold)
        except cv2.error as error:
            raise UserError(f"OpenCV cannot read the YuNet model {self.model_path}: download it again.") from error

    def detect(self, image: NDArray[np.uint8]) -> Detection | None:
        """Return the largest face of the frame, or None when there is none."""
        colour = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image
        self._network.setInputSize((colour.shape[1], colour.shape[0]))
        _, faces = self._network.detect(colour)
        if faces is None or len(faces) == 0:
            return None
        row = [float(value) for value in max(faces, key=lambda face: face[2] * face[3])]
        left, right = sorted([(row[4], row[5]), (row[6], row[7])])
        return Detection((row[0], row[1], row[2], row[3]), left, right)


@functools.cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(cv2.data.haarcascades + name)  # type: ignore[attr-defined]


def _with_eyes(grey: NDArray[np.uint8], box: tuple[float, float, float, float]) -> Detection:
    """Look for an eye in each upper half of the face; where one is not found, place it by geometry."""
    x, y, width, height = box
    places = [(x + fx * width, y + fy * height) for fx, fy in EYES_IN_BOX]
    seen = _eyes_of(grey, box)
    halves = ([e for e in seen if e[0] < x + width / 2], [e for e in seen if e[0] >= x + width / 2])
    eyes = [max(half, key=lambda e: e[2])[:2] if half else place for half, place in zip(halves, places, strict=True)]
    apart, tilt = eyes[1][0] - eyes[0][0], eyes[1][1] - eyes[0][1]
    if not 0.25 * width < apart < 0.55 * width or abs(tilt) > 0.35 * apart:
        return Detection(box, places[0], places[1], eyes_found=False)
    return Detection(box, eyes[0], eyes[1], eyes_found=all(halves))


def _eyes_of(grey: NDArray[np.uint8], box: tuple[float, float, float, float]) -> list[tuple[float, float, float]]:
    """Return centre x, y and width, in frame px, of everything like an eye in the upper part of a face."""
    x, y, width, height = box
    left, top = max(int(x), 0), max(int(y + height * 0.2), 0)
    region, factor = _shrunk(grey[top : int(y + height * 0.55), left : int(x + width)], width / 160)
    least, most = int(width / factor / 6), int(width / factor / 3)
    boxes = _cascade("haarcascade_eye.xml").detectMultiScale(
        region, 1.05, 3, minSize=(least, least), maxSize=(most, most)
    )
    return [
        ((ex + ew / 2) * factor - 0.5 + left, (ey + eh / 2) * factor - 0.5 + top, ew * factor)
        for ex, ey, ew, eh in boxes
    ]


def _shrunk(image: NDArray[np.uint8], factor: float) -> tuple[NDArray[np.uint8], float]:
    """Shrink an image that is more than `factor` = 1 times too large; return it and the factor that was applied."""
    if factor <= 1:
        return image, 1.0
    size = (max(1, round(image.shape[1] / factor)), max(1, round(image.shape[0] / factor)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False), factor
