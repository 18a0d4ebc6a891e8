"""What is kept of a spotting: what lies in frames with a face.

Conventions
-----------
No expression is seen where no face is, and none goes on over a cut of the scene or a change of person. So whatever a
method says, each interval is cut to the one stretch (see `Presence`) that holds most of its frames, the earlier of two
equal ones. It is dropped where that is less than `LEAST` of it, since so little of a movement does not tell what it
was; one that a moment without a face parts in its middle keeps its longer half. In frames without a face the scores are
0, or the lowest of the video where that is below 0. All of this is mebench's choice: nobody has published any.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.methods.base import RunContext
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.schema.presence import Presence
from mebench.schema.recordings import Video

LEAST = 1 / 3
"""Share of an interval that must lie in one stretch."""


@dataclasses.dataclass(frozen=True)
class KeptSpotting(Spotting):
    """A spotting that keeps to the frames with a face.

    Attributes
    ----------
    presence : where the method saw the face; None for a method that does not look at faces.
    """

    presence: Presence | None = None


def in_sight(model: Spotter, video: Video, spotting: Spotting, context: RunContext) -> KeptSpotting:
    """Return what is kept of what a model says about one video.

    Parameters
    ----------
    spotting : keeps what `Spotting` promises, see `spotting.checked`.

    Raises
    ------
    UserError : when the face cannot be looked for.
    """
    presence = presence_for(model, video, context)
    if presence is None:
        return KeptSpotting(spotting.intervals, spotting.scores, spotting.raw, spotting.raw_thresholds)
    intervals = intervals_in_sight(spotting.intervals, presence)
    scores = scores_in_sight(spotting.scores, presence.found)
    raw = None if spotting.raw is None else raw_in_sight(spotting.raw, presence.found)
    return KeptSpotting(intervals, scores, raw, spotting.raw_thresholds, presence)


def presence_for(model: Spotter, video: Video, context: RunContext) -> Presence | None:
    """Return where a model sees the face of a video; None when it does not look at faces."""
    if not looks_at_faces(model):
        return None
    return model.presence(video, context).fitted(video.n_frames)


def looks_at_faces(method: Spotter | type[Spotter]) -> bool:
    """Tell whether what a method says counts in frames with a face alone."""
    return method.looks_at_faces and method.reads_frames and not method.needs_truth


def intervals_in_sight(intervals: tuple[SpottedInterval, ...], presence: Presence) -> tuple[SpottedInterval, ...]:
    """Return intervals cut to the stretch that holds most of each; what loses too much is dropped."""
    cut = tuple(_in_one_stretch(interval, presence.stretch) for interval in intervals)
    if cut == tuple(intervals):
        return tuple(intervals)
    kept = [interval for interval in cut if interval is not None]
    return tuple(sorted(kept, key=lambda i: (i.onset, i.offset, i.type)))


def _in_one_stretch(interval: SpottedInterval, stretch: NDArray[np.int64]) -> SpottedInterval | None:
    inside = stretch[interval.onset - 1 : interval.offset]
    counts = np.bincount(inside)
    counts[0] = 0
    most = int(counts.argmax())
    if counts[most] < LEAST * (interval.offset - interval.onset + 1):
        return None
    places = np.flatnonzero(inside == most)
    onset, offset = interval.onset + int(places[0]), interval.onset + int(places[-1])
    return interval if counts[most] == len(inside) else dataclasses.replace(interval, onset=onset, offset=offset)


def scores_in_sight(scores: NDArray[np.float32], found: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return scores that say nothing where no face is; the same array where there is one everywhere."""
    if found.all():
        return scores
    lowest = np.minimum(scores[found].min(axis=0, initial=0.0), np.float32(0))
    return np.where(found[:, None], scores, lowest).astype(np.float32)


def raw_in_sight(raw: NDArray[np.float32], found: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return raw scores that are 0 where no face is; metrics leave those frames out."""
    return np.where(found[:, None], raw, np.float32(0)).astype(np.float32)
