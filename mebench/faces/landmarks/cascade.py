"""Face and eyes by the cascades that come with OpenCV, so that nothing is downloaded."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.landmarks.base import EYES_IN_BOX, Face, LandmarkDetector
from mebench.settings import setting

Box = tuple[float, float, float, float]


@dataclasses.dataclass(frozen=True)
class CascadeConfig:
    """Settings of `cascade`."""

    min_fraction: float = setting(
        0.25,
        "smallest side of a face as a share of the height of the frame; a quarter makes the search ten times faster "
        "than an open one, and faces half as large are looked for, more finely, only when that finds none",
    )


class Cascade(LandmarkDetector):
    """OpenCV's frontal-face cascade `alt2` with its eye cascade inside the face.

    The face is looked for in the frame shrunk to 240 px of height, the eyes in a face shrunk to 160 px of width: about
    10 ms a frame, and as exact as the cascades get.
    """

    id: ClassVar[str] = "cascade"
    settling: ClassVar[float] = 0.4
    Config: ClassVar[type] = CascadeConfig

    def find(self, image: NDArray[np.uint8], index: int = 0) -> Sequence[Face]:
        """Return every face of the frame, the largest first."""
        grey = _grey(image)
        least = self.config.min_fraction
        for fraction, step, working_height in ((least, 1.2, 240), (least / 2, 1.1, 480)):
            small, factor = _shrunk(grey, grey.shape[0] / working_height)
            side = max(20, int(fraction * small.shape[0]))
            found = _cascade("haarcascade_frontalface_alt2.xml")
            boxes = np.asarray(found.detectMultiScale(small, step, 3, minSize=(side, side)))
            if len(boxes):
                largest_first = sorted(boxes.tolist(), key=lambda box: -box[2])
                return [
                    _with_eyes(grey, (x * factor, y * factor, w * factor, h * factor)) for x, y, w, h in largest_first
                ]
        return []

    def follow(self, image: NDArray[np.uint8], index: int, eyes: NDArray[np.complex128]) -> Face | None:
        """Look for the eyes alone, in the box that a face with such eyes has; None when they are not both seen."""
        width = float(abs(eyes[1] - eyes[0])) / (EYES_IN_BOX[1][0] - EYES_IN_BOX[0][0])
        middle = complex(eyes.mean())
        face = _with_eyes(
            _grey(image), (middle.real - width / 2, middle.imag - EYES_IN_BOX[0][1] * width, width, width)
        )
        return face if face.eyes_found else None

    def sure(self, image: NDArray[np.uint8], face: Face) -> bool:
        """Ask two cascades that learnt otherwise, and the eyes: two of the three must agree.

        One cascade alone sees a face in some clouds and textures.
        """
        x, y, width, height = face.box
        left, top, margin = max(int(x - 0.25 * width), 0), max(int(y - 0.25 * height), 0), 0.25 * width
        part = _grey(image)[top : int(y + height + margin), left : int(x + width + margin)]
        region, factor = _shrunk(part, width / 80)
        least, votes = int(0.5 * width / factor), int(face.eyes_found)
        for name in ("haarcascade_frontalface_default.xml", "haarcascade_frontalface_alt.xml"):
            votes += len(_cascade(name).detectMultiScale(region, 1.1, 3, minSize=(least, least))) > 0
            if votes == 2:
                break
        return votes >= 2


@functools.cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(cv2.data.haarcascades + name)  # type: ignore[attr-defined]


def _grey(image: NDArray[np.uint8]) -> Any:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image


def _with_eyes(grey: NDArray[np.uint8], box: Box) -> Face:
    """Look for an eye in each upper half of the face; where one is not found, place it by geometry."""
    x, y, width, height = box
    places = [(x + fx * width, y + fy * height) for fx, fy in EYES_IN_BOX]
    seen = _eyes_of(grey, box)
    halves = ([e for e in seen if e[0] < x + width / 2], [e for e in seen if e[0] >= x + width / 2])
    eyes = [max(half, key=lambda e: e[2])[:2] if half else place for half, place in zip(halves, places, strict=True)]
    apart, tilt = eyes[1][0] - eyes[0][0], eyes[1][1] - eyes[0][1]
    if not 0.25 * width < apart < 0.55 * width or abs(tilt) > 0.35 * apart:
        return Face(box, places[0], places[1], eyes_found=False)
    return Face(box, eyes[0], eyes[1], eyes_found=all(halves))


def _eyes_of(grey: NDArray[np.uint8], box: Box) -> list[tuple[float, float, float]]:
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
