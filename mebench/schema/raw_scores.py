"""What a network says of every frame before anything is smoothed, and from which score on it means yes.

Conventions
-----------
A video has two outputs, micro and macro, or one, for any movement. A frame is *positive* when its score is at or above
the threshold of its output; a threshold of infinity is never reached. Thresholds are in the units of the scores.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, eq=False)
class RawScores:
    """The raw scores of one video.

    Attributes
    ----------
    scores : float32 array of shape (n_frames, 2), columns micro and macro, or (n_frames, 1), movement; 0 where no face
        is.
    thresholds : of each column, chosen without the tested people; None where the method says none.
    found : bool array of shape (n_frames,), in which frames the method saw a face; only those count.
    """

    scores: NDArray[np.float32]
    thresholds: tuple[float, ...] | None
    found: NDArray[np.bool_]


RawByVideo = Mapping[tuple[str, str], RawScores]
"""Raw scores by (subject, video)."""


def problem_of(scores: NDArray[np.floating], thresholds: tuple[float, ...] | None, n_frames: int) -> str:
    """Return what is wrong with the raw scores of a video of so many frames, as `raw scores that ...`; else nothing."""
    if scores.shape not in ((n_frames, 2), (n_frames, 1)):
        return f"raw scores of shape {scores.shape}, neither ({n_frames}, 2) nor ({n_frames}, 1),"
    if not np.isfinite(scores).all():
        return "raw scores that are not finite"
    if thresholds is None:
        return ""
    if len(thresholds) != scores.shape[1]:
        return f"{len(thresholds)} raw thresholds for {scores.shape[1]} columns of raw scores"
    return "a raw threshold that is no number" if np.isnan(thresholds).any() else ""
