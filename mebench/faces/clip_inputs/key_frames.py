"""Onset, apex and offset of a clip, as indices; an apex that nobody has annotated is spotted.

Conventions
-----------
Frame numbers of a `Clip` count from 1, indices from 0. An onset that is not annotated is the first frame of the clip,
an offset the last one. How an apex is spotted is a setting: `motion` takes the frame whose face has moved most,
`difference` the one whose face differs most, both between onset and offset, see `spotting`; `middle` the frame half way
between onset and offset, as papers do.
"""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
from numpy.typing import NDArray

from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs.crops import face_at, faces_between, faces_key
from mebench.faces.clip_inputs.place import first_frame, index_of, place_of
from mebench.faces.clip_inputs.spotting import SPOTTING_VERSION, strongest
from mebench.faces.clip_inputs.views import ApexSettings, CropSettings, FaceView
from mebench.faces.geometry import SIZE
from mebench.schema.recordings import Clip
from mebench.settings import digest_of

_HOW = {
    "motion": "the frame whose face has moved most",
    "difference": "the frame whose face differs most from those at rest",
    "middle": "the frame half way from onset to offset",
}


@dataclasses.dataclass(frozen=True)
class KeyFrames:
    """Where the expression of a clip lies in its frames.

    Attributes
    ----------
    onset, apex, offset : indices, from 0.
    apex_spotted : whether the apex is spotted, since the annotation has none.
    """

    onset: int
    apex: int
    offset: int
    apex_spotted: bool


def key_frames(clip: Clip, cache: FrameCache, view: CropSettings | None = None) -> KeyFrames:
    """Return onset, apex and offset of a clip; a clip with an annotated apex, or of one frame, is not decoded.

    Parameters
    ----------
    view : says how an apex is spotted, and how the face is found in which it is.

    Raises
    ------
    UserError : when an annotated frame lies outside the clip, or the apex is to be spotted and there is no face.
    """
    onset, offset = first_frame(clip), index_of(clip, "offset", clip.offset or clip.n_frames)
    if clip.apex != 0:
        return KeyFrames(onset, index_of(clip, "apex", clip.apex), offset, False)
    if clip.n_frames == 1:
        return KeyFrames(0, 0, 0, False)
    return KeyFrames(
        onset, _spotted(clip, cache, FaceView.of(view or ApexSettings(), size=SIZE), onset, offset), offset, True
    )


def apex_notes(clip: Clip, settings: CropSettings) -> tuple[str, ...]:
    """Return a sentence on an apex that is spotted, and on an onset that is taken from the first frame.

    A recogniser's `notes` returns them. Where both are annotated, and for a still image, there is nothing to say.
    """
    notes = []
    if clip.onset == 0 and clip.n_frames > 1:
        notes.append("No onset is annotated: the first frame is taken for it.")
    if clip.apex == 0 and clip.n_frames > 1:
        apex = FaceView.of(settings).apex
        notes.append(f"No apex is annotated: {_HOW[apex]} is taken for it (apex={apex}).")
    return tuple(notes)


def onset_face(clip: Clip, cache: FrameCache, view: FaceView | None = None) -> NDArray[np.uint8]:
    """Return the face at the onset, uint8 (size, size) or (size, size, 3) BGR; see `face_at`."""
    return face_at(clip, cache, view or FaceView(), first_frame(clip))


def apex_face(clip: Clip, cache: FrameCache, view: FaceView | None = None) -> NDArray[np.uint8]:
    """Return the face at the apex, uint8 (size, size) or (size, size, 3) BGR; see `face_at` and `key_frames`."""
    view = view or FaceView()
    return face_at(clip, cache, view, key_frames(clip, cache, view).apex)


def _spotted(clip: Clip, cache: FrameCache, view: FaceView, onset: int, offset: int) -> int:
    if view.apex == "middle" or offset - onset < 2:
        return (onset + offset + 1) // 2
    key = digest_of(SPOTTING_VERSION, faces_key(clip, cache, view), onset, offset, view.apex)
    return int(cache.array(key, "apex", lambda: np.array([_strongest(clip, cache, view, onset, offset)]))[0])


def _strongest(clip: Clip, cache: FrameCache, view: FaceView, onset: int, offset: int) -> int:
    """Return the index of the strongest frame between two, which are looked at one by one."""
    place = place_of(clip, cache, view)
    faces = itertools.chain.from_iterable(faces_between(clip, place, view, onset + 1, offset))
    first, last = (face_at(clip, cache, view, index) for index in (onset, offset))
    return onset + strongest(faces, first, last, offset - onset - 1, clip.fps, view)
