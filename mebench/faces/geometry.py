"""Similarity transforms between a video's frames and the aligned face.

Conventions
-----------
The aligned face is 112x112 px with the eyes at fixed places, 45 px apart, laid out as OpenFace does (thesis section
4.2.1). A *pose* is a pair of complex numbers (zoom, centre): the point X = (x - 55.5) + i (y - 55.5) of the aligned
face lies at `zoom * X + centre` in the frame, so |zoom| is frame pixels per aligned pixel, its angle is the tilt of
the head, and `centre` is where the middle of the aligned face lies. Pixel centres are at whole numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = 112
EYE_DISTANCE = 45.0
EYES = ((33.0, 30.0), (78.0, 30.0))
_MIDDLE = (SIZE - 1) / 2


class Pose(NamedTuple):
    """Where the aligned face lies in a frame."""

    zoom: complex
    centre: complex

    def to_frame(self, points: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Map aligned points (complex, relative to the middle of the aligned face) to the frame."""
        return self.zoom * points + self.centre

    def to_aligned(self, points: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Map frame points to aligned points, relative to the middle of the aligned face."""
        return (points - self.centre) / self.zoom

    def after(self, step: Pose) -> Pose:
        """Return the pose that applies `step` within the aligned face first, then this pose."""
        return Pose(self.zoom * step.zoom, self.zoom * step.centre + self.centre)

    def row(self) -> tuple[float, float, float, float]:
        """Return the four real parameters, which can be averaged over time."""
        return (self.zoom.real, self.zoom.imag, self.centre.real, self.centre.imag)

    @classmethod
    def of_row(cls, row: NDArray[np.float64]) -> Pose:
        """Return the pose of four real parameters."""
        return cls(complex(row[0], row[1]), complex(row[2], row[3]))


def aligned_point(point: tuple[float, float]) -> complex:
    """Return an aligned pixel position as a complex number relative to the middle of the aligned face."""
    return complex(point[0] - _MIDDLE, point[1] - _MIDDLE)


def pose_of_eyes(left: complex, right: complex) -> Pose:
    """Return the pose that puts the two eyes, given in frame coordinates, at their places in the aligned face."""
    target_left, target_right = (aligned_point(eye) for eye in EYES)
    zoom = (right - left) / (target_right - target_left)
    return Pose(zoom, (left + right) / 2 - zoom * (target_left + target_right) / 2)


def reduction_for(pose: Pose) -> int:
    """Return the power of two by which a frame is averaged down before it is resampled at `pose`.

    What is left to the bilinear resampling is a factor between 0.85 and 1.7, which neither aliases nor blurs much.
    """
    return 1 << max(0, math.ceil(math.log2(abs(pose.zoom) / 1.7)))


class Crop(NamedTuple):
    """A part of a frame, possibly shrunk by a whole factor.

    `left`, `top` are the frame coordinates of the crop's corner pixel, `factor` how many frame pixels one of its
    pixels spans.
    """

    image: NDArray[np.uint8]
    left: int
    top: int
    factor: int = 1

    def shrunk(self, factor: int) -> Crop:
        """Return the crop with `factor` times fewer pixels a side, averaged; `factor` is a power of two.

        Halving repeatedly is several times faster in OpenCV than one larger step.
        """
        image, done = self.image, 1
        while done < factor and min(image.shape[:2]) >= 2:
            height, width = image.shape[0] // 2, image.shape[1] // 2
            part = image[: height * 2, : width * 2]
            image = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
            done *= 2
        return Crop(image, self.left, self.top, self.factor * done)


def crop_face(frame: NDArray[np.uint8], pose: Pose, margin: float, factor: int) -> Crop:
    """Cut the aligned face's surroundings out of a frame; the result shares no memory with the frame.

    Parameters
    ----------
    frame : grey (height, width) or colour (height, width, 3).
    margin : width added around the aligned face, as a fraction of its side.
    factor : pixels of the frame averaged into one, a side.
    """
    height, width = frame.shape[:2]
    reach = (0.5 + margin) * SIZE * (abs(pose.zoom.real) + abs(pose.zoom.imag))
    left, top = (int(max(0, c - reach)) for c in (pose.centre.real, pose.centre.imag))
    left, top = min(left, width - factor), min(top, height - factor)
    right = max(int(min(width, pose.centre.real + reach)), left + factor)
    bottom = max(int(min(height, pose.centre.imag + reach)), top + factor)
    part = Crop(frame[top:bottom, left:right], left, top)
    return part.shrunk(factor) if factor > 1 else part._replace(image=part.image.copy())


def warp(crop: Crop, pose: Pose, size: int, *, as_float: bool = False) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Resample the aligned face from a crop at `size` x `size` px, bilinearly; beyond the crop its edge is repeated.

    Shrinking by more than about 1.7 aliases: see `reduction_for`.
    """
    step = SIZE / size
    scale = step / crop.factor
    corner = complex(-SIZE / 2 + step / 2, -SIZE / 2 + step / 2)
    origin = pose.zoom * corner + pose.centre
    a, b = pose.zoom.real * scale, pose.zoom.imag * scale
    matrix = np.array(
        [
            [a, -b, (origin.real - crop.left + 0.5) / crop.factor - 0.5],
            [b, a, (origin.imag - crop.top + 0.5) / crop.factor - 0.5],
        ]
    )
    image = crop.image.astype(np.float32) if as_float else crop.image
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]
