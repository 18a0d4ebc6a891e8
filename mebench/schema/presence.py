"""In which frames of a recording its face was found, and how far one view of one face goes.

Conventions
-----------
A *stretch* is a run of frames that all show the tracked face, of one person, in one shot. It ends where the face is
lost, where the scene is cut, and where another person takes the place. Indices are 0-based, `start <= i < stop`; frame
numbers are 1-based, inclusive at both ends.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools

import numpy as np
from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, eq=False)
class Presence:
    """Where the tracked face of one recording was found.

    Attributes
    ----------
    found : bool (n_frames,), whether the face was found in the frame.
    begins : bool (n_frames,), whether another shot or another person begins with the frame.
    """

    found: NDArray[np.bool_]
    begins: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together.

        Raises
        ------
        ValueError : when the two are not of one length and of one dimension.
        """
        if self.found.ndim != 1 or self.found.shape != self.begins.shape:
            raise ValueError(f"found {self.found.shape} and begins {self.begins.shape} must be of one length")

    @classmethod
    def everywhere(cls, n_frames: int) -> Presence:
        """Return the presence of a face that is never lost."""
        return cls(np.ones(n_frames, np.bool_), np.zeros(n_frames, np.bool_))

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.found)

    @property
    def share(self) -> float:
        """Share of the frames in which the face was found; 0 for a recording without frames."""
        return float(self.found.mean()) if len(self) else 0.0

    @functools.cached_property
    def stretch(self) -> NDArray[np.int64]:
        """The number of the stretch that each frame lies in, from 1; 0 without a face; shape (n_frames,)."""
        before = np.concatenate([[False], self.found[:-1]]) if len(self) else self.found
        numbers = np.cumsum(self.found & (self.begins | ~before))
        return np.where(self.found, numbers, 0).astype(np.int64)

    def stretches(self) -> list[tuple[int, int]]:
        """Return the stretches in order, as indices `start <= i < stop`."""
        numbers = self.stretch
        edges = np.flatnonzero(np.diff(numbers, prepend=0, append=0))
        return [(int(a), int(b)) for a, b in itertools.pairwise(edges) if numbers[a]]

    def missing(self) -> list[tuple[int, int]]:
        """Return the runs of frames without a face, as first and last frame number."""
        edges = np.flatnonzero(np.diff(np.concatenate([[True], self.found, [True]]).astype(np.int8)))
        return [(int(first) + 1, int(stop)) for first, stop in edges.reshape(-1, 2)]
