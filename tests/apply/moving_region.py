"""Which part of an aligned rendered face an expression moves, from the renderer's own displacement fields."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from mebench.faces.cache import FrameCache
from mebench.faces.geometry import SIZE, Pose
from mebench.rendering.head import head_of
from mebench.rendering.pose import forward
from mebench.rendering.source import SyntheticFrames
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Event, Video


def moving_region(video: Video, event: Event, cache: FrameCache, level: float) -> NDArray[np.bool_]:
    """Return which pixels (112, 112) of the aligned face the expression moves by `level` of its largest displacement.

    Sway of the head, blinks and other unlabelled movements do not count.
    """
    frames = video.frames
    assert isinstance(frames, SyntheticFrames)
    motion, recipe = frames.motion, frames.recipe
    head = head_of(recipe.identity_seed, recipe.width, recipe.height)
    # Another expression may go on meanwhile.
    own = np.isin(ACTION_UNITS, units_of(event))
    left, right = (np.where(own, side, 0) for side in (motion.expression_left, motion.expression_right))
    index = max(range(event.onset - 1, event.offset), key=lambda i: float((left + right)[i].sum()))
    smooth, opening = head.fields.combine(left[index], right[index], 0.0, 0.0)
    total = smooth if opening is None else smooth + opening
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] - (SIZE - 1) / 2
    there = Pose.of_row(cache.motion(video)[index]).to_frame((columns + 1j * rows).ravel())
    affine = forward(motion.pose[index], head.layout.ipd, head.layout.cx, head.layout.cy)
    unmoved = (np.stack([there.real, there.imag], axis=1) - affine[:, 2]) @ np.linalg.inv(affine[:, :2]).T
    length = np.hypot(*head.fields.sample(total, unmoved.reshape(SIZE, SIZE, 2)).transpose(2, 0, 1))
    return np.asarray(length >= level * length.max())


def units_of(event: Event) -> list[int]:
    """Return the numbers of an event's action units."""
    return [int(number) for number in re.findall(r"\d+", event.action_units)]
