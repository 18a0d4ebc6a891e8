"""Local binary patterns of a volume of frames on the planes XY, XT and YT (Zhao and Pietikainen 2007, sections 3, 4).

Conventions
-----------
A volume has the axes (time, row, column). The neighbours of a pixel lie on an ellipse in a plane: neighbour i at the
angle 2 pi i / P, to the right first and then against the clock, the second axis of the plane upwards; values between
pixels are bilinear. Bit i of a code says that neighbour i is at least as bright as the centre, so that a flat place has
all bits. Every plane has codes for the same pixels: those that have room for the radii on all three axes.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

PLANES: dict[str, tuple[int, int]] = {"xy": (2, 1), "xt": (2, 0), "yt": (1, 0)}
"""The two axes of each plane: along which neighbour 0 lies, and the one at a right angle to it."""
MOST_NEIGHBOURS = 16
_SLACK = 1e-3
"""Grey levels: bilinear values of a flat place are not exact, and must not fall below it."""


@dataclasses.dataclass(frozen=True)
class Neighbourhood:
    """Where the neighbours of a pixel lie.

    Attributes
    ----------
    neighbours : P, 2 to 16.
    radii : px or frames along (time, row, column), whole numbers.
    """

    neighbours: int = 8
    radii: tuple[int, int, int] = (1, 1, 1)

    def offsets(self, plane: str) -> NDArray[np.float64]:
        """Return the place of each neighbour relative to its centre, float64 (P, 3) along (time, row, column)."""
        angle = 2 * np.pi * np.arange(self.neighbours) / self.neighbours
        first, second = PLANES[plane]
        found = np.zeros((self.neighbours, 3))
        found[:, first] = self.radii[first] * np.cos(angle)
        found[:, second] = -self.radii[second] * np.sin(angle)
        return found.round(9)  # the cosine of a right angle is not exactly 0


def codes(volume: NDArray[Any], plane: str, around: Neighbourhood) -> NDArray[np.uint16]:
    """Return the pattern of every pixel that has all its neighbours on all planes.

    Parameters
    ----------
    volume : grey levels (n, height, width) of any type of number.
    plane : `xy`, `xt` or `yt`.

    Returns
    -------
    uint16 (n - 2 r_t, height - 2 r_y, width - 2 r_x), values below 2 ** P.

    Raises
    ------
    ValueError : when no pixel has room for the radii.
    """
    inner = tuple(size - 2 * radius for size, radius in zip(volume.shape, around.radii, strict=True))
    if min(inner) < 1:
        raise ValueError(f"a volume of shape {volume.shape} has no room for the radii {around.radii}")
    grey = volume.astype(np.float32, copy=False)
    centre = _shifted(grey, np.zeros(3), around.radii) - np.float32(_SLACK)
    found = np.zeros(inner, np.uint16)
    for bit, offset in enumerate(around.offsets(plane)):
        found |= (_shifted(grey, offset, around.radii) >= centre).astype(np.uint16) << np.uint16(bit)
    return found


def _shifted(grey: NDArray[np.float32], offset: NDArray[np.float64], radii: tuple[int, ...]) -> NDArray[np.float32]:
    """Return the bilinear values at an offset from every inner pixel."""
    below = np.floor(offset).astype(int)
    share = offset - below
    found: NDArray[np.float32] | None = None
    for corner in itertools.product((0, 1), repeat=3):
        weight = float(np.prod(np.where(corner, share, 1 - share)))
        if weight == 0:
            continue
        starts = below + corner + radii
        part = grey[tuple(slice(s, s + n - 2 * r) for s, n, r in zip(starts.tolist(), grey.shape, radii, strict=True))]
        term = part if weight == 1 else part * np.float32(weight)
        found = term if found is None else found + term
    assert found is not None, "the weights add up to 1"
    return found


@functools.cache
def labels(neighbours: int, uniform: bool) -> NDArray[np.uint16]:
    """Return the label of each code: its own, or one for each uniform pattern and a last one for all others.

    A pattern is uniform when going round it once changes its bits at most twice: P (P - 1) + 2 patterns, so that 8
    neighbours have 59 labels.

    Returns
    -------
    uint16 (2 ** P,), in the order of the codes.
    """
    every = np.arange(2**neighbours)
    if not uniform:
        return every.astype(np.uint16)
    turned = (every >> 1) | ((every & 1) << (neighbours - 1))
    changes = sum(((every ^ turned) >> bit) & 1 for bit in range(neighbours))
    is_uniform = changes <= 2
    return np.where(is_uniform, np.cumsum(is_uniform) - 1, is_uniform.sum()).astype(np.uint16)


def label_count(neighbours: int, uniform: bool) -> int:
    """Return how many labels there are."""
    return neighbours * (neighbours - 1) + 3 if uniform else 2**neighbours
