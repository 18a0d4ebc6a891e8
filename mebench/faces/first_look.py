"""The first look at a video: faces in a few frames spread over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.errors import NoFace
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.faces.people import Sample
from mebench.schema.recordings import FrameSource

_LOOK_MORE = 4  # times as many frames are looked at where the first ones have no face
_BLACK = 32


def look_for_faces(
    frames: FrameSource, absent: Collection[int], detector: LandmarkDetector, count: int
) -> tuple[Mapping[int, NDArray[np.uint8]], Mapping[int, Sequence[Face]]]:
    """Look for faces in some frames, in more of them when the first have none.

    Parameters
    ----------
    absent : indices of frames that are missing, which are not looked at.
    count : how many frames are looked at first.

    Returns
    -------
    The frames, grey, and all faces in each of them, by index. Faces that the detector is not sure of are left out
    where there are others.

    Raises
    ------
    NoFace : when none of the frames has a face.
    """
    for wanted in (count, count * _LOOK_MORE):
        images = _spread(frames, absent, wanted)
        found = {index: detector.find(image, index) for index, image in images.items()}
        if any(found.values()):
            sure = {i: [f for f in faces if f.eyes_found or detector.sure(images[i], f)] for i, faces in found.items()}
            return images, sure if any(sure.values()) else found
        if len(images) < wanted:
            break
    raise NoFace(_no_face(images.values(), detector.id))


def samples_of(images: Mapping[int, NDArray[np.uint8]], faces: Mapping[int, Face]) -> list[Sample]:
    """Return the frames with the followed face; those whose eyes were not seen are left out if they are few."""
    samples = [Sample(images[i], i, faces[i]) for i in sorted(faces)]
    seen = [sample for sample in samples if sample.face.eyes_found]
    return seen if len(seen) * 2 >= len(samples) else samples


def _spread(frames: FrameSource, absent: Collection[int], count: int) -> dict[int, NDArray[np.uint8]]:
    there = [i for i in range(len(frames)) if i not in absent] or list(range(len(frames)))
    if not there:
        return {}
    indices = np.array(there)[np.unique(np.linspace(0, len(there) - 1, count).round().astype(np.int64))]
    look = getattr(frames, "sample", None)
    images = look(indices) if look is not None else [frames.read(int(i), int(i) + 1)[0] for i in indices]
    return {int(index): image for index, image in zip(indices, images, strict=True)}


def _no_face(images: Iterable[NDArray[np.uint8]], detector: str) -> str:
    """Say that there is no face, and why that may be."""
    images = list(images)
    brightest = max((int(image.max()) for image in images), default=_BLACK)
    if brightest < _BLACK:
        return (
            f"No face was found, for the frames are nearly black (no pixel above {brightest} of 255): pictures of 10 "
            "or 12 bits stored in 16 are read so; convert them to 8 bits."
        )
    others = [text for text in ("landmarks=dlib68", "landmarks=yunet,yunet_model=FILE") if detector not in text]
    return (
        f"No face was found in {_frames(len(images))}: give frontal faces at least an eighth of "
        f"the frame high, or another detector as a setting of the method ({' or '.join(others)})."
    )


def _frames(count: int) -> str:
    return "the only frame of the video" if count == 1 else f"{count} frames spread over the video"
