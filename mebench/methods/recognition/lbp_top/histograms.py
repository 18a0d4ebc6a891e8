"""Histograms of local binary patterns in blocks of a clip.

Conventions
-----------
The pixels that have a pattern are shared out evenly into blocks along rows, columns and time; neighbours may lie in the
next block. Each block has one histogram for each plane, which adds up to 1. Frames are read a few at a time: how much
memory is taken does not depend on the length of a clip.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.methods.recognition.lbp_top.patterns import PLANES, Neighbourhood, codes, label_count, labels

Read = Callable[[int, int], NDArray[Any]]
"""Returns frames start <= i < stop, (stop - start, height, width)."""
CHUNK = 16
"""Frames whose patterns are found at once."""


@dataclasses.dataclass(frozen=True)
class Blocks:
    """How many blocks a clip is parted into, along time, rows and columns."""

    times: int = 2
    rows: int = 4
    columns: int = 4

    @property
    def shape(self) -> tuple[int, int, int]:
        """Blocks along (time, row, column)."""
        return (self.times, self.rows, self.columns)


def histograms(
    read: Read, n_frames: int, around: Neighbourhood, blocks: Blocks, *, uniform: bool = True, chunk: int = CHUNK
) -> NDArray[np.float32]:
    """Return the histogram of every block and plane.

    Parameters
    ----------
    read, n_frames : the frames of a clip.
    around, blocks : of the patterns.
    uniform : one label for all patterns that are not uniform, see `patterns.labels`.
    chunk : frames whose patterns are found at once.

    Returns
    -------
    float32 (times, rows, columns, planes, labels); the last axis adds up to 1.

    Raises
    ------
    ValueError : when the frames are too few or too small for radii and blocks.
    """
    before = around.radii[0]
    inner = n_frames - 2 * before
    if inner < blocks.times:
        raise ValueError(f"{n_frames} frames are too few for {blocks.times} blocks in time and a radius of {before}")
    count = label_count(around.neighbours, uniform)
    found = np.zeros((*blocks.shape, len(PLANES), count), np.int64)
    for start in range(0, inner, chunk):
        stop = min(start + chunk, inner)
        volume = read(start, stop + 2 * before)
        time = _block_of(inner, blocks.times)[start:stop]
        for number, plane in enumerate(PLANES):
            label = labels(around.neighbours, uniform)[codes(volume, plane, around)]
            found[..., number, :] += _counts(label, time, blocks, count)
    return (found / found.sum(axis=-1, keepdims=True)).astype(np.float32)


def _counts(label: NDArray[np.uint16], time: NDArray[np.int64], blocks: Blocks, count: int) -> NDArray[np.int64]:
    """Return how often each label occurs in each block, (times, rows, columns, labels)."""
    _, height, width = label.shape
    if height < blocks.rows or width < blocks.columns:
        raise ValueError(f"patterns of {width}x{height} px are too few for {blocks.columns}x{blocks.rows} blocks")
    row, column = _block_of(height, blocks.rows), _block_of(width, blocks.columns)
    block = (time[:, None, None] * blocks.rows + row[:, None]) * blocks.columns + column
    size = int(np.prod(blocks.shape)) * count
    return np.bincount((block * count + label).ravel(), minlength=size).reshape(*blocks.shape, count)


def _block_of(size: int, parts: int) -> NDArray[np.int64]:
    """Return to which of so many even parts each place belongs."""
    return np.arange(size, dtype=np.int64) * parts // size
