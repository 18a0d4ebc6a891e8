"""Whether a video shows a face that moves at all, or a picture of one."""

from __future__ import annotations

import numpy as np

from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.schema.presence import Presence
from mebench.schema.recordings import FrameSource, Video

_STILL = 0.12  # grey levels, mean over the face, from one frame to the next; cameras came to .2 and more
_NEARLY_ALL = 0.95
_CHUNK = 256


def share_still(faces: FrameSource, presence: Presence) -> float:
    """Return the share of the steps from one aligned face to the next in which nothing moves, 0 without any step."""
    count, steps = len(faces), []
    for start in range(0, count - 1, _CHUNK):
        some = faces.read(start, min(start + _CHUNK + 1, count)).astype(np.int16)
        steps.append(np.abs(np.diff(some, axis=0)).mean(axis=(1, 2)))
    both = presence.found[1:] & presence.found[:-1] & ~presence.begins[1:]
    return float(np.mean(np.concatenate(steps)[both] < _STILL)) if both.any() else 0.0


def still_face(
    video: Video, presence: Presence, cache: FrameCache, config: AlignmentConfig | None = None
) -> tuple[str, ...]:
    """Say that the face hardly moves, so that nothing can be spotted; ready-made faces and tables are believed."""
    if video.aligned is not None or video.action_units_csv is not None:
        return ()
    share = share_still(cache.aligned(video, config), presence)
    if share < _NEARLY_ALL:
        return ()
    return (
        f"The face does not move in {share:.0%} of the frames, like a photograph or a frozen video: "
        "what is spotted is noise of the recording.",
    )
