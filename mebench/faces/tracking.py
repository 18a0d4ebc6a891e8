"""Head motion against a fixed reference picture of the face, so that errors cannot add up over a video.

Conventions
-----------
The tracker works on a 56x56 px picture of the aligned face. Its blocks of 8x8 px each compare themselves with the
reference; brightness and contrast are free in every block, so uneven or drifting light does not read as motion. A
similarity transform is fitted to all blocks at once by Gauss-Newton steps (inverse compositional alignment: Baker and
Matthews, IJCV 2004). What moves unlike the rest of the head - brows, lids, mouth - is recognised by its residual
displacement and loses its weight (Geman-McClure), and the regions that move most start with little weight. What is
trusted most lies at the height of the eyes, between them and at the temples: when the head nods, that is what stays
with the eyes, while the tip of the nose does not.
"""

from __future__ import annotations

import math
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.geometry import SIZE, Crop, Pose, warp

GRID = 56
_BLOCK = 8
_BLOCKS = GRID // _BLOCK
_SCALE = SIZE / GRID  # aligned px per tracker px


def tracking_picture(small: Crop, pose: Pose, blur: float) -> NDArray[np.float32]:
    """Return the smoothed 56x56 float32 picture of the face at `pose` on which the tracker works.

    Parameters
    ----------
    small : the face's surroundings at about the resolution of the tracker, see `tracking_crop`.
    blur : standard deviation of the smoothing, in tracker pixels.
    """
    picture = warp(small, pose, GRID, as_float=True)
    side = 2 * int(2 * blur + 0.5) + 1
    return cast("NDArray[np.float32]", cv2.GaussianBlur(picture, (side, side), blur, borderType=cv2.BORDER_REPLICATE))


def tracking_crop(crop: Crop) -> Crop:
    """Return a crop made for the aligned face at the resolution of the tracker."""
    return crop.shrunk(int(_SCALE))


