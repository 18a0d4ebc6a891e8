"""How long the expressions of a dataset last, and how much of its videos they fill (thesis Table 5.3, Figure 4.6).

Conventions
-----------
Durations are in seconds, counted as the dataset's papers do; see `Dataset.durations`. Two readings of the
*move-to-neutral ratio* are given, because its name says "to neutral" and the text "to the duration of the video"
(thesis 4.2.1): frames in any event over frames in none, and over all frames.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.schema.people import Person
from mebench.schema.recordings import ExpressionType, Video, frame_labels


@dataclasses.dataclass(frozen=True)
class DurationSummary:
    """The durations of one type: how many, and the shortest, mean and longest in seconds; NaN where there are none."""

    count: int
    shortest: float
    mean: float
    longest: float

    @classmethod
    def of(cls, seconds: NDArray[np.float64]) -> DurationSummary:
        """Summarise durations, shape (n,)."""
        if len(seconds) == 0:
            return cls(0, float("nan"), float("nan"), float("nan"))
        return cls(len(seconds), float(seconds.min()), float(seconds.mean()), float(seconds.max()))


@dataclasses.dataclass(frozen=True)
class Movement:
    """How much somebody moves: frames in any event, and all frames."""

    moving: int
    frames: int

    @property
    def to_neutral(self) -> float:
        """Frames in any event over frames in none; infinite where every frame lies in one, NaN without frames."""
        neutral = self.frames - self.moving
        if neutral:
            return self.moving / neutral
        return float("inf") if self.moving else float("nan")

    @property
    def share(self) -> float:
        """Frames in any event over all frames; NaN without frames."""
        return self.moving / self.frames if self.frames else float("nan")

    def __add__(self, other: Movement) -> Movement:
        """Pool two counts."""
        return Movement(self.moving + other.moving, self.frames + other.frames)


def movement_by_person(videos: Sequence[Video]) -> dict[Person, Movement]:
    """Count, for everybody in order, frames in any event and all frames; an event counts where it has frames."""
    found: dict[Person, Movement] = {}
    for video in videos:
        moving = frame_labels(video, ExpressionType.MICRO) | frame_labels(video, ExpressionType.MACRO)
        here = Movement(int(moving.sum()), video.n_frames)
        found[video.person] = found.get(video.person, Movement(0, 0)) + here
    return dict(sorted(found.items()))
