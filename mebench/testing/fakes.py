"""Small recordings with truth, made on the spot: enough for a method to learn and be tested on.

Conventions
-----------
All are of the dataset `conformance`, at 30 frames per second. A video of n frames has a macro-expression of 41 frames
in its first third and a micro-expression of 10 frames in its second; a clip is one expression.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mebench.schema.recordings import Clip, Event, ExpressionType, Video
from mebench.testing.frames import LazyFrames, Reads

DATASET = "conformance"
FPS = 30.0
CLASSES = ("negative", "positive", "surprise")
"""Classes of the clips, where no protocol says others."""

_STRENGTH = {ExpressionType.MACRO: 60.0, ExpressionType.MICRO: 20.0}


def video(subject: str, id: str, n_frames: int, reads: Reads | None = None) -> Video:
    """Return a video with one expression of either type; it has 150 frames or more."""
    shift = sum(map(ord, subject + id)) % 7
    first, second = n_frames // 8 + shift, n_frames // 2 + shift
    events = (
        Event(first, first + 40, ExpressionType.MACRO, first + 20, "happiness", "12"),
        Event(second, second + 9, ExpressionType.MICRO, second + 5, "surprise", "1+2"),
    )
    spans = tuple((event.onset - 1, event.offset - 1, _STRENGTH[event.type]) for event in events)
    frames = LazyFrames(f"{subject}-{id}", n_frames, spans, reads or Reads())
    return Video(DATASET, subject, id, FPS, frames, events, aligned=frames)


def clip(
    subject: str, id: str, emotion: str, n_frames: int = 24, reads: Reads | None = None, database: str = DATASET
) -> Clip:
    """Return a clip of one expression, from its second frame to its last but one."""
    frames = LazyFrames(f"{subject}-{id}-{emotion}", n_frames, ((1, n_frames - 2, 40.0),), reads or Reads())
    apex = (n_frames + 1) // 2
    return Clip(
        DATASET, subject, id, FPS, frames, emotion, 2, apex, n_frames - 1, "12", aligned=frames, database=database
    )


def videos(subjects: Sequence[str], n_frames: int, reads: Reads | None = None) -> tuple[Video, ...]:
    """Return one video of each subject."""
    return tuple(video(subject, "v1", n_frames, reads) for subject in subjects)


def clips(subjects: Sequence[str], classes: Sequence[str] = CLASSES, reads: Reads | None = None) -> tuple[Clip, ...]:
    """Return a clip of every class of each subject."""
    return tuple(
        clip(subject, f"c{number}", label, reads=reads)
        for subject in subjects
        for number, label in enumerate(classes, start=1)
    )


def with_other_truth(recording: Video | Clip) -> Video | Clip:
    """Return a recording with a truth that it never had, to see whether a result changes with it."""
    if isinstance(recording, Video):
        first, kind = recording.n_frames * 3 // 4, ExpressionType.MACRO
        return dataclasses.replace(recording, events=(Event(first, first + 20, kind, first + 9, "disgust", "9"),))
    return dataclasses.replace(recording, emotion="positive", action_units="9+10")
