"""In which frames of a recording its face was found, and how far one view of one face goes.

Conventions
-----------
A *stretch* is a run of frames that all show the tracked face, of one person, in one shot. It ends where the face is
lost, where the scene is cut, where another person takes the place, and where time is missing. Indices are 0-based,
`start <= i < stop`; frame numbers are 1-based, inclusive at both ends.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NAMED = 5
"""Runs of frames that a sentence names before it counts the rest."""


@dataclasses.dataclass(frozen=True, eq=False)
class Presence:
    """Where the tracked face of one recording was found.

    Attributes
    ----------
    found : bool (n_frames,), whether the face was found in the frame.
    begins : bool (n_frames,), whether another shot or another person begins with the frame.
    notes : what else its source has to tell, a sentence each, such as that a table ends early.
    """

    found: NDArray[np.bool_]
    begins: NDArray[np.bool_]
    notes: tuple[str, ...] = ()

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

    def cuts(self) -> list[int]:
        """Return the numbers of the frames with which another shot or another person begins."""
        numbers: list[int] = (np.flatnonzero(self.begins) + 1).tolist()
        return [number for number in numbers if number > 1]

    @property
    def whole(self) -> bool:
        """Whether one stretch covers all frames, as in a video whose face is never lost."""
        return self.stretches() == [(0, len(self))]

    def parts(self, gap: int = 0) -> list[tuple[int, int]]:
        """Return the stretches, those of one shot joined over at most `gap` frames without a face.

        Returns
        -------
        Indices `start <= i < stop`, in order.
        """
        parts: list[tuple[int, int]] = []
        for start, stop in self.stretches():
            if parts and start - parts[-1][1] <= gap and not self.begins[parts[-1][1] : start + 1].any():
                parts[-1] = (parts[-1][0], stop)
            else:
                parts.append((start, stop))
        return parts

    def parted(self, numbers: NDArray[np.int64]) -> Presence:
        """Return the same presence with a further stretch that begins with each of these frames, numbered from 1."""
        begins = self.begins | np.isin(np.arange(1, len(self) + 1), numbers)
        return dataclasses.replace(self, begins=begins)

    def fitted(self, n_frames: int) -> Presence:
        """Return the presence of so many frames: what goes beyond is left out, what is lacking has no face."""
        lacking = max(0, n_frames - len(self))
        found, begins = (np.pad(array[:n_frames], (0, lacking)) for array in (self.found, self.begins))
        return dataclasses.replace(self, found=found, begins=begins)

    def sentences(self, first: int = 1) -> list[str]:
        """Return what a reader of results must know: frames that were not scored, cuts, and the notes.

        Parameters
        ----------
        first : what the files call frame 1.
        """
        told, before = [], first - 1
        if missing := [(start + before, last + before) for start, last in self.missing()]:
            count = int(np.count_nonzero(~self.found))
            told.append(
                f"no face in frame{'s' * (count > 1)} {_runs(missing)}: {count} of {len(self)} frames "
                f"{'is' if count == 1 else 'are'} not scored"
            )
        if cuts := [number + before for number in self.cuts()]:
            named = ", ".join(map(str, cuts[:_NAMED])) + (f" and {len(cuts) - _NAMED} more" * (len(cuts) > _NAMED))
            told.append(f"another shot or another person begins with frame {named}: no expression spans it")
        return [*told, *self.notes]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types; frame numbers are 1-based and inclusive."""
        missing = [list(run) for run in self.missing()]
        return {"n_frames": len(self), "missing": missing, "begins": self.cuts(), "notes": list(self.notes)}


def _runs(runs: list[tuple[int, int]]) -> str:
    """Name runs of frames, the first and last number of each: `3, 10-29 and 4 more runs`."""
    named = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:_NAMED]]
    more = len(runs) - len(named)
    return ", ".join(named) + (f" and {more} more run{'s' * (more > 1)}" if more else "")
