"""Pictures of a video's face at some frames, for a page to show."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.faces.geometry import SIZE, Pose
from mebench.schema.recordings import Video

SIDE = 112
"""Width and height of a picture, in px."""
_AROUND = 1.5
"""Side of what is shown, as a multiple of the aligned face's."""
_QUALITY = 80


def face_pictures(
    video: Video, numbers: Iterable[int], cache: FrameCache, config: AlignmentConfig | None = None
) -> Mapping[int, bytes]:
    """Return a JPEG of the face and its surroundings for each frame number, `SIDE` px wide and high.

    Frames are decoded once, in ascending order. The place of the face is that of its aligned faces in the cache, which
    are made when they are not there; where no face can be aligned, whole frames are shown.

    Parameters
    ----------
    numbers : frame numbers.

    Raises
    ------
    UserError : when a frame cannot be decoded.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    poses = _poses(video, cache, config)
    pictures = {}
    for number in wanted:
        image = video.frames.read(number - 1, number, grey=False)[0]
        pictures[number] = _jpeg(image if poses is None else _around(image, Pose.of_row(poses[number - 1])))
    return pictures


def _poses(video: Video, cache: FrameCache, config: AlignmentConfig | None) -> NDArray[np.float64] | None:
    """Return the place of the face in every frame, None where nothing says it."""
    if video.aligned is not None:
        return None
    with contextlib.suppress(UserError):
        return cache.motion(video, config)
    return None


def _around(image: NDArray[np.uint8], pose: Pose) -> NDArray[np.uint8]:
    """Cut the square around a face out of a frame, moved and shrunk where it would reach beyond the frame."""
    height, width = image.shape[:2]
    side = int(np.clip(round(_AROUND * abs(pose.zoom) * SIZE), 1, min(height, width)))
    left, top = (
        int(np.clip(round(middle - side / 2), 0, most - side))
        for middle, most in ((pose.centre.real, width), (pose.centre.imag, height))
    )
    return image[top : top + side, left : left + side]


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    """Shrink or enlarge a picture to `SIDE`, keeping its shape on a grey ground, and encode it."""
    scale = SIDE / max(image.shape[:2])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small: Any = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes()
