"""Random contrast, gamma, gain, rotation and flip of four-frame stacks (thesis 5.4.4, Table 5.4).

Conventions
-----------
Stacks are grey, (n, 4, height, width). Each stack draws one set of values for all of its four frames: what differs
between the frames is then movement alone, and the network learns the differences between frames, not between sets of
frames. That the photometric changes too are drawn per stack is mebench's choice. They act on raw grey levels, before
any contrast normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.methods.spotting.spot3dcnn.config import TrainingConfig

LEVELS = np.arange(256, dtype=np.float64)


def augment(stacks: NDArray[np.uint8], config: TrainingConfig, random: np.random.Generator) -> NDArray[np.float32]:
    """Return changed stacks as float32 grey levels 0..255, of the same shape."""
    out = np.empty(stacks.shape, np.float32)
    for stack, result in zip(stacks, out, strict=True):
        angle = random.uniform(-config.rotation, config.rotation)
        frames = turn(stack, angle, mirrored=random.random() < config.flip)
        ranges = (config.contrast, config.gamma, config.gain)
        contrast, gamma, gain = (random.uniform(low, high) for low, high in ranges)
        curve = tone_curve(contrast, gamma, gain, middle=float(np.mean([cv2.mean(frame)[0] for frame in frames])))
        for frame, changed in zip(frames, result, strict=True):
            cv2.LUT(frame, curve, dst=changed)
    return out


def turn(stack: NDArray[np.uint8], angle: float, *, mirrored: bool) -> Sequence[NDArray[np.uint8]]:
    """Rotate all frames of a stack about their centre, and mirror them left to right.

    Parameters
    ----------
    stack : uint8 (4, height, width).
    angle : degrees, counter-clockwise; borders are filled by reflection.

    Returns
    -------
    The frames, each uint8 (height, width).
    """
    if angle == 0 and not mirrored:
        return list(stack)
    height, width = stack.shape[1:]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    if mirrored:
        matrix[0] = [-matrix[0, 0], -matrix[0, 1], width - 1 - matrix[0, 2]]
    merged = cv2.merge(list(stack))  # one call for four frames is three times as fast as four calls
    turned = cv2.warpAffine(merged, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return cast(Sequence[NDArray[np.uint8]], cv2.split(turned))


def tone_curve(contrast: float, gamma: float, gain: float, middle: float) -> NDArray[np.float32]:
    """Return what each of 256 grey levels becomes: contrast about `middle`, then gain * 255 * (level / 255)^gamma."""
    stretched = np.clip((LEVELS - middle) * contrast + middle, 0, 255) / 255
    return np.clip(gain * 255 * stretched**gamma, 0, 255).astype(np.float32)
