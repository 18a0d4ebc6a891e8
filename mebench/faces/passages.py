"""Whether a face passed over into another one, as in a dissolve, or turned into another view of the same head.

Conventions
-----------
All that lies between is compared with mixtures of both ends. A frame of a dissolve is such a mixture, however much the
light is changed by it; a head that turns is at each angle something that neither end shows. A cut has nothing between.
An expression is a mixture too, but leaves most of the face as it was.

What is in doubt is no passage: a dissolve between people who look alike, or while the head moves, is not told.
"""

from __future__ import annotations

import collections
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mebench.faces.cuts import SUDDEN, change_of
from mebench.faces.tracking import Registered, likeness

_SECONDS = 2.0
_OTHER = SUDDEN  # a hand before the face came to .19: a detector must confirm what this lets pass
_WAS = 0.93  # likeness from which on a frame shows the face as it was
_MIXED = 0.94  # turning heads came to .91, dissolves of still faces to .96


class _Seen(NamedTuple):
    pattern: NDArray[np.float32]
    likeness: float


class Passage:
    """What the followed face looked like in the last two seconds.

    Parameters
    ----------
    fps : frames per second.
    """

    def __init__(self, fps: float) -> None:
        self._seen: collections.deque[_Seen] = collections.deque(maxlen=max(1, round(_SECONDS * fps)))

    def note(self, got: Registered) -> None:
        """Take how the face was registered in the next frame."""
        self._seen.append(_Seen(got.pattern, got.likeness))

    def forget(self) -> None:
        """Start anew: the face is lost, or another one."""
        self._seen.clear()

    def leads_to(self, pattern: NDArray[np.float32]) -> bool:
        """Tell whether nothing but mixtures lies between the face as it was last and somebody else's pattern."""
        if not self._seen:
            return False
        before = max(self._seen, key=lambda seen: seen.likeness)
        if change_of(before.pattern, pattern) < _OTHER:
            return False
        between: list[NDArray[np.float32]] = []
        for seen in reversed(self._seen):
            if seen.likeness >= _WAS:
                return all(_mixed(one, seen.pattern, pattern) >= _MIXED for one in between)
            between.append(seen.pattern)
        return False


def _mixed(pattern: NDArray[np.float32], one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return how much a pattern is like that mixture of two others that it is most like."""
    both = np.stack([one.ravel(), other.ravel()], axis=1)
    shares = np.linalg.lstsq(both, pattern.ravel(), rcond=None)[0]
    return likeness(pattern, (both @ shares).reshape(pattern.shape).astype(np.float32))