def pattern_of(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a face looks like whatever the light: its blocks (k, 64) less their means, those inside the face."""
    blocks = _blocks(picture)[_INSIDE]
    return cast("NDArray[np.float32]", blocks - blocks.sum(axis=1, keepdims=True) / np.float32(_BLOCK * _BLOCK))


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the correlation of two patterns, in [-1, 1]: above .6 for one face, below .4 for a face and none."""
    scale = math.sqrt(float(np.vdot(one, one)) * float(np.vdot(other, other)))
    return float(np.vdot(one, other)) / scale if scale > 0 else 0.0


class Registered(NamedTuple):
    """Where a face was found.

    Attributes
    ----------
    pose : refined pose.
    likeness : of the picture and the reference, see `likeness`.
    picture : float32 (56, 56), what the tracker saw before its last step, a fraction of a pixel away.
    pattern : what it looks like, see `pattern_of`.
    """

    pose: Pose
    likeness: float
    picture: NDArray[np.float32]
    pattern: NDArray[np.float32]


class Reference:
    """The picture of a face against which all frames of a video are registered.

    Parameters
    ----------
    picture : float32 (56, 56) from `tracking_picture`.
    blur : the smoothing that `picture` has had; more blur catches larger displacements, less blur is more exact.
    tolerance : displacement against the rest of the head, in aligned px, at which a block's weight has fallen to a
        quarter; 1.5 times the median displacement of the trusted blocks where that is more.
    """

    def __init__(self, picture: NDArray[np.float32], *, blur: float = 1.0, tolerance: float = 0.2) -> None:
        self.blur = blur
        self.tolerance = tolerance
        self._pixels = _blocks(picture)
        self.pattern = pattern_of(picture)
        self._prior = _block_prior()
        self._trusted = np.flatnonzero(self._prior > 0.2)
        self._prepare(picture)
        self.weights = self._prior.copy()

    def _prepare(self, picture: NDArray[np.float32]) -> None:
        """Precompute each block's projection of a residual picture onto motion, free of brightness and contrast."""
        gy, gx = (_blocks(cast("NDArray[np.float32]", g) / _SCALE) for g in np.gradient(picture))
        x, y = (_blocks(axis) for axis in _coordinates())
        columns = np.stack([gx * x + gy * y, gy * x - gx * y, gx, gy], axis=-1).astype(np.float64)
        nuisance = np.stack([np.ones_like(self._pixels), self._pixels], axis=-1).astype(np.float64)
        nuisance, _ = np.linalg.qr(nuisance)
        columns -= nuisance @ (nuisance.transpose(0, 2, 1) @ columns)
        gram = columns.transpose(0, 2, 1) @ columns
        self._projection = np.ascontiguousarray(-columns.transpose(0, 2, 1)).astype(np.float32)
        self._gram = (gram + np.diag([1e-6, 1e-6, 1e-9, 1e-9])).reshape(len(gram), 16)
        ridge = 1e-9 + np.median(np.trace(gram[:, 2:, 2:], axis1=1, axis2=2)) * 1e-2
        self._inverse = np.linalg.inv(gram[:, 2:, 2:] + ridge * np.eye(2))
        variance = np.trace(self._inverse, axis1=1, axis2=2)
        self._slack = np.clip(variance / np.median(variance[self._trusted]), 0.5, 8.0)
        x0, y0 = x.mean(axis=1).astype(np.float64), y.mean(axis=1).astype(np.float64)
        zero, one = np.zeros_like(x0), np.ones_like(x0)
        self._model = np.concatenate([np.stack([x0, -y0, one, zero], -1), np.stack([y0, x0, zero, one], -1)])

    def step(self, picture: NDArray[np.float32]) -> Pose:
        """Return the small motion within the aligned face that brings the reference onto `picture`.

        Updates the block weights, which the next call starts from.
        """
        residual = _blocks(picture) - self._pixels
        along = (self._projection @ residual[..., None])[..., 0].astype(np.float64)
        solution = self._solve(along)
        shifts = (self._inverse @ along[:, 2:, None])[..., 0]
        apart = self._model @ solution
        apart = (shifts[:, 0] - apart[: len(shifts)]) ** 2 + (shifts[:, 1] - apart[len(shifts) :]) ** 2
        trusted = (apart / self._slack)[self._trusted]
        median = np.partition(trusted, len(trusted) // 2)[len(trusted) // 2]
        limit = max(self.tolerance**2, 2.25 * float(median)) * self._slack
        self.weights = self._prior * (limit / (limit + apart)) ** 2
        solution = self._solve(along)
        return Pose(complex(1 + solution[0], solution[1]), complex(solution[2], solution[3]))

    def _solve(self, along: NDArray[np.float64]) -> NDArray[np.float64]:
        normal = (self.weights @ self._gram).reshape(4, 4)
        _, solution = cv2.solve(normal, self.weights @ along, flags=cv2.DECOMP_CHOLESKY)
        return cast("NDArray[np.float64]", solution[:, 0])

    def reset(self) -> None:
        """Forget what earlier frames taught about the block weights."""
        self.weights = self._prior.copy()

    def register(self, small: Crop, pose: Pose, *, steps: int, settled: float = 0.25) -> Registered:
        """Refine a pose until a step moves the face by no more than `settled` aligned px.

        The error that a step leaves is a small fraction of its length.
        """
        for _ in range(steps):
            picture = tracking_picture(small, pose, self.blur)
            move = self.step(picture)
            pose = pose.after(move)
            if abs(move.centre) + abs(move.zoom - 1) * SIZE / 4 < settled:
                break
        pattern = pattern_of(picture)
        return Registered(pose, likeness(pattern, self.pattern), picture, pattern)


def _coordinates() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return x and y of every tracker pixel, in aligned px from the middle of the face."""
    axis = ((np.arange(GRID) + 0.5) * _SCALE - SIZE / 2).astype(np.float32)
    x, y = np.meshgrid(axis, axis)
    return x, y


def _blocks(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (49, 64): the pixels of every 8x8 block."""
    split = picture.reshape(_BLOCKS, _BLOCK, _BLOCKS, _BLOCK).transpose(0, 2, 1, 3)
    return split.reshape(_BLOCKS * _BLOCKS, _BLOCK * _BLOCK)


def _block_prior() -> NDArray[np.float64]:
    """Return how far each block is trusted to move with the skull alone: most between the eyes and at the temples."""
    x, y = (axis.astype(np.float64) + SIZE / 2 for axis in _coordinates())
    inside = ((x - 56) / 50) ** 2 + ((y - 48) / 62) ** 2 < 1

    def spot(cx: float, cy: float, rx: float, ry: float) -> NDArray[np.float64]:
        return np.exp(-0.5 * (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2))

    rigid = spot(55.5, 32, 8, 8) + 0.7 * (spot(10, 30, 8, 10) + spot(101, 30, 8, 10))
    moving = sum(
        spot(*m) for m in ((55.5, 86, 22, 14), (33, 29, 9, 6), (78, 29, 9, 6), (33, 17, 13, 5), (78, 17, 13, 5))
    )
    trust = np.where(inside, np.clip(0.25 + 0.75 * rigid - moving, 0.02, 1.0), 0.0)
    return _blocks(trust.astype(np.float32)).mean(axis=1).astype(np.float64)


def _inside_face() -> NDArray[np.int64]:
    """Return the numbers of the blocks that lie in the face for the most part."""
    x, y = (axis.astype(np.float64) + SIZE / 2 for axis in _coordinates())
    face = ((x - 56) / 46) ** 2 + ((y - 52) / 56) ** 2 < 1
    return np.flatnonzero(_blocks(face.astype(np.float32)).mean(axis=1) > 0.5)


_INSIDE = _inside_face()
