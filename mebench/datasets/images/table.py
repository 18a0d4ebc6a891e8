"""Lists of hundreds of thousands of stills that take little memory.

Conventions
-----------
A list is a few columns: file names, subjects and ids are arrays of bytes, emotions and folders numbers. A `Clip` is
made when one is asked for, and nobody keeps it but who asked.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from mebench.frames.stills import STILL_FPS, StillFrames
from mebench.schema.recordings import Clip, FrameSource

Texts = NDArray[np.bytes_]


class Still(NamedTuple):
    """What a loader says of one still.

    Attributes
    ----------
    folder, file : where it is.
    emotion : lower-case label, empty where there is none.
    subject : who is seen; empty where that is not known, and then every still is of a person of its own.
    id : empty where it is the file's name without its suffix.
    action_units : as in `Clip`.
    """

    folder: str
    file: str
    emotion: str = ""
    subject: str = ""
    id: str = ""
    action_units: str = ""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StillTable:
    """Columns of n stills, sorted by subject and id.

    Attributes
    ----------
    folders, folder : the folders, and which of them each still is in; int32 (n,).
    file : name of each file; bytes (n,).
    emotions, emotion : the labels, and which of them each still has; int16 (n,).
    subject, id, action_units : bytes (n,); None where a subject is the id, an id the name of the file, or there are no
        action units.
    order : for each still, which of the rows as they were given it is; int64 (n,).
    """

    folders: tuple[str, ...]
    folder: NDArray[np.int32]
    file: Texts
    emotions: tuple[str, ...]
    emotion: NDArray[np.int16]
    subject: Texts | None
    id: Texts | None
    action_units: Texts | None
    order: NDArray[np.int64]

    @classmethod
    def of(cls, stills: Iterable[Still]) -> StillTable:
        """Pack stills in any order.

        Raises
        ------
        ValueError : when two have one subject and id.
        """
        folders: dict[str, int] = {}
        emotions: dict[str, int] = {}
        blocks = [_Block.of(block, folders, emotions) for block in _in_blocks(stills)] or [_Block.of([], {}, {})]
        folder, emotion = (np.concatenate([getattr(b, name) for b in blocks]) for name in ("folder", "emotion"))
        file, subject, id, units = map(_one_column, zip(*(block.texts for block in blocks), strict=True))
        file = np.empty(0, "S1") if file is None else file
        ids = _stems(file) if id is None else id
        order = np.argsort(ids, kind="stable") if subject is None else np.lexsort((ids, subject))
        _refuse_twins(ids[order], None if subject is None else subject[order])
        return cls(
            tuple(folders),
            folder[order],
            file[order],
            tuple(emotions),
            emotion[order],
            None if subject is None else subject[order],
            None if id is None else id[order],
            None if units is None else units[order],
            order,
        )

    def __len__(self) -> int:
        """Return the number of stills."""
        return len(self.file)

    @property
    def nbytes(self) -> int:
        """Bytes that the columns take."""
        columns = (self.folder, self.file, self.emotion, self.subject, self.id, self.action_units, self.order)
        return sum(column.nbytes for column in columns if column is not None)

    def still(self, i: int) -> Still:
        """Return one still, with its subject and id filled in."""
        file = os.fsdecode(self.file[i])
        id = os.path.splitext(file)[0] if self.id is None else os.fsdecode(self.id[i])
        return Still(
            self.folders[self.folder[i]],
            file,
            self.emotions[self.emotion[i]],
            id if self.subject is None else os.fsdecode(self.subject[i]),
            id,
            "" if self.action_units is None else os.fsdecode(self.action_units[i]),
        )

    def counts(self) -> dict[str, int]:
        """Return how many stills have each emotion, in alphabetical order, and without those that have none."""
        numbers = np.bincount(self.emotion, minlength=len(self.emotions))
        found = {name: int(number) for name, number in zip(self.emotions, numbers, strict=True) if name}
        return dict(sorted(found.items()))

    def subjects(self) -> int | None:
        """Return the number of people; None where it is not known who is who."""
        return None if self.subject is None else len(np.unique(self.subject))


class Stills(Sequence[Clip]):
    """Clips of one frame, each made when it is asked for.

    Parameters
    ----------
    dataset : id of the dataset.
    table : the list.
    frames : gives the frames of a still by its place in the list; the file itself where None.
    """

    def __init__(self, dataset: str, table: StillTable, frames: Callable[[int], FrameSource] | None = None) -> None:
        self.dataset = dataset
        self.table = table
        self._frames = frames

    def __len__(self) -> int:
        """Return the number of stills."""
        return len(self.table)

    @overload
    def __getitem__(self, index: int) -> Clip: ...

    @overload
    def __getitem__(self, index: slice) -> list[Clip]: ...

    def __getitem__(self, index: int | slice) -> Clip | list[Clip]:
        """Return one clip, or a list of several."""
        if isinstance(index, slice):
            return [self._clip(i) for i in range(*index.indices(len(self)))]
        return self._clip(range(len(self))[index])

    def __iter__(self) -> Iterator[Clip]:
        """Yield the clips, none of which is kept."""
        return map(self._clip, range(len(self)))

    def _clip(self, i: int) -> Clip:
        still = self.table.still(i)
        frames = StillFrames(Path(still.folder, still.file)) if self._frames is None else self._frames(i)
        return Clip(
            self.dataset, still.subject, still.id, STILL_FPS, frames, still.emotion, 1, 1, 1, still.action_units
        )


_BLOCK = 4096
"""Stills that are packed at a time, so that few are ever there unpacked."""


class _Block(NamedTuple):
    """Packed stills in the order in which they were given; `texts` are file, subject, id and action units."""

    folder: NDArray[np.int32]
    emotion: NDArray[np.int16]
    texts: tuple[Texts, ...]

    @classmethod
    def of(cls, stills: Sequence[Still], folders: dict[str, int], emotions: dict[str, int]) -> _Block:
        """Pack stills; new folders and emotions get the next numbers."""
        texts = ([os.fsencode(getattr(still, name)) for still in stills] for name in _TEXTS)
        return cls(
            np.array([folders.setdefault(still.folder, len(folders)) for still in stills], np.int32),
            np.array([emotions.setdefault(still.emotion, len(emotions)) for still in stills], np.int16),
            tuple(np.array(column, np.bytes_ if column else "S1") for column in texts),
        )


_TEXTS = ("file", "subject", "id", "action_units")


def _in_blocks(stills: Iterable[Still]) -> Iterator[list[Still]]:
    rest = iter(stills)
    while block := list(itertools.islice(rest, _BLOCK)):
        yield block


def _one_column(blocks: Sequence[Texts]) -> Texts | None:
    """Return the texts of all blocks as one array, None where nothing stands in them."""
    return np.concatenate(blocks) if any((block != b"").any() for block in blocks) else None


def _stems(file: Texts) -> Texts:
    return np.array([os.path.splitext(name)[0] for name in file.tolist()], np.bytes_ if len(file) else "S1")


def _refuse_twins(ids: Texts, subjects: Texts | None) -> None:
    """Refuse two neighbours of a sorted list that have one key."""
    twins = ids[1:] == ids[:-1]
    if subjects is not None:
        twins &= subjects[1:] == subjects[:-1]
    if twins.any():
        raise ValueError(os.fsdecode(ids[1:][twins][0]))
