"""A picture of the flow from onset to apex: hue tells the direction, brightness the length.

Conventions
-----------
Flow is Farneback's with the published numbers, on the face at the size of the picture. Hue is half the angle in degrees
(0 to the right, 45 down), as OpenCV keeps it, saturation is full, and value runs from 0 to 255 between the shortest and
the longest vector of the picture: how far a face moves in all is thus not seen, and a weak and a strong expression look
alike.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs.crops import face_at, faces_key
from mebench.faces.clip_inputs.key_frames import key_frames
from mebench.faces.clip_inputs.views import FaceView
from mebench.faces.flow import FlowConfig, flow
from mebench.schema.recordings import Clip
from mebench.settings import config_dict, digest_of

FARNEBACK = FlowConfig(pyramid_scale=0.5, levels=1, window=15, iterations=2, neighbourhood=5, sigma=1.1)
"""As in the program of Liu et al. 2019."""
_VERSION = "1"


def flow_image(clip: Clip, cache: FrameCache, view: FaceView) -> NDArray[np.uint8]:
    """Return the picture of a clip, computed once, uint8 (size, size, 3) RGB.

    Raises
    ------
    UserError : when the clip has no frames or no face, or a frame cannot be read.
    """
    keys = key_frames(clip, cache, view)

    def make() -> NDArray[np.uint8]:
        onset, apex = (face_at(clip, cache, view, index) for index in (keys.onset, keys.apex))
        return drawn(flow(onset, apex, FARNEBACK))

    key = digest_of(_VERSION, faces_key(clip, cache, view), keys.onset, keys.apex, config_dict(FARNEBACK))
    return cache.array(key, "flow_image", make)


def drawn(field: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the picture of flow (height, width, 2), RGB; black where nothing moves more than elsewhere."""
    length, angle = cv2.cartToPolar(field[..., 0], field[..., 1], angleInDegrees=True)
    lowest, highest = float(length.min()), float(length.max())
    value = (length - lowest) / (highest - lowest) * 255 if highest > lowest else np.zeros_like(length)
    hue = np.rint(angle / 2) % 180
    hsv = np.stack([hue, np.full_like(length, 255), np.rint(value)], axis=-1).astype(np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)
