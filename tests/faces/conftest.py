"""Faces and videos for the tests of this layer; the faces are the renderer's own."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from mebench.faces.hog_model import Ridge
from mebench.faces.hog_training import train_ridge
from mebench.frames.pixels import ArrayFrames
from mebench.schema.recordings import Video

from .toys import toy_group

FPS = 30.0
MIDDLE = complex(320, 240)


@functools.cache
def render(units: tuple[tuple[int, float], ...] = ()) -> tuple[np.ndarray, np.ndarray]:
    """A rendered frontal face with some action-unit columns at an intensity, without noise.

    Returns the grey picture, uint8 (480, 640), and the resting pupils as two complex numbers.
    """
    from mebench.rendering.head import head_of
    from mebench.rendering.pose import NEUTRAL

    intensities = np.zeros(17, np.float32)
    for column, value in units:
        intensities[column] = value
    frame, shape = head_of(7, 640, 480).draw(intensities, intensities, NEUTRAL, np.zeros(2))
    pupils = np.asarray(shape.pupils, float)
    return cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), pupils[:, 0] + 1j * pupils[:, 1]


def swaying(n: int, *, noise: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """A still face that sways as a whole under changing light.

    Returns frames (n, 480, 640) and the true (zoom, shift) of each, complex (n, 2): a point p of the neutral picture
    is at zoom * (p - MIDDLE) + MIDDLE + shift.
    """
    rng = np.random.default_rng(0)
    grain = rng.normal(0, noise, (480, 640))
    face, t = render()[0], np.arange(n) / FPS
    zoom = (1 + 0.01 * np.sin(2 * np.pi * 0.17 * t)) * np.exp(1j * np.radians(2) * np.sin(2 * np.pi * 0.23 * t + 1))
    shift = 6 * (np.sin(2 * np.pi * 0.31 * t) + 1j * np.cos(2 * np.pi * 0.19 * t))
    frames = np.empty((n, 480, 640), np.uint8)
    for i in range(n):
        offset = MIDDLE + shift[i] - zoom[i] * MIDDLE
        matrix = np.array([[zoom[i].real, -zoom[i].imag, offset.real], [zoom[i].imag, zoom[i].real, offset.imag]])
        moved = cv2.warpAffine(face, matrix, (640, 480), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        light = 1 + 0.15 * np.sin(2 * np.pi * 0.2 * t[i]) * np.linspace(-1, 1, 640)
        frames[i] = np.clip(moved * light + np.roll(grain, rng.integers(0, 480, 2), axis=(0, 1)), 0, 255)
    return frames, np.stack([zoom, shift], axis=1)


@pytest.fixture(scope="session")
def sway() -> tuple[np.ndarray, np.ndarray]:
    """Sixty frames of sway, and the truth."""
    return swaying(60)


@pytest.fixture(scope="session")
def face() -> np.ndarray:
    """A neutral face, grey (480, 640)."""
    return render()[0]


@pytest.fixture(scope="session")
def pupils() -> np.ndarray:
    """The pupils of `face`, image-left one first, complex."""
    return render()[1]


@pytest.fixture(scope="session")
def with_units() -> Callable[..., np.ndarray]:
    """A function that draws the same face with action-unit columns at an intensity: with_units((8, 5.0))."""
    return lambda *units: render(units)[0]


@pytest.fixture
def video_of() -> Callable[..., Video]:
    """A function that makes a video of an array of frames."""

    def make(frames: np.ndarray, **changes: object) -> Video:
        return dataclasses.replace(Video("test", "s1", "s1_1", FPS, ArrayFrames(frames)), **changes)

    return make


@pytest.fixture(scope="session")
def toy_model() -> Ridge:
    """The models that are learnt from toy faces."""
    return train_ridge(range(8), range(100, 104), toy_group)


@pytest.fixture(scope="module")
def textured() -> np.ndarray:
    """Smooth pictures with texture, a flat patch and a bright edge, uint8 (3, 112, 112)."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:112, :112] / 112
    pictures = 120 + 60 * np.sin(7 * x + 3 * y) * np.cos(9 * y) + rng.normal(0, 4, (3, 112, 112))
    pictures[:, 40:60, 40:60] = 90
    pictures[1] *= 0.4
    pictures[:, :, 100:] += 50
    return np.clip(pictures, 0, 255).astype(np.uint8)
