"""Frames laid end to end, each with whether it lies inside a true expression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.conventions.intervals import IntervalRules
from mebench.metrics.intervals import true_offsets, video_index
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth

Ints = NDArray[np.int64]


def scored_events(truth: Truth, rules: IntervalRules) -> tuple[Intervals, Ints]:
    """Return the events that count under the convention, and their last frames."""
    offset, kept = true_offsets(truth.events, rules)
    return truth.events.select(kept), offset[kept]


def frame_labels(truth: Truth, rows: Sequence[int], macro: bool | None, rules: IntervalRules) -> NDArray[np.bool_]:
    """Lay the frames of some videos end to end and mark those inside an event.

    Parameters
    ----------
    rows : which videos of the truth, in the order in which they are laid.
    macro : of which type; None for any.

    Returns
    -------
    Shape (n_frames of all these videos,).
    """
    lengths = truth.videos.n_frames[list(rows)]
    start = np.full(len(truth.videos), -1, np.int64)
    start[list(rows)] = np.cumsum(lengths) - lengths
    labels = np.zeros(int(lengths.sum()), bool)
    events, offset = scored_events(truth, rules)
    if macro is not None:
        of_type = events.is_macro == macro
        events, offset = events.select(of_type), offset[of_type]
    video = video_index(events, truth.videos)
    last = np.minimum(offset, truth.videos.n_frames[video])
    for v, a, b in zip(video.tolist(), events.onset.tolist(), last.tolist(), strict=True):
        if start[v] >= 0 and b >= a:
            labels[start[v] + max(a, 1) - 1 : start[v] + b] = True
    return labels
