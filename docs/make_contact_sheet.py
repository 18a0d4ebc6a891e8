"""Write docs/images/faces.png and docs/images/action_units.png: what the synthetic faces look like."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering.faces import render_face

IMAGES = Path(__file__).parent / "images"
UNITS = (1, 2, 4, 6, 9, 12, 15, 25, 26, 45)
NAMES = {
    1: "inner brow raiser", 2: "outer brow raiser", 4: "brow lowerer", 6: "cheek raiser", 9: "nose wrinkler",
    12: "lip corner puller", 15: "lip corner depressor", 25: "lips part", 26: "jaw drop", 45: "blink",
}  # fmt: skip


def crop(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Cut the head out of a 640x480 frame and scale it."""
    return cv2.resize(image[8:472, 146:494], (width, height), interpolation=cv2.INTER_AREA)


def label(image: NDArray[np.uint8], text: str) -> NDArray[np.uint8]:
    """Write a caption under an image."""
    bar = np.full((26, image.shape[1], 3), 255, np.uint8)
    cv2.putText(bar, text, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    return np.vstack([image, bar])


def sheet(tiles: list[NDArray[np.uint8]], columns: int) -> NDArray[np.uint8]:
    """Lay tiles of one size out in rows."""
    return np.vstack([np.hstack(tiles[i : i + columns]) for i in range(0, len(tiles), columns)])


def main() -> None:
    """Write both sheets."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    faces = [crop(render_face(seed, {}), 240, 320) for seed in range(12)]
    cv2.imwrite(str(IMAGES / "faces.png"), sheet(faces, 4))
    seed = 5
    tiles = [label(crop(render_face(seed, {}), 240, 320), "neutral")]
    tiles += [label(crop(render_face(seed, {unit: 5}), 240, 320), f"AU{unit} {NAMES[unit]}") for unit in UNITS]
    tiles.append(label(crop(render_face(seed, {6: 5, 12: 5, 25: 3}), 240, 320), "AU6+12+25"))
    cv2.imwrite(str(IMAGES / "action_units.png"), sheet(tiles, 4))


if __name__ == "__main__":
    main()
