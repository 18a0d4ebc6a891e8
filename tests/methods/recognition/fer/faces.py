"""Drawn faces whose mouth tells the class, for the tests of the recognisers of frames."""

from __future__ import annotations

import numpy as np

from mebench.frames.pixels import ArrayFrames
from mebench.methods.base import RunContext
from mebench.schema.label_maps import FER_VALENCE
from mebench.schema.recordings import Clip

CLASSES = FER_VALENCE.classes
SIZE = 32
QUICK = {
    **{"crop": "whole", "size": SIZE, "layers": 3, "filters": 16, "learning_rate": 3e-3},
    **{"batch_size": 16, "epochs": 60, "patience": 60},
}


def face(bend: float, seed: int) -> np.ndarray:
    """Return a face (32, 32) whose mouth is bent: -1 down, 0 straight, 1 up."""
    random = np.random.default_rng(seed)
    picture = np.full((SIZE, SIZE), random.uniform(90, 160)) + random.normal(0, 4, (SIZE, SIZE))
    for column in range(6, 26):
        away = ((column - 15.5) / 10) ** 2
        row = 22 - round(7 * bend * (away - 0.4))
        picture[row - 1 : row + 2, column] -= 70
    return np.clip(picture, 0, 255).astype(np.uint8)


def still(subject: str, label: int, seed: int) -> Clip:
    """Return a still of a class."""
    frames = ArrayFrames(face(label - 1.0, seed)[None])
    return Clip("toy", subject, f"{subject}_{label}_{seed}", 30.0, frames, CLASSES[label], 1, 1, 1)


def stills(subjects: int, first: int = 0, each: int = 2) -> list[Clip]:
    """Return some stills of each class of so many people."""
    return [
        still(f"s{s:02d}", label, 100 * s + 10 * label + i)
        for s in range(first, first + subjects) for label in range(3) for i in range(each)
    ]  # fmt: skip


def rising(label: int, seed: int, frames: int = 13) -> tuple[Clip, np.ndarray]:
    """Return a clip whose mouth bends and straightens again, and how far it is bent, 0..1, (frames,)."""
    strength = np.sin(np.linspace(0, np.pi, frames))
    pictures = np.stack([face((label - 1.0) * s, seed) for s in strength])
    middle = frames // 2 + 1
    return Clip("toy", "x", f"x_{label}", 30.0, ArrayFrames(pictures), CLASSES[label], 4, middle, frames - 3), strength


def trained(model, context: RunContext):
    """Return a method after a short training on eight people, three others held out."""
    model.fit(stills(8), stills(3, 50), context)
    return model
