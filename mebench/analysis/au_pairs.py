"""Two OpenFace tables of the same movements, frame by frame: what they share, and what either lacks or has lost.

Conventions
-----------
Frames meet by number, from 1 to the last one of either table. A frame is *missing* where a table has no row for it, and
*lost* where the row has no success or lacks a number.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.openface import OpenFaceTable, read_table
from mebench.faces.openface_fit import differ_in_rate
from mebench.faces.openface_notes import TableNote
from mebench.runs.notes import together


@dataclasses.dataclass(frozen=True, eq=False)
class TablePair:
    """Two tables and their files."""

    first: Path
    second: Path
    a: OpenFaceTable
    b: OpenFaceTable

    @classmethod
    def read(cls, first: Path, second: Path) -> Self:
        """Read both tables.

        Raises
        ------
        UserError : when one cannot be read, or they share fewer than two frames with a face.
        """
        pair = cls(first, second, read_table(first), read_table(second))
        if pair.shared < 2:
            raise UserError(f"{first} and {second} share {pair.shared} frames with a face: at least 2 are needed.")
        return pair

    @property
    def frames(self) -> int:
        """The number of the last frame of either table."""
        return int(max(self.a.frames[-1], self.b.frames[-1]))

    @property
    def shared(self) -> int:
        """How many frames have a face in both tables."""
        return len(np.intersect1d(self.a.frames[self.a.success], self.b.frames[self.b.success]))

    def intensities(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the intensities of the frames that have a face in both tables, each (n, 17)."""
        a, b = self.a, self.b
        _, at, bt = np.intersect1d(a.frames[a.success], b.frames[b.success], return_indices=True)
        return a.intensities[a.success][at], b.intensities[b.success][bt]

    def account(self) -> str:
        """Say how many frames were paired, and what became of the others."""
        sides = (self._gaps(path, table) for path, table in ((self.first, self.a), (self.second, self.b)))
        paired = f"{self.first} and {self.second}: {self.shared} of {self.frames} frames are paired"
        return "; ".join([paired, *filter(None, sides)]) + "."

    def _gaps(self, path: Path, table: OpenFaceTable) -> str:
        missing, lost = self.frames - len(table.frames), int((~table.success).sum())
        found = [f"{missing} missing"] if missing else []
        found += [f"{lost} lost (success 0, or no number)"] if lost else []
        return f"{' and '.join(found)} in {path}" if found else ""

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield file and sentence for everything that is unusual about either table."""
        for path, table in ((self.first, self.a), (self.second, self.b)):
            yield from ((str(path), f"{note}.") for note in table.notes)
        if differ_in_rate(self.a.rate, self.b.rate):
            detail = f"time stamps tell {self.a.rate:.4g} and {self.b.rate:.4g} frames/s"
            yield f"{self.first} and {self.second}", f"{TableNote.of('rate', detail)}."


def account_of(pairs: Sequence[TablePair]) -> list[str]:
    """Return a sentence for each pair with frames that were not paired, one for all pairs, and the notes on tables."""
    told = [pair.account() for pair in pairs if len(pairs) == 1 or pair.shared < pair.frames]
    if len(pairs) > 1:
        shared, frames = sum(pair.shared for pair in pairs), sum(pair.frames for pair in pairs)
        told.insert(0, f"{len(pairs)} videos: {shared} of {frames} frames are paired.")
    return [*told, *together(note for pair in pairs for note in pair.notes())]
