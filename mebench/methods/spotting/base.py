"""What every spotter offers.

Conventions
-----------
Per-frame scores have shape (n_frames, 2) with the columns micro, macro; larger means more certain. Intervals are in
1-based frame numbers, inclusive at both ends. A spotter sees the truth of training and validation videos only: the
videos handed to `spot` have their events withheld, unless the class says `needs_truth` (the `oracle` bound).

What a run keeps of an answer lies in frames with a face: whatever a spotter says, its intervals are cut to one stretch
of `presence` and its scores elsewhere are taken back.
"""

from __future__ import annotations

import abc
import dataclasses
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.methods.base import Method, RunContext
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video

MICRO, MACRO = 0, 1
"""Columns of the per-frame scores."""
BRIDGED = 0.1
"""Longest time in seconds without a face that a signal of one shot is continued over: shorter than any expression."""
Parts = list[tuple[int, int]]
"""Parts of a video as indices `start <= i < stop`."""


def parts_of(presence: Presence, video: Video) -> Parts:
    """Return the parts of a video that a signal is taken in: one shot of one face, lost for `BRIDGED` at most."""
    return presence.parts(round(BRIDGED * video.fps))


@dataclasses.dataclass(frozen=True, slots=True)
class SpottedInterval:
    """One predicted expression: frame numbers (1-based, inclusive), its type, and the method's confidence."""

    onset: int
    offset: int
    type: ExpressionType
    score: float


@dataclasses.dataclass(frozen=True)
class Spotting:
    """What a spotter says about one video.

    Attributes
    ----------
    intervals : predicted expressions, sorted by onset.
    scores : float32 array of shape (n_frames, 2), columns micro and macro.
    raw : what was said of each frame before it was smoothed, shape (n_frames, 2), or (n_frames, 1) of a method that
        knows movement alone; None for a method that has no such scores. It says so of every video or of none.
    raw_thresholds : one for each column of `raw`, chosen without the tested people: a frame is positive from that score
        on; infinity for never, None where there are none.
    """

    intervals: tuple[SpottedInterval, ...]
    scores: NDArray[np.float32]
    raw: NDArray[np.float32] | None = None
    raw_thresholds: tuple[float, ...] | None = None


class Spotter(Method[Video]):
    """A method that finds expression intervals in long videos; one that learns leaves two subjects out by default.

    Class attributes
    ----------------
    looks_at_faces : whether what it says follows from a face in the frames. False for bounds, and for what looks at
        something else: its answers are then kept as they are, wherever a face may be.
    """

    task = "spotting"
    validation: ClassVar[Literal["none", "pair", "held_out"]] = "pair"
    looks_at_faces: ClassVar[bool] = True

    def presence(self, video: Video, context: RunContext) -> Presence:
        """Return where the method sees the face of a video; nothing that it says of other frames is kept.

        The default is that of the frames which `context.aligned(video, self.alignment(video))` gives. A method that
        reads the OpenFace table overrides it; see `RunContext.presence`.
        """
        return context.presence(video, self.alignment(video))

    @abc.abstractmethod
    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Spot one video whose truth is withheld."""
