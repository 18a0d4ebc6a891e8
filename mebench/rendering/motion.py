"""Everything that changes from frame to frame of one video, drawn before the first frame is rendered.

Arrays are small (some 60 numbers a frame), so frame i can be rendered without the frames before it.
"""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import INDEX
from mebench.rendering.distractors import blinks, gaze, mouth_motion
from mebench.rendering.light import LEVELS, light_track
from mebench.rendering.pose import NEUTRAL, sway
from mebench.rendering.schedule import Placed, intensities


@dataclasses.dataclass(frozen=True)
class Motion:
    """Per-frame parameters of a video of n frames.

    Attributes
    ----------
    expression_left, expression_right : (n, 17) intensities of the events alone.
    left, right : (n, 17) intensities as rendered, distractors included.
    pose : (n, 6); gaze : (n, 2); light : (n, 7).
    noise_seed : seeds the sensor noise, together with the frame index.
    """

    expression_left: NDArray[np.float32]
    expression_right: NDArray[np.float32]
    left: NDArray[np.float32]
    right: NDArray[np.float32]
    pose: NDArray[np.float64]
    gaze: NDArray[np.float64]
    light: NDArray[np.float64]
    noise_seed: int

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.pose)

    def cut(self, start: int) -> Self:
        """Return the motion from frame `start` on."""
        arrays = {f.name: getattr(self, f.name)[start:] for f in dataclasses.fields(self) if f.name != "noise_seed"}
        return dataclasses.replace(self, **arrays)


def _stream(seed: tuple[int, ...], name: int) -> np.random.Generator:
    """Every cause has its own random numbers, so switching one off leaves the others as they are."""
    return np.random.default_rng(np.random.SeedSequence([*seed, name]))


def draw_motion(
    seed: tuple[int, ...], placed: list[Placed], n: int, fps: float, *, light: str, distractors: bool
) -> Motion:
    """Draw the motion of one video.

    Parameters
    ----------
    seed : identifies the video.
    light : name in `LEVELS`.
    distractors : whether head, eyes and mouth move on their own.
    """
    left, right = intensities(placed, n)
    extra = np.zeros((n, len(INDEX)), np.float32)
    pose, look = np.tile(NEUTRAL, (n, 1)), np.zeros((n, 2))
    if distractors:
        extra += mouth_motion(_stream(seed, 2), n, fps).astype(np.float32)
        extra[:, INDEX[45]] = blinks(_stream(seed, 3), n, fps)
        pose, look = sway(_stream(seed, 4), n, fps), gaze(_stream(seed, 5), n, fps)
    track = light_track(_stream(seed, 6), n, fps, LEVELS[light])
    noise_seed = int(np.random.SeedSequence([*seed, 7]).generate_state(1)[0])
    return Motion(left, right, _sum(left, extra), _sum(right, extra), pose, look, track, noise_seed)


def _sum(units: NDArray[np.float32], extra: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add unlabelled intensities; multiples of 1/64, so that sums of fields are exact."""
    return (np.round(np.clip(units + extra, 0, 5) * 64) / 64).astype(np.float32)
