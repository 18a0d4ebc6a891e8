"""Small flat pictures for the tests of this layer."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def picture(value: int, size: tuple[int, int] = (12, 16)) -> np.ndarray:
    return np.full(size, value, np.uint8)


def write(folder: Path, **values: int) -> Path:
    folder.mkdir(exist_ok=True)
    for name, value in values.items():
        cv2.imwrite(str(folder / f"{name}.png"), picture(value))
    return folder


def shades(frames: np.ndarray) -> list[int]:
    return [int(frame.flat[0]) for frame in frames]
