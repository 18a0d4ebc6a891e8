"""Head pose: sway, roll and small rotations out of the plane.

A pose is six numbers a frame: tx, ty (IPD), roll (radians), scale, yaw and pitch (radians).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TX, TY, ROLL, SCALE, YAW, PITCH = range(6)
NEUTRAL = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
# The head rolls about the neck, this far under the eyes.
PIVOT_Y = 1.6


def forward(pose: Array, ipd: float, cx: float, cy: float) -> Array:
    """Return the (2, 3) affine map from the unmoved head to the frame, in pixels."""
    c, s = pose[SCALE] * np.cos(pose[ROLL]), pose[SCALE] * np.sin(pose[ROLL])
    linear = np.array([[c, -s], [s, c]])
    pivot = np.array([cx, cy + PIVOT_Y * ipd])
    offset = pivot + np.array([pose[TX], pose[TY]]) * ipd - linear @ pivot
    return np.column_stack([linear, offset])


def invert(affine: Array) -> Array:
    """Invert a (2, 3) affine map."""
    linear = np.linalg.inv(affine[:, :2])
    return np.column_stack([linear, -linear @ affine[:, 2]])


def sway(rng: np.random.Generator, n: int, fps: float, amount: float = 1.0) -> Array:
    """Draw the slow involuntary movement of a head: below .1 IPD, 3 degrees and 1 Hz.

    Returns
    -------
    (n, 6) poses.
    """
    t = np.arange(n) / fps
    limits = amount * np.array([0.055, 0.045, np.radians(1.8), 0.012, np.radians(1.8), np.radians(1.8)])
    poses = np.tile(NEUTRAL, (n, 1))
    for axis, limit in enumerate(limits):
        frequencies = np.array([0.05, 0.12, 0.23, 0.45]) * rng.uniform(0.7, 1.4, 4)
        amplitudes = np.array([0.5, 0.3, 0.15, 0.06]) * rng.uniform(0.4, 1.0, 4) * limit
        phases = rng.uniform(0, 2 * np.pi, 4)
        poses[:, axis] += np.sin(2 * np.pi * frequencies * t[:, None] + phases) @ amplitudes
    return np.round(poses, 6)
