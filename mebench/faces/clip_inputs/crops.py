"""Crops of a clip's face, of any size, in grey or colour, from one place for the whole clip.

Conventions
-----------
A crop shows the aligned face of `mebench.faces.geometry`, its eyes level and 45/112 of its side apart, widened by
`margin` on each side, resampled once; beyond the frame its edge is repeated. With `crop=whole` it is the whole frame,
scaled to a square as the field does with clips that are cropped already: it then may be stretched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs.place import place_key, place_of
from mebench.faces.clip_inputs.views import FaceView
from mebench.faces.geometry import SIZE, Pose, crop_face, reduction_for, warp
from mebench.frames.entries import About
from mebench.frames.store import Write
from mebench.frames.stored import StoredFrames
from mebench.schema.recordings import Clip
from mebench.settings import digest_of

CROPS_VERSION = "1"
_CHUNK_BYTES = 4 << 20
_EDGE = 0.02  # of the crop, kept around it for the resampling


def faces_key(clip: Clip, cache: FrameCache, view: FaceView) -> str:
    """Return the address of a clip's faces under a view."""
    widened = 0.0 if view.crop == "whole" else view.margin
    return digest_of(CROPS_VERSION, place_key(clip, cache, view), view.size, view.colour, widened)


def clip_faces(clip: Clip, cache: FrameCache, view: FaceView | None = None) -> StoredFrames:
    """Return the face in every frame of a clip, cut out at one place, preparing them when they are not in the cache.

    Returns
    -------
    uint8 (n, size, size), or (n, size, size, 3) BGR for a view in colour.

    Raises
    ------
    UserError : when the clip has no frames or no face, a frame cannot be read, or the disk is full.
    """
    view = view or FaceView()
    place = place_of(clip, cache, view)

    def make(write: Write) -> Mapping[str, NDArray[Any]]:
        for faces in faces_between(clip, place, view, 0, clip.n_frames):
            write(faces)
        return {}

    return cache.frames(faces_key(clip, cache, view), About.of("faces", clip), clip.frames, make)


def faces_between(clip: Clip, place: Pose | None, view: FaceView, start: int, stop: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the faces of the frames `start <= i < stop`, some at a time: few frames are held, however long the clip."""
    step = 1
    while start < stop:
        frames = clip.frames.read(start, min(start + step, stop), grey=not view.colour)
        yield np.stack([cut(frame, place, view) for frame in frames])
        start += len(frames)
        step = max(1, min(64, _CHUNK_BYTES // frames[0].nbytes))


def face_at(clip: Clip, cache: FrameCache, view: FaceView, index: int) -> NDArray[np.uint8]:
    """Return the face in one frame of a clip; no other frame is decoded but those that the face is found in.

    Parameters
    ----------
    index : of the frame, from 0.

    Returns
    -------
    uint8 (size, size), or (size, size, 3) BGR for a view in colour; the same as in `clip_faces`.

    Raises
    ------
    UserError : as in `clip_faces`.
    """
    place = place_of(clip, cache, view)

    def make() -> NDArray[np.uint8]:
        return cut(clip.frames.read(index, index + 1, grey=not view.colour)[0], place, view)

    return cache.array(digest_of(faces_key(clip, cache, view), index), "face", make)


def cut(frame: NDArray[np.uint8], place: Pose | None, view: FaceView) -> NDArray[np.uint8]:
    """Return the face of a frame, grey or colour, at a place; None scales the whole frame."""
    size = (view.size, view.size)
    if place is None:
        shrinks = min(frame.shape[:2]) > view.size
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(frame, size, interpolation=how), np.uint8)
    shown = Pose(place.zoom * (1 + 2 * view.margin), place.centre)
    reduction = reduction_for(Pose(shown.zoom * SIZE / view.size, shown.centre))
    return np.asarray(warp(crop_face(frame, shown, _EDGE, reduction), shown, view.size), np.uint8)
