"""From what is said of each frame to the label of a video: declared rules, for methods that look at single frames.

Conventions
-----------
The thesis (chapter 7) classifies frames by two networks and tabulates accuracies of videos; how a video gets its label
it does not say. Both rules here are mebench's choice. Raw outputs are used as they are: nothing is smoothed, no frame
is left out, and "neutral" is an answer like any other, so a video that is mostly neutral is said to be neutral.

    frame        1     2     3     4            mean            vote
    negative    .9    .1    .1    .0            .275            1 of 4
    neutral     .1    .6    .6    .4            .425            2 of 4
    positive    .0    .3    .3    .6            .300            1 of 4

A regression has one output a frame, 0 for negative, .5 for neutral, 1 for positive. `mean` asks in which third the mean
output lies, `vote` in which third most outputs lie; below 1/3 is negative and above 2/3 positive, so that 1/3 and 2/3
are neutral. An output outside 0 to 1 is of the nearest end.

"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.settings import setting

Floats = NDArray[np.float64]
Rule = Literal["mean", "vote"]

LEVELS = 3
"""Classes that a regression tells apart, in the order of its outputs: negative, neutral, positive."""
_ROUNDING = 1e-9


@dataclasses.dataclass(frozen=True)
class VideoLabelSettings:
    """Setting of a method that looks at single frames; a `Config` derives from it."""

    video_rule: Literal["mean", "vote"] = setting(
        "mean", "how a video gets its label: by the mean of what is said of its frames, or by what most of them are"
    )


def label_of_frames(probabilities: NDArray[np.floating[Any]], rule: Rule = "mean") -> Floats:
    """Return the probability of each class for a video.

    Parameters
    ----------
    probabilities : of each frame, shape (n_frames, n_classes); at least one frame, rows add up to 1.
    rule : `mean` of the rows, or the share of frames whose most probable class it is, the first of equal ones.

    Returns
    -------
    Shape (n_classes,); adds up to 1.

    Raises
    ------
    ValueError : for another shape, or no frame.
    """
    rows = np.asarray(probabilities, np.float64)
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"the frames' probabilities have shape {rows.shape}, not (n_frames, n_classes)")
    if rule == "mean":
        mean: Floats = rows.mean(axis=0)
        return mean / mean.sum()
    return _shares(np.argmax(rows, axis=1), rows.shape[1])


def label_of_outputs(outputs: NDArray[np.floating[Any]], rule: Rule = "mean") -> Floats:
    """Return 1 for the class of a video and 0 for the others, or shares of frames, of one output a frame.

    Parameters
    ----------
    outputs : of a regression with the targets 0, .5 and 1, shape (n_frames,); at least one.
    rule : `mean` takes the third of the mean output, `vote` gives the share of frames in each third.

    Returns
    -------
    Shape (3,), negative, neutral, positive; adds up to 1.

    Raises
    ------
    ValueError : for another shape, or no frame.
    """
    values = np.asarray(outputs, np.float64)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"the frames' outputs have shape {values.shape}, not (n_frames,)")
    return _shares(third_of(values.mean(keepdims=True) if rule == "mean" else values), LEVELS)


def third_of(outputs: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Return 0, 1 or 2 for outputs below 1/3, from 1/3 to 2/3, and above 2/3; of any shape."""
    values = np.asarray(outputs, np.float64)
    # Means of thirds miss the bounds by rounding.
    return (values >= 1 / 3 - _ROUNDING).astype(np.int64) + (values > 2 / 3 + _ROUNDING)


def _shares(classes: NDArray[np.int64], count: int) -> Floats:
    return np.bincount(classes, minlength=count).astype(np.float64) / len(classes)
