"""A clip of a rendered smile, whose frames say how often they were decoded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.faces.cache import FrameCache
from mebench.frames.pixels import ArrayFrames
from mebench.schema.recordings import Clip

COURSE = (0.0, 0.0, 0.6, 1.5, 2.6, 3.5, 4.0, 3.6, 3.0, 2.2, 1.4, 0.6, 0.2)
"""Intensity of the smile in each frame; the apex has index 6."""
APEX = 6


class CountedFrames(ArrayFrames):
    """Frames in memory that count how often each one was read."""

    def __init__(self, array: np.ndarray) -> None:
        super().__init__(array)
        self.reads: Counter[int] = Counter()

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        self.reads.update(range(start, stop))
        return super().read(start, stop, grey=grey)


@pytest.fixture(scope="session")
def smiling(with_units: Callable[..., np.ndarray]) -> np.ndarray:
    """The frames of a smile in a slightly warm light, with sensor noise, BGR (13, 480, 640, 3)."""
    rng = np.random.default_rng(0)
    grey = np.stack([with_units((8, value)) if value else with_units() for value in COURSE])
    colour = grey[..., None] * np.array([0.8, 0.9, 1.0])
    return np.clip(colour + rng.normal(0, 1.5, colour.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def smile(smiling: np.ndarray) -> Clip:
    """A clip of a smile; its frames are a `CountedFrames`."""
    return clip_of(smiling)


@pytest.fixture
def cache(tmp_path: Path) -> FrameCache:
    return FrameCache(tmp_path / "cache")


def clip_of(frames: np.ndarray, onset: int = 1, apex: int = APEX + 1, offset: int = 0) -> Clip:
    """A clip of an array of frames."""
    return Clip("test", "s1", "s1_smile", 30.0, CountedFrames(frames), "happiness", onset, apex, offset)


def shrunk(frames: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Frames scaled to (width, height)."""
    return np.stack([cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in frames])
