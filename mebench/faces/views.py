"""What one person looks like: a reference picture for each way that the head was turned.

Conventions
-----------
All frames are registered to one picture as long as they look like it. Where they no longer do, because the head has
turned, what was seen last becomes a further picture, in the same place; it is made only when a detector still sees the
face there, so that no chain of pictures leads away from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.faces.geometry import Crop, Pose
from mebench.faces.tracking import Reference, Registered, likeness

ALIKE = 0.6
"""Likeness below which a frame no longer looks like the picture it is registered to."""

LOST = 0.45
"""Likeness below which a face is lost: no cloud, texture or noise came above .40."""

OTHER = 0.9
"""Likeness from which on a frame shows somebody who is known, whoever was followed before."""

_MOST = 24
_GAIN = 0.05


class Views:
    """The reference pictures of one person, of which one is in use.

    Parameters
    ----------
    reference : the first picture.
    """

    def __init__(self, reference: Reference) -> None:
        self._all = [reference]
        self._current = reference

    def register(self, small: Crop, pose: Pose, *, steps: int) -> Registered:
        """Refine a pose by the picture in use, or by the one that the face now looks more like."""
        got = self._current.register(small, pose, steps=steps)
        if got.likeness >= ALIKE or len(self._all) == 1:
            return got
        best = max(self._all, key=lambda view: likeness(got.pattern, view.pattern))
        if best is self._current or likeness(got.pattern, best.pattern) < got.likeness + _GAIN:
            return got
        best.reset()
        other = best.register(small, got.pose, steps=steps + 2)
        if other.likeness <= got.likeness:
            return got
        self._current = best
        return other

    def search(self, small: Crop, pose: Pose) -> Registered:
        """Refine the pose of a face that was found anew, by whichever picture it looks most like."""
        self.reset()
        tried = [(view.register(small, pose, steps=12), view) for view in self._all]
        got, self._current = max(tried, key=lambda pair: pair[0].likeness)
        return got

    def fits(self, small: Crop, seen: Registered, least: float) -> bool:
        """Tell whether a face that was registered to other pictures looks like one of these, once registered to it."""
        best = max(self._all, key=lambda view: likeness(seen.pattern, view.pattern))
        best.reset()
        return best.register(small, seen.pose, steps=6).likeness >= least

    def add(self, picture: NDArray[np.float32]) -> bool:
        """Make a further picture the one in use, unless there are too many; return whether it was taken."""
        if len(self._all) >= _MOST:
            return False
        self._current = Reference(picture, tolerance=self._current.tolerance)
        self._all.append(self._current)
        return True

    def reset(self) -> None:
        """Forget what earlier frames taught about the weights of blocks."""
        for view in self._all:
            view.reset()
