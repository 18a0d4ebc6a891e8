"""Small textured videos in which a patch moves during events."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mebench.frames.store import FrameStore
from mebench.methods.base import RunContext
from mebench.schema.presence import Presence
from mebench.schema.recordings import Event, ExpressionType, Video


class ArrayFrames:
    """Frames in memory with random access, standing in for the cache's entries."""

    def __init__(self, frames: np.ndarray) -> None:
        self.frames = frames
        self.digest = hashlib.sha256(frames.tobytes()).hexdigest()

    def __len__(self) -> int:
        return len(self.frames)

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return self.frames[start:stop].copy()

    def gather(self, indices: np.ndarray) -> np.ndarray:
        return self.frames[indices]


class ArrayCache(FrameStore):
    """A frame cache whose aligned frames are the videos' own; faces are everywhere unless `presences` says other."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.presences: dict[str, Presence] = {}

    def aligned(self, video: Video, config: Any = None, progress: Any = None) -> Any:
        return video.aligned

    def presence(self, video: Video, config: Any = None, progress: Any = None) -> Presence:
        return self.presences.get(video.id, Presence.everywhere(len(video.aligned or video.frames)))


def moving_video(
    subject: str,
    events: tuple[Event, ...],
    *,
    count: int = 120,
    size: int = 112,
    seed: int = 0,
    dataset: str = "toy",
    fps: float = 30.0,
) -> Video:
    """Return a video of noise-textured frames; during an event the lower half moves down and back."""
    random = np.random.default_rng(seed)
    texture = cv2.GaussianBlur(random.uniform(0, 255, (size + 16, size + 16)).astype(np.float32), (0, 0), 2)
    texture = (texture - texture.mean()) / texture.std() * 40 + 128
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    patch = np.exp(-((rows - 0.7 * size) ** 2 + (columns - 0.5 * size) ** 2) / (0.15 * size) ** 2).astype(np.float32)
    shift = np.zeros(count, np.float32)
    for event in events:
        strength = 2.0 if event.type == ExpressionType.MICRO else 5.0
        shift[event.onset - 1 : event.offset] = strength * np.sin(np.linspace(0, np.pi, event.length))
    frames = np.stack(
        [cv2.remap(texture, columns + 8, rows + 8 + amount * patch, cv2.INTER_LINEAR) for amount in shift]
    )
    noisy = np.clip(frames + random.normal(0, 1, frames.shape), 0, 255).astype(np.uint8)
    source = ArrayFrames(noisy)
    return Video(dataset, subject, f"{subject}_1", fps, source, events, aligned=source)


def usual_events() -> tuple[Event, ...]:
    """Two micro- and two macro-expressions in 120 frames."""
    micro, macro = ExpressionType.MICRO, ExpressionType.MACRO
    return (Event(8, 17, micro), Event(25, 54, macro), Event(65, 74, micro), Event(82, 111, macro))


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


@pytest.fixture
def videos() -> list[Video]:
    return [moving_video(f"s{i}", usual_events(), seed=i) for i in range(4)]


@pytest.fixture
def make_video() -> Any:
    return moving_video


@pytest.fixture
def logged() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def context(tmp_path: Path, logged: list[dict[str, Any]]) -> RunContext:
    return RunContext(0, "cpu", ArrayCache(tmp_path), log=logged.append)  # type: ignore[arg-type]
