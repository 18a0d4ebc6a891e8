"""Where the face of a clip lies: found once, in its onset frame, and the same for all frames.

Conventions
-----------
The methods of the field move all frames of a clip by the transform of the onset frame, so that what moves in the crops
is the face and not the crop. The eyes of the onset frame set place, size and tilt. Where they are not seen there, other
frames of the clip are looked at too, and those with eyes give the place by their median.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.errors import NoFace, UserError
from mebench.faces.cache import FrameCache, content_of_file
from mebench.faces.clip_inputs.views import CropSettings
from mebench.faces.first_look import samples_of
from mebench.faces.geometry import Pose
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.faces.people import common_pose
from mebench.faces.several import ChosenFace, tracks_of
from mebench.schema.recordings import Clip
from mebench.settings import digest_of

PLACE_VERSION = "1"
_MORE = 7  # frames that are looked at where the onset frame does not show the eyes


def first_frame(clip: Clip) -> int:
    """Return the index of the onset frame, the first frame where there is none; see `key_frames` for what is refused.

    Raises
    ------
    UserError : when the clip has no frames or not the one that is annotated.
    """
    return index_of(clip, "onset", clip.onset or 1)


def index_of(clip: Clip, what: str, number: int) -> int:
    """Return the index of an annotated frame number.

    Raises
    ------
    UserError : when the clip has no frames or not the one that is annotated.
    """
    if clip.n_frames == 0:
        raise UserError(f"The clip {clip.id} of {clip.person} has no frames: restore them, or leave it out.")
    if not 1 <= number <= clip.n_frames:
        raise UserError(
            f"The {what} {number} of the clip {clip.id} of {clip.person} lies outside its {clip.n_frames} frames: "
            "correct the annotation, in which frames count from 1."
        )
    return number - 1


def place_key(clip: Clip, cache: FrameCache, settings: CropSettings) -> str:
    """Return the address of where a clip's face lies; for whole frames that of the frames."""
    content = cache.content(clip.frames)
    if settings.crop == "whole":
        return digest_of("clip", PLACE_VERSION, content, "whole")
    detector = settings.make_detector()
    finding = [settings.landmarks, detector.version, settings.face, *map(content_of_file, detector.files(clip))]
    absent = list(getattr(clip.frames, "missing", ()))
    return digest_of("clip", PLACE_VERSION, content, "found", first_frame(clip), absent, finding)


def place_of(clip: Clip, cache: FrameCache, settings: CropSettings) -> Pose | None:
    """Return where the aligned face lies in the frames of a clip, None where whole frames are taken.

    Raises
    ------
    NoFace : when no face is found; the message says what to do.
    """
    if settings.crop == "whole":
        return None
    row = cache.array(place_key(clip, cache, settings), "place", lambda: _found(clip, settings))
    return Pose.of_row(row)


def _found(clip: Clip, settings: CropSettings) -> NDArray[np.float64]:
    detector = settings.make_detector().of_recording(clip)
    onset = first_frame(clip)
    images, faces = _seen(clip, detector, [onset])
    if not any(face.eyes_found for found in faces.values() for face in found):
        more = np.unique(np.linspace(0, clip.n_frames - 1, _MORE).round().astype(int))
        others, their_faces = _seen(clip, detector, [int(i) for i in more if i != onset])
        images, faces = {**images, **others}, {**faces, **their_faces}
    if not any(faces.values()):
        raise NoFace(_no_face(clip, images[onset].shape, settings.landmarks))
    shape = images[onset].shape
    chosen = ChosenFace(tracks_of({i: found for i, found in faces.items() if found}, shape), settings.face)
    return np.array(common_pose(samples_of(images, chosen.track.faces)).row())


def _seen(
    clip: Clip, detector: LandmarkDetector, indices: list[int]
) -> tuple[dict[int, NDArray[np.uint8]], dict[int, list[Face]]]:
    """Return frames, grey, with the faces in them; those that the detector is not sure of are left out of several."""
    images = {i: clip.frames.read(i, i + 1)[0] for i in indices}
    faces = {}
    for i, image in images.items():
        found = list(detector.find(image, i))
        sure = [face for face in found if face.eyes_found or detector.sure(image, face)]
        faces[i] = sure or found[:1]
    return images, faces


def _no_face(clip: Clip, shape: tuple[int, ...], landmarks: str) -> str:
    others = [text for text in ("landmarks=dlib68", "landmarks=yunet,yunet_model=FILE") if landmarks not in text]
    return (
        f"No face was found in the clip {clip.id} of {clip.person}, whose frames have {shape[1]}x{shape[0]} px: set "
        f"crop=whole for frames that are cropped to the face already, or another detector ({' or '.join(others)})."
    )
