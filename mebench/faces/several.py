"""Several faces in one video: which is which in some frames of it, and which one is followed.

Conventions
-----------
A *track* is one place in the picture that a face has through the video. Faces compete only where they are seen
together: whoever appears after a cut takes the place of the one who is gone. Tracks are ordered by importance, the sum
over frames of a face's width, less towards the edges of the frame: a face counts by its size, its place and how long
it stays. Number 1 is followed unless another is asked for.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

from mebench.errors import UserError
from mebench.faces.landmarks.base import Face

_NEAR = 0.75  # widths of a face that it may move from one looked-at frame to the next
_GROWS = 1.6
_OFTEN = 0.25  # of the frames with a face, below which a second face is a mistake of the detector


@dataclasses.dataclass(frozen=True, eq=False)
class Track:
    """One face through the frames that were looked at.

    Attributes
    ----------
    faces : the face by the index of the frame.
    share : part of the looked-at frames that it was seen in.
    """

    faces: Mapping[int, Face]
    share: float

    @property
    def middle(self) -> tuple[float, float]:
        """Median place of the middle of its box, x and y in px."""
        boxes = [face.box for face in self.faces.values()]
        return _median([b[0] + b[2] / 2 for b in boxes]), _median([b[1] + b[3] / 2 for b in boxes])

    @property
    def width(self) -> float:
        """Median width of its box in px."""
        return _median([face.box[2] for face in self.faces.values()])

    def describe(self) -> str:
        """Return where the face is, for a message."""
        x, y = self.middle
        return f"{self.width:.0f} px wide at ({x:.0f}, {y:.0f})"


def tracks_of(seen: Mapping[int, Sequence[Face]], shape: tuple[int, ...]) -> list[Track]:
    """Return the tracks of the faces seen in some frames, the most important first.

    Parameters
    ----------
    seen : all faces by the index of the frame; frames without one may be there.
    shape : height and width of the frames.
    """
    tracks: list[dict[int, Face]] = []
    for index in sorted(seen):
        for track, face in _assigned(tracks, seen[index]):
            track[index] = face
            if not any(track is known for known in tracks):
                tracks.append(track)
    with_face = sum(bool(faces) for faces in seen.values())
    tracks.sort(key=lambda track: -sum(_importance(face, shape) for face in track.values()))
    kept = [t for i, t in enumerate(tracks) if i == 0 or (len(t) > 1 and len(t) >= _OFTEN * with_face)]
    return [Track(track, len(track) / len(seen)) for track in kept]


class ChosenFace:
    """Tells the face that is followed from the others, in any frame.

    Parameters
    ----------
    tracks : all tracks, the most important first.
    number : which one is followed, from 1.

    Raises
    ------
    UserError : when there is no track of that number; the message says where those are that there are.
    """

    def __init__(self, tracks: Sequence[Track], number: int) -> None:
        if not 1 <= number <= len(tracks):
            there = "; ".join(f"{i} is {track.describe()}" for i, track in enumerate(tracks, 1))
            count = "one face" if len(tracks) == 1 else f"{len(tracks)} faces"
            raise UserError(f"face={number} asks for a face that is not there: the video has {count} ({there}).")
        self.track = tracks[number - 1]
        self._others = [track for i, track in enumerate(tracks, 1) if i != number]
        self._first = number == 1

    def among(self, faces: Sequence[Face], index: int) -> Face | None:
        """Return the followed one of the faces of a frame, None when those are others.

        A face belongs to the track that was nearest, in the looked-at frame nearest in time. One that is near none is
        taken for a newcomer, and followed instead of face 1.
        """
        if not self._others:
            return faces[0] if faces else None
        own, others = _at(self.track, index), [_at(track, index) for track in self._others]
        mine = [face for face in faces if _distance(own, face) <= min(_distance(other, face) for other in others)]
        near = [face for face in mine if same_place(own, face)]
        if near:
            return min(near, key=lambda face: _distance(own, face))
        strangers = [face for face in faces if not any(same_place(other, face) for other in others)]
        return strangers[0] if strangers and self._first else None


def same_place(one: Face, other: Face) -> bool:
    """Tell whether two faces are about as large and in about the same place."""
    return _distance(one, other) < _NEAR and 1 / _GROWS < other.box[2] / one.box[2] < _GROWS


def _assigned(tracks: Sequence[dict[int, Face]], faces: Sequence[Face]) -> list[tuple[dict[int, Face], Face]]:
    """Give each face of a frame to a track: to the nearest in place, else to one that is free, else to a new one."""
    last = [track[max(track)] for track in tracks]
    every = itertools.product(enumerate(last), enumerate(faces))
    pairs = sorted((_distance(b, face), t, f) for (t, b), (f, face) in every if same_place(b, face))
    of: dict[int, int] = {}
    for _, t, f in pairs:
        if f not in of and t not in of.values():
            of[f] = t
    free = [t for t in range(len(tracks)) if t not in of.values()]
    for f in range(len(faces)):
        if f not in of and free:
            of[f] = free.pop(0)
    return [(tracks[of[f]] if f in of else {}, face) for f, face in enumerate(faces)]


def _distance(one: Face, other: Face) -> float:
    """Return how far the eyes of two faces are apart, in widths of the first."""
    return float(abs(one.eyes.mean() - other.eyes.mean())) / one.box[2]


def _at(track: Track, index: int) -> Face:
    return track.faces[min(track.faces, key=lambda known: abs(known - index))]


def _importance(face: Face, shape: tuple[int, ...]) -> float:
    height, width = shape[:2]
    x, y = face.box[0] + face.box[2] / 2, face.box[1] + face.box[3] / 2
    off = max(abs(2 * x / width - 1), abs(2 * y / height - 1))
    return face.box[2] * (1 - 0.5 * min(off, 1.0))


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return (ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2
