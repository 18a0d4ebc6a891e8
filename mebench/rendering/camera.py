"""The camera: sensor noise and JPEG compression.

The frame that anyone sees is the decoded JPEG. Noise comes from a few fixed tiles, laid at a place that only the
video's seed and the frame's index decide, so frames do not depend on the order in which they are read.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np

from mebench.rendering.plane import Pixels

_SLACK = 96
_TILES = 2


@functools.lru_cache(maxsize=4)
def _tiles(width: int, height: int, sigma: float) -> tuple[tuple[Pixels, Pixels], ...]:
    """Return tiles of noise as what to add and what to subtract, a little larger than a frame."""
    rng = np.random.default_rng(np.random.SeedSequence([0xCA, width, height]))
    out = []
    for _ in range(_TILES):
        shape = (height + _SLACK, width + _SLACK)
        shared = rng.standard_normal(shape, dtype=np.float32)[..., None]
        noise = np.rint(sigma * (0.8 * shared + 0.6 * rng.standard_normal((*shape, 3), dtype=np.float32)))
        out.append((np.clip(noise, 0, 255).astype(np.uint8), np.clip(-noise, 0, 255).astype(np.uint8)))
    return tuple(out)


@functools.lru_cache(maxsize=4)
def _grey_tiles(width: int, height: int, sigma: float) -> tuple[tuple[Pixels, Pixels], ...]:
    """Return the tiles of a camera without colour: those of the first channel."""
    pairs = _tiles(width, height, sigma)
    return tuple((np.ascontiguousarray(more[..., 0]), np.ascontiguousarray(less[..., 0])) for more, less in pairs)


class Camera:
    """Adds noise and compresses.

    Parameters
    ----------
    noise : standard deviation of the sensor noise in grey levels.
    quality : JPEG quality, 1-100.
    """

    def __init__(self, width: int, height: int, noise: float, quality: int) -> None:
        self.width, self.height, self.noise = width, height, noise
        self._options = [cv2.IMWRITE_JPEG_QUALITY, quality]

    def expose(self, frame: Pixels, seed: int, index: int) -> Pixels:
        """Return `frame`, BGR or grey, with (in place) the noise of frame `index` of the video with this noise seed."""
        if self.noise <= 0:
            return frame
        draw = np.random.Generator(np.random.Philox(key=seed, counter=index)).integers(0, _SLACK, 3)
        tiles = _tiles if frame.ndim == 3 else _grey_tiles
        more, less = tiles(self.width, self.height, self.noise)[int(draw[2]) % _TILES]
        window = (slice(int(draw[0]), int(draw[0]) + self.height), slice(int(draw[1]), int(draw[1]) + self.width))
        return cv2.subtract(cv2.add(frame, more[window], frame), less[window], frame)

    def compress(self, frame: Pixels) -> bytes:
        """Return the frame as a JPEG file."""
        return cv2.imencode(".jpg", frame, self._options)[1].tobytes()
