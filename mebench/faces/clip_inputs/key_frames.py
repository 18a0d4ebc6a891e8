"""Onset, apex and offset of a clip, as indices; an apex that nobody has annotated is spotted.

Conventions
-----------
Frame numbers of a `Clip` count from 1, indices from 0. An onset that is not annotated is the first frame of the clip,
an offset the last one. How an apex is spotted is a setting: `middle` takes the frame half way between onset and offset;
`difference` the frame whose face differs most from that of the onset, in the mean absolute difference; `motion` the
frame whose face has moved most since the onset, in the mean length of Farneback's flow less its median, which is the
head's. Both leave out the eyes, whose blinks are no apex, wherever the crop tells where they are, and look at the
median of five frames, so that noise in one is none either.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs.crops import cut, face_at, faces_key
from mebench.faces.clip_inputs.place import first_frame, index_of, place_of
from mebench.faces.clip_inputs.views import CropSettings, FaceView
from mebench.faces.flow import flow, magnitude
from mebench.faces.geometry import EYES, SIZE
from mebench.schema.recordings import Clip
from mebench.settings import digest_of

SPOTTING_VERSION = "1"
_HOW = {
    "motion": "the frame whose face has moved most since the onset",
    "difference": "the frame whose face differs most from that of the onset",
    "middle": "the frame half way from onset to offset",
}
_EYE = (15.0, 11.0)  # half width and height of what is left out around an eye, in px of the aligned face
_MEDIAN = 5


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
    """Return onset, apex and offset of a clip; a clip with an annotated apex is not decoded.

    Parameters
    ----------
    view : says how an apex is spotted, and where its face is looked for.

    Raises
    ------
    UserError : when an annotated frame lies outside the clip, or the apex is to be spotted and there is no face.
    """
    onset, offset = first_frame(clip), index_of(clip, "offset", clip.offset or clip.n_frames)
    if clip.apex != 0:
        return KeyFrames(onset, index_of(clip, "apex", clip.apex), offset, False)
    return KeyFrames(onset, _spotted(clip, cache, view or CropSettings(), onset, offset), offset, True)


def apex_notes(clip: Clip, settings: CropSettings) -> tuple[str, ...]:
    """Return a sentence for a clip whose apex is spotted, none for others; a recogniser's `notes` returns it."""
    if clip.apex != 0:
        return ()
    return (f"No apex is annotated: {_HOW[settings.apex]} is taken for it (apex={settings.apex}).",)


def onset_face(clip: Clip, cache: FrameCache, view: FaceView | None = None) -> NDArray[np.uint8]:
    """Return the face at the onset, uint8 (size, size) or (size, size, 3) BGR; see `face_at`."""
    return face_at(clip, cache, view or FaceView(), first_frame(clip))


def apex_face(clip: Clip, cache: FrameCache, view: FaceView | None = None) -> NDArray[np.uint8]:
    """Return the face at the apex, uint8 (size, size) or (size, size, 3) BGR; see `face_at` and `key_frames`."""
    view = view or FaceView()
    return face_at(clip, cache, view, key_frames(clip, cache, view).apex)


def _spotted(clip: Clip, cache: FrameCache, settings: CropSettings, onset: int, offset: int) -> int:
    if settings.apex == "middle" or offset - onset < 2:
        return (onset + offset + 1) // 2
    view = FaceView.of(settings, size=SIZE)
    key = digest_of(SPOTTING_VERSION, faces_key(clip, cache, view), onset, offset, settings.apex)
    return int(cache.array(key, "apex", lambda: np.array([_strongest(clip, cache, view, onset, offset)]))[0])


def _strongest(clip: Clip, cache: FrameCache, view: FaceView, onset: int, offset: int) -> int:
    """Return the index of the strongest frame after the onset; frames are decoded one by one."""
    place = place_of(clip, cache, view)
    first = face_at(clip, cache, view, onset)
    step = 1 if offset > onset else -1
    measure = _MEASURES[view.apex]
    looked_at = without_eyes(view)
    curve = []
    for index in range(onset + step, offset + step, step):
        face = cut(clip.frames.read(index, index + 1)[0], place, view)
        curve.append(measure(first, face, looked_at))
    return onset + step * (1 + int(np.argmax(_smooth(np.array(curve)))))


def without_eyes(view: FaceView) -> NDArray[np.bool_]:
    """Return what of a view is looked at, bool (size, size): all but the eyes, where the crop says where they are."""
    at = (np.arange(view.size) + 0.5) / view.size - 0.5
    if view.crop == "whole":
        return np.ones((view.size, view.size), bool)
    x, y = np.meshgrid(*[at * SIZE * (1 + 2 * view.margin) + (SIZE - 1) / 2] * 2)
    near = [((x - ex) / _EYE[0]) ** 2 + ((y - ey) / _EYE[1]) ** 2 < 1 for ex, ey in EYES]
    return ~(near[0] | near[1])


def _motion(first: NDArray[np.uint8], face: NDArray[np.uint8], looked_at: NDArray[np.bool_]) -> float:
    field = flow(first, face)[looked_at]
    return float(magnitude(field - np.median(field, axis=0).astype(np.float32)).mean())


def _difference(first: NDArray[np.uint8], face: NDArray[np.uint8], looked_at: NDArray[np.bool_]) -> float:
    return float(np.abs(face[looked_at].astype(np.float32) - first[looked_at]).mean())


def _smooth(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the running median of a curve."""
    reach = _MEDIAN // 2
    padded = np.pad(curve, reach, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, _MEDIAN), axis=1)


_MEASURES: dict[str, Callable[[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.bool_]], float]] = {
    "motion": _motion,
    "difference": _difference,
}
