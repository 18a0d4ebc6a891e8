"""Clips of a textured face in which something moves that tells the class, for the tests of recognisers."""

from __future__ import annotations

import cv2
import numpy as np

from mebench.frames.pixels import ArrayFrames
from mebench.schema.recordings import Clip

CLASSES = ("negative", "positive", "surprise")
SIZE = 64
QUICK = {"flow": "farneback", "crop": "whole", "face_size": 64}
"""Settings with which flow takes a millisecond."""
_WAYS = ((0.0, 1.0), (0.0, -1.0), (1.0, 0.0))
"""Where the middle of the face moves in each class: down, up, to the right."""


def clip(subject: str, label: int, seed: int, database: str = "") -> Clip:
    """Return a clip of three frames whose middle moves by two px until the apex, and back."""
    random = np.random.default_rng(seed)
    texture = cv2.GaussianBlur(random.uniform(0, 255, (SIZE, SIZE)).astype(np.float32), (0, 0), 2)
    texture = (texture - texture.mean()) / texture.std() * 40 + 128
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    near = np.exp(-((rows - SIZE / 2) ** 2 + (columns - SIZE / 2) ** 2) / 2 / 14.0**2).astype(np.float32)
    x, y = (2 * way * near for way in _WAYS[label])
    apex = cv2.remap(texture, columns - x, rows - y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    frames = ArrayFrames(np.clip(np.stack([texture, apex, texture]), 0, 255).astype(np.uint8))
    return Clip("toy", subject, f"{subject}_{label}", 30.0, frames, CLASSES[label], 1, 2, 3, database=database)


def clips(subjects: int, first: int = 0) -> list[Clip]:
    """Return a clip of each class of so many subjects."""
    return [clip(f"s{s:02d}", label, 10 * s + label) for s in range(first, first + subjects) for label in range(3)]
