"""Videos that are quiet but for movements planted in them, for the tests of spotters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import cv2
import numpy as np

from mebench.schema.recordings import Event, ExpressionType, Video

SIZE = 112
MOUTH = (55.5, 80.0)
"""Where the mouth of an aligned face lies, x and y in px."""


class Frames:
    """Frames in memory."""

    def __init__(self, frames: np.ndarray) -> None:
        self.frames = frames
        self.digest = hashlib.sha256(frames.tobytes()).hexdigest()

    def __len__(self) -> int:
        return len(self.frames)

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return self.frames[start:stop].copy()


def planted(
    subject: str, events: Iterable[Event], *, count: int = 150, seed: int = 0, noise: float = 0.0, strength: float = 4.0
) -> Video:
    """Return a video of a textured face whose mouth moves down and back in each event, by `strength` px at its apex."""
    random = np.random.default_rng(seed)
    texture = cv2.GaussianBlur(random.uniform(0, 255, (SIZE + 16, SIZE + 16)).astype(np.float32), (0, 0), 2)
    texture = (texture - texture.mean()) / texture.std() * 40 + 128
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    distance = (rows - MOUTH[1]) ** 2 + (columns - MOUTH[0]) ** 2
    patch = np.exp(-distance / 2 / 9.0**2).astype(np.float32)
    shift = np.zeros(count, np.float32)
    events = tuple(events)
    for event in events:
        shift[event.onset - 1 : event.offset] = strength * np.sin(np.linspace(0, np.pi, event.length))
    frames = np.stack([cv2.remap(texture, columns + 8, rows + 8 - s * patch, cv2.INTER_LINEAR) for s in shift])
    frames = np.clip(frames + random.normal(0, noise, frames.shape) if noise else frames, 0, 255)
    source = Frames(frames.astype(np.uint8))
    return Video("toy", subject, f"{subject}_1", 30.0, source, events, aligned=source)


def micro(onset: int, offset: int) -> Event:
    """Return a micro-expression."""
    return Event(onset, offset, ExpressionType.MICRO)


def macro(onset: int, offset: int) -> Event:
    """Return a macro-expression."""
    return Event(onset, offset, ExpressionType.MACRO)
