"""The threshold of raw scores: chosen on levelled scores of validation videos, and applied to the raw ones of a video.

Conventions
-----------
Scores are levelled video by video, over its frames with a face (`raw_normalise`). Stretching keeps the order of a
video's scores, so a threshold on the stretched scores is one on the raw scores, of its own for each video:

    raw .2 .3 .6      stretched 0 .25 1      threshold .5 of the stretched scores = .4 of the raw ones
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.methods.spotting.postprocess.smoothing import stretch

Normalise = Literal["range", "none"]


def levelled(scores: NDArray[np.floating], normalise: Normalise) -> NDArray[np.float64]:
    """Return the raw scores of one video, shape (n,), as they are compared with those of other videos."""
    return stretch(scores) if normalise == "range" else np.asarray(scores, np.float64)


def threshold_of_video(scores: NDArray[np.floating], level: float, normalise: Normalise) -> float:
    """Return the raw score from which on a frame of a video is positive.

    Parameters
    ----------
    scores : raw scores of the frames with a face of one video, shape (n,).
    level : threshold of the levelled scores; infinity for never.

    Returns
    -------
    Infinity for never, as for a video whose scores are all the same while the level is above 0.
    """
    if normalise == "none" or math.isinf(level):
        return level
    low, high = (float(scores.min()), float(scores.max())) if scores.size else (0.0, 0.0)
    if high > low:
        return low + level * (high - low)
    return math.inf if level > 0 else -math.inf
