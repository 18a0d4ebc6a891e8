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

    def sentence(self, one: str, several: str, rule: str) -> str:
        """Return a note, or an empty text where there is none.

        Parameters
        ----------
        one, several : what they are, such as `prediction` and `predictions`.
        rule : the convention's `outside`; empty where no convention is known yet.
        """
        if not self.total:
            return ""
        subject = f"1 {one} reaches outside its" if self.total == 1 else f"{self.total} {several} reach outside their"
        done = _DONE.get(rule, "kept or clipped as the convention's `outside` says")
        whole = f"; {self.wholly} without a frame in it, counted all the same" if self.wholly else ""
        return f"{subject} video ({self.before} before frame 1, {self.after} after its last frame): {done}{whole}"


_DONE = {"clip": "clipped to it (outside=clip)", "keep": "compared as written (outside=keep)"}


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
