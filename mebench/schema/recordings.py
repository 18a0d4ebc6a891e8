"""Recordings: long videos, clips and still images, with their truth where known and lazily decoded frames.

Conventions
-----------
A still image is a clip of one frame. Frame *numbers* are the 1-based file numbers of the annotations, inclusive at both
ends. Frame *indices* are 0-based positions in a `FrameSource`; index = number - 1. A source may say more of its frames:

`times` : float64 (n,), when each frame begins, in seconds.
`missing` : numbers of the frames that were lost and show another frame instead.
`first` : what the files call frame 1, where it is not 1.
`notes()` : sentences that whoever uses the frames should know.
"""

from __future__ import annotations

import copy
import dataclasses
import enum
import functools
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mebench.schema.people import Person
from mebench.schema.timing import Timing, missing_before

FEWEST_FPS = 25.0
"""Frames per second below which short micro-expressions have too few frames to be seen."""
HIGHEST_FPS = 10_000.0
"""Frames per second above which a rate is a mistake."""
_SHORT, _LONG = 0.2, 0.5


class ExpressionType(enum.StrEnum):
    """The two kinds of facial expression that spotting tells apart."""

    MICRO = "micro"
    MACRO = "macro"


@runtime_checkable
class FrameSource(Protocol):
    """Frames of one video, decoded only when asked for."""

    @property
    def digest(self) -> str:
        """Hex digest that changes whenever any pixel may have changed; addresses the frame cache."""
        ...

    def __len__(self) -> int:
        """Return the number of frames."""
        ...

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode frames with indices `start <= i < stop`.

        Returns
        -------
        uint8 array of shape (stop - start, height, width) when `grey`, else (stop - start, height, width, 3) in BGR.
        """
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One annotated expression of a video.

    Attributes
    ----------
    onset, offset : first and last frame number (1-based, inclusive); `onset <= offset`.
    apex : frame number of the strongest expression, or None where the annotation has none.
    type : micro- or macro-expression.
    emotion : lower-case emotion label, empty when not annotated.
    action_units : the annotation's own string, such as `4B+7` or `R12+R14`.
    """

    onset: int
    offset: int
    type: ExpressionType
    apex: int | None = None
    emotion: str = ""
    action_units: str = ""

    @property
    def length(self) -> int:
        """Duration in frames, `offset - onset + 1`."""
        return self.offset - self.onset + 1


@dataclasses.dataclass(frozen=True)
class Recording:
    """What was recorded of one subject: the common part of videos and clips.

    Attributes
    ----------
    dataset, subject, id : where the recording comes from; (subject, id) is unique within a dataset.
    fps : frames per second.
    frames : lazy frames.
    aligned : ready-made aligned faces (112x112 grey), such as an OpenFace output folder, or None.
    action_units_csv : path of an OpenFace output table for this recording, or None.
    """

    dataset: str
    subject: str
    id: str
    fps: float
    frames: FrameSource
    aligned: FrameSource | None = dataclasses.field(default=None, kw_only=True)
    action_units_csv: str | None = dataclasses.field(default=None, kw_only=True)

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.frames)

    @functools.cached_property
    def timing(self) -> Timing:
        """When each frame was taken: by the time stamps where the source has some, else by the frame rate."""
        times = getattr(self.frames, "times", None)
        return Timing.constant(self.n_frames, self.fps) if times is None else Timing.of_stamps(times, self.fps)

    @property
    def times(self) -> NDArray[np.float64]:
        """When each frame begins, in seconds; shape (n_frames,)."""
        return self.timing.times

    def seconds(self, onset: int, offset: int) -> tuple[float, float]:
        """Return when frame number `onset` begins and when frame number `offset` ends, in seconds."""
        return self.timing.seconds(onset, offset)

    @property
    def holes(self) -> NDArray[np.int64]:
        """Numbers of the frames before which time is missing, as after a pause of the recording."""
        return np.flatnonzero(missing_before(self.times)) + 1

    @property
    def first(self) -> int:
        """What the files call frame 1."""
        return int(getattr(self.frames, "first", 1))

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the frames that were lost and show another frame instead."""
        return tuple(getattr(self.frames, "missing", ()))

    def notes(self) -> tuple[str, ...]:
        """Return sentences that whoever uses the frames should know."""
        told = getattr(self.frames, "notes", None)
        return (*(told() if callable(told) else ()), *_too_slow(self.fps))

    @property
    def key(self) -> tuple[str, ...]:
        """What names the recording within its dataset, the subject first."""
        return (self.subject, self.id)

    @property
    def person(self) -> Person:
        """Who was recorded."""
        return Person(self.dataset, self.subject)

    def without_truth(self) -> Self:
        """Return the same recording with its truth withheld, as a method under test gets it.

        Its sources of frames are copies, so that nothing which a training has put on them is found there.
        """
        return dataclasses.replace(self, frames=copy.copy(self.frames), aligned=copy.copy(self.aligned))


@dataclasses.dataclass(frozen=True)
class Video(Recording):
    """One long video.

    Attributes
    ----------
    events : the annotated events, sorted by onset; empty when there are none or when the truth is withheld.
    """

    events: tuple[Event, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """The pair (subject, video id)."""
        return (self.subject, self.id)

    def without_truth(self) -> Self:
        """Return the same video with its events withheld."""
        return dataclasses.replace(super().without_truth(), events=())


@dataclasses.dataclass(frozen=True)
class Clip(Recording):
    """One short recording of one expression.

    Attributes
    ----------
    emotion : lower-case label, empty when the truth is withheld.
    onset, apex, offset : frame numbers (1-based, inclusive) within the clip's frames; 0 where not annotated.
    action_units : the annotation's own string, such as `4B+7`.
    database : where several databases make one dataset, the one that the clip is of; else empty.
    """

    emotion: str = ""
    onset: int = 0
    apex: int = 0
    offset: int = 0
    action_units: str = ""
    database: str = dataclasses.field(default="", kw_only=True)

    @property
    def key(self) -> tuple[str, str, str]:
        """The triple (database, subject, clip id); the database may be empty."""
        return (self.database, self.subject, self.id)

    @property
    def person(self) -> Person:
        """Who was recorded: subject 6 of two databases is two people."""
        return Person(self.database or self.dataset, self.subject)

    def without_truth(self) -> Self:
        """Return the same clip without emotion and action units; onset, apex and offset are given to every method."""
        return dataclasses.replace(super().without_truth(), emotion="", action_units="")


def _too_slow(fps: float) -> tuple[str, ...]:
    """Say what cannot be seen at a low frame rate."""
    if fps >= FEWEST_FPS:
        return ()
    return (
        f"At {fps:.4g} frames/s a micro-expression of {_LONG:g} s has {max(round(_LONG * fps), 1)} frames and one of "
        f"{_SHORT:g} s has {max(round(_SHORT * fps), 1)}: short ones cannot be seen, record at {FEWEST_FPS:g} or more.",
    )


def frame_labels(video: Video, kind: ExpressionType) -> NDArray[np.bool_]:
    """Return which frames lie in an event of `kind`.

    Returns
    -------
    Boolean array of shape (n_frames,); True from onset to offset, both inclusive (thesis section 5.4.4).
    """
    labels = np.zeros(video.n_frames, dtype=bool)
    for event in video.events:
        if event.type == kind:
            labels[max(event.onset, 1) - 1 : event.offset] = True
    return labels
