"""Intervals that reach outside their video: how many there are, and where they are cut.

Conventions
-----------
Frames are 1 to `n_frames`, inclusive. A prediction is often a peak minus and plus k, and annotations have onsets of 0,
so neither is a mistake. What is cut keeps the frames that are in the video; an interval that lies wholly outside ends
before it begins, so that it covers no frame and matches nothing.

    video            1|-------------------|n
    written       |-----|           |---------|   |--|
    clipped           |-|           |-----|          (none)

Metrics
-------
`clipped` : both ends, cut.
`outside_of` : the numbers.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Outside:
    """How many intervals reach outside their video.

    Attributes
    ----------
    before, after : those that begin before frame 1, and those that end after the last frame; one may do both.
    total : those that do either.
    wholly : those that have no frame in the video.
    """

    before: int = 0
    after: int = 0
    total: int = 0
    wholly: int = 0

    def sentence(self, what: str, rule: str) -> str:
        """Return a note, or an empty text where there is none.

        Parameters
        ----------
        what : what they are, in the plural, such as `predictions`.
        rule : the convention's `outside`; empty where no convention is known yet.
        """
        if not self.total:
            return ""
        done = {
            "clip": "they are clipped to it (outside=clip)",
            "keep": "they are compared as they are written (outside=keep)",
        }.get(rule, "the convention's `outside` says whether they are kept or clipped")
        whole = f"; {self.wholly} of them have no frame in it, and count all the same" if self.wholly else ""
        return (
            f"{self.total} {what} reach outside their video ({self.before} begin before frame 1, {self.after} end "
            f"after its last frame): {done}{whole}"
        )


def rule_of(convention: Any) -> str:
    """Return a convention's rule `outside`, empty where it has none: only conventions of intervals do."""
    return str(getattr(convention, "outside", ""))


def clipped(onset: Ints, offset: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Return onsets of at least 1 and offsets of at most the last frame of the video; all of shape (n,)."""
    return np.maximum(onset, 1), np.minimum(offset, last)


def outside_of(onset: Ints, offset: Ints, last: Ints) -> Outside:
    """Count the intervals that reach outside; all of shape (n,), `last` being the last frame of each one's video."""
    before, after = onset < 1, offset > last
    wholly = (offset < 1) | (onset > last)
    return Outside(*(int(which.sum()) for which in (before, after, before | after, wholly)))
