"""What every source of rendered frames has: frames drawn when they are read, landmarks and truth without drawing.

A frame is drawn from the parameters of its `Motion`, put under the light, taken by the camera and compressed; what
anyone sees is the decoded JPEG.
"""

from __future__ import annotations

import abc
import dataclasses
import functools
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.rendering.camera import Camera
from mebench.rendering.head import Shape, head_of
from mebench.rendering.light import Lamp
from mebench.rendering.motion import Motion
from mebench.rendering.plane import Pixels


class View(Protocol):
    """How a recipe says who is seen, and through which camera."""

    @property
    def identity_seed(self) -> int:
        """Seed of the face."""

    @property
    def width(self) -> int:
        """Width of the drawn frame in pixels."""

    @property
    def height(self) -> int:
        """Height of the drawn frame in pixels."""

    @property
    def light(self) -> str:
        """Name in `light.LEVELS`."""

    @property
    def noise(self) -> float:
        """Standard deviation of the sensor noise in grey levels."""

    @property
    def quality(self) -> int:
        """JPEG quality, 1-100."""


@dataclasses.dataclass(frozen=True)
class RenderedTruth:
    """What is known of every frame of a recording.

    Attributes
    ----------
    action_units : (n, 17) intensities of the events, the stronger of the two sides.
    left, right : (n, 17) the same by the subject's side.
    rendered : (n, 17) intensities as rendered, unlabelled movements included.
    landmarks : (n, 68, 2) in pixels; eyes : (n, 2, 2) resting centres of the pupils, image-left eye first.
    """

    action_units: NDArray[np.float32]
    left: NDArray[np.float32]
    right: NDArray[np.float32]
    rendered: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    eyes: NDArray[np.float32]


class RenderedFrames(abc.ABC):
    """Frames of one recipe (a `FrameSource`); nothing is rendered before it is read, nothing rendered is kept.

    A class that derives from it has `digest`, `__len__` and `motion`; `colour` says what its camera takes.
    """

    colour: bool = True

    @property
    @abc.abstractmethod
    def view(self) -> View:
        """Who is seen, and through which camera."""

    @property
    @abc.abstractmethod
    def digest(self) -> str:
        """Hex digest of the renderer's version and the recipe."""

    @abc.abstractmethod
    def __len__(self) -> int:
        """Return the number of frames."""

    @property
    @abc.abstractmethod
    def motion(self) -> Motion:
        """Per-frame parameters."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frames that are read, in pixels."""
        return self.view.width, self.view.height

    def encoded(self, index: int) -> bytes:
        """Return the JPEG file of the frame with this index (0-based).

        Raises
        ------
        UserError : when there is no such frame.
        """
        if not 0 <= index < len(self):
            raise UserError(f"This video has no frame {index + 1}: it ends at frame {len(self)}.")
        return self._camera.compress(self._camera.expose(self._lit(index), self.motion.noise_seed, index))

    def _lit(self, index: int) -> Pixels:
        """Return what reaches the camera: uint8 BGR, or grey where `colour` is not set."""
        m, v = self.motion, self.view
        head = head_of(v.identity_seed, v.width, v.height)
        frame, _ = head.draw(m.left[index], m.right[index], m.pose[index], m.gaze[index])
        if v.light != "none":
            frame = self._lamp.apply(frame, m.light[index])
        return frame if self.colour else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)

    @functools.cached_property
    def _camera(self) -> Camera:
        return Camera(*self.size, self.view.noise, self.view.quality)

    @functools.cached_property
    def _lamp(self) -> Lamp:
        return Lamp(self.view.width, self.view.height)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Render frames `start <= i < stop`; see `FrameSource.read`."""
        width, height = self.size
        shape = (max(stop - start, 0), height, width)
        out = np.empty(shape if grey else (*shape, 3), np.uint8)
        flag = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR
        for i in range(start, stop):
            out[i - start] = np.asarray(cv2.imdecode(np.frombuffer(self.encoded(i), np.uint8), flag))
        return out

    def landmarks(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the true landmarks of frames `start <= i < stop`, (stop - start, 68, 2) pixels; none is rendered."""
        return np.array([shape.landmarks for shape in self._shapes(start, stop)], np.float32).reshape(-1, 68, 2)

    def _shapes(self, start: int, stop: int) -> list[Shape]:
        m, v = self.motion, self.view
        head = head_of(v.identity_seed, v.width, v.height)
        return [head.shape(m.left[i], m.right[i], m.pose[i]) for i in range(start, stop)]

    def truth(self) -> RenderedTruth:
        """Return everything known of the frames; no frame is rendered."""
        m = self.motion
        shapes = self._shapes(0, len(self))
        left, right = m.expression_left, m.expression_right
        return RenderedTruth(
            action_units=np.maximum(left, right),
            left=left,
            right=right,
            rendered=np.maximum(m.left, m.right),
            landmarks=np.array([s.landmarks for s in shapes], np.float32).reshape(-1, 68, 2),
            eyes=np.array([s.pupils for s in shapes], np.float32).reshape(-1, 2, 2),
        )
