"""The 68 landmarks of a face in its aligned picture, for methods that look at parts of a face.

Conventions
-----------
Points are those of `landmarks.base`, in px of the 112x112 aligned face. An aligned face keeps its eyes in one place, so
one set of points serves a whole video, as in the papers, which look for them in its first frame. Here it is the median
over a few frames, each brought to the place of its own eyes.

A detector without points gives the eyes, and everything else follows from them: `STAND_IN` is a neutral, frontal face
of usual proportions, in distances between the eyes. That is mebench's choice; brows and mouth of a person lie a few px
beside it, for which the regions that methods cut out have room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.geometry import EYES
from mebench.faces.landmarks.base import LandmarkDetector
from mebench.frames.store import FrameStore
from mebench.schema.presence import Presence
from mebench.schema.recordings import Recording

Points = NDArray[np.float64]

SAMPLES = 7
"""Frames, spread over a video, in which points are looked for."""

_JAW = [(-1.12, 0.0), (-1.1, 0.3), (-1.05, 0.6), (-0.97, 0.9), (-0.84, 1.2), (-0.65, 1.46), (-0.44, 1.66), (-0.22, 1.8)]
_BROW = [(-0.88, -0.34), (-0.72, -0.43), (-0.54, -0.43), (-0.36, -0.4), (-0.19, -0.34)]
_NOSE = [(0.0, -0.04), (0.0, 0.18), (0.0, 0.4), (0.0, 0.6)]
_BASE = [(-0.23, 0.71), (-0.12, 0.75)]
_EYE = [(-0.74, 0.01), (-0.6, -0.08), (-0.42, -0.07), (-0.27, 0.03), (-0.42, 0.07), (-0.6, 0.07)]
_LIPS = [(-0.42, 1.1), (-0.26, 1.03), (-0.1, 0.99)]
_BELOW = [(-0.11, 1.26), (-0.26, 1.21)]
_INNER = [(-0.36, 1.1), (-0.15, 1.09)]

_Place = tuple[float, float]


def _mirrored(places: list[_Place]) -> list[_Place]:
    return [(-x, y) for x, y in places[::-1]]


def _stand_in() -> Points:
    """Return the 68 points of the stand-in, (68, 2), in distances between the eyes about the middle between them."""
    eye = _mirrored(_EYE)  # its inner corner first, then over the top, as the image-left one its outer corner
    right = [eye[2], eye[3], eye[4], eye[5], eye[0], eye[1]]
    upper = [*_LIPS, (0.0, 1.02), *_mirrored(_LIPS)]
    lower = [*_mirrored(_BELOW), (0.0, 1.28), *_BELOW]
    inner = [*_INNER, (0.0, 1.1), *_mirrored(_INNER), (0.15, 1.12), (0.0, 1.13), (-0.15, 1.12)]
    nose = [*_NOSE, *_BASE, (0.0, 0.77), *_mirrored(_BASE)]
    places = [*_JAW, (0.0, 1.85), *_mirrored(_JAW), *_BROW, *_mirrored(_BROW), *nose, *_EYE, *right]
    return np.array([*places, *upper, *lower, *inner])


def _in_aligned(points: NDArray[np.complex128], eyes: NDArray[np.complex128]) -> Points:
    """Return complex points in aligned px, where their eyes lie at those of the aligned face; (n, 2)."""
    left, right = (complex(*eye) for eye in EYES)
    moved = (points - eyes[0]) / (eyes[1] - eyes[0]) * (right - left) + left
    return np.stack([moved.real, moved.imag], axis=1)


def _of(points: Points) -> NDArray[np.complex128]:
    return np.asarray(points[:, 0] + 1j * points[:, 1], np.complex128)


STAND_IN: Points = _in_aligned(_of(_stand_in()), np.array([-0.5, 0.5], np.complex128))
"""Points of a face of usual proportions, (68, 2), in aligned px."""


def face_points(recording: Recording, config: AlignmentConfig | None, presence: Presence) -> Points:
    """Return the 68 points of a recording's face in its aligned frames, float64 (68, 2).

    Parameters
    ----------
    config : how its faces are aligned; its detector gives the points where it has some.
    presence : where the face was found; points are looked for there.

    Raises
    ------
    UserError : when a detector that has points finds none, or lacks a file or package.
    """
    detector = (config or AlignmentConfig()).make_detector()
    if not detector.has_points:
        return STAND_IN
    found = _found(recording, detector.of_recording(recording), presence)
    if not found:
        raise UserError(
            f"{detector.id} finds no landmarks in {recording.subject}/{recording.id}: give landmarks=cascade, which "
            "takes the usual proportions of a face."
        )
    return np.asarray(np.median(found, axis=0))


def kept_points(
    recording: Recording, config: AlignmentConfig | None, presence: Presence, store: FrameStore, key: str
) -> Points:
    """Return `face_points`, looked for once.

    Parameters
    ----------
    store, key : where the aligned faces of the recording lie, and their digest.

    Raises
    ------
    UserError : as in `face_points`.
    """
    name = f"face_points-{(config or AlignmentConfig()).landmarks}"
    return store.array(key, name, lambda: face_points(recording, config, presence))


def _found(recording: Recording, detector: LandmarkDetector, presence: Presence) -> list[Points]:
    """Return the points of those sampled frames in which the detector sees some."""
    seen = np.flatnonzero(presence.found[: recording.n_frames])
    places = np.unique(seen[np.linspace(0, len(seen) - 1, SAMPLES).round().astype(int)]) if len(seen) else seen
    found: list[Points] = []
    for place in map(int, places):
        image = recording.frames.read(place, place + 1)[0]
        faces = [face for face in detector.find(image, place) if face.points is not None]
        if faces and faces[0].points is not None:
            found.append(_in_aligned(_of(faces[0].points), faces[0].eyes))
    return found
