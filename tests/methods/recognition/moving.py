"""Small clips of a textured square, a part of which is shifted from onset to apex and back; the part tells the class."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np

from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.schema.recordings import Clip

CLASSES = ("negative", "positive", "surprise")
SIDE = 64
PLACES = {"negative": (14, 14), "positive": (48, 16), "surprise": (30, 48)}
"""Centre of what moves, x and y."""


@dataclasses.dataclass
class Moving:
    """Frames of one clip; `reads` are the frames that were asked for."""

    who: int
    emotion: str
    count: int = 9
    noise: float = 0.5
    reads: list[int] = dataclasses.field(default_factory=list)

    @property
    def digest(self) -> str:
        return f"moving-{self.who}-{self.emotion}-{self.count}-{self.noise}"

    def __len__(self) -> int:
        return self.count

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        self.reads += range(start, stop)
        frames = np.stack([self._frame(i) for i in range(start, stop)])
        return frames if grey else np.repeat(frames[..., None], 3, axis=-1)

    def _frame(self, index: int) -> np.ndarray:
        rng = np.random.default_rng([self.who, 5])
        skin = cv2.GaussianBlur(rng.normal(128, 160, (SIDE, SIDE)).astype(np.float32), (0, 0), 2)
        y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
        cx, cy = PLACES[self.emotion]
        strength = 2.0 * (1 - abs(index / max(self.count - 1, 1) - 0.5) * 2)
        near = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 60).astype(np.float32)
        moved = cv2.remap(skin, x, y + strength * near, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        moved += np.random.default_rng([self.who, index]).normal(0, self.noise, moved.shape)
        return np.clip(moved, 0, 255).astype(np.uint8)


def clip(who: int = 1, emotion: str = "negative", count: int = 9, **more: object) -> Clip:
    """Return a clip with onset, apex and offset."""
    frames = Moving(who, emotion, count)
    keys = {"onset": 1, "apex": (count + 1) // 2, "offset": count, **more}
    return Clip("moving", f"s{who}", f"{emotion}", 100.0, frames, emotion, **keys)  # type: ignore[arg-type]


def clips(people: range) -> list[Clip]:
    """Return one clip of each class of each person."""
    return [clip(who, emotion) for who in people for emotion in CLASSES]


def context(folder, log=lambda line: None) -> RunContext:
    """Return a context whose store lies in a folder."""
    return RunContext(0, "cpu", FrameCache(folder / "cache"), classes=CLASSES, log=log)
