"""What a loader says of a still, and how many of them are packed into columns, some thousands at a time."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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


_BLOCK = 4096
"""Stills that are packed at a time, so that few are ever there unpacked."""


class Block(NamedTuple):
    """Packed stills in the order in which they were given; `texts` are file, subject, id and action units."""

    folder: NDArray[np.int32]
    emotion: NDArray[np.int16]
    texts: tuple[Texts, ...]

    @classmethod
    def of(cls, stills: Sequence[Still], folders: dict[str, int], emotions: dict[str, int]) -> Block:
        """Pack stills; new folders and emotions get the next numbers."""
        texts = ([os.fsencode(getattr(still, name)) for still in stills] for name in _TEXTS)
        return cls(
            np.array([folders.setdefault(still.folder, len(folders)) for still in stills], np.int32),
            np.array([emotions.setdefault(still.emotion, len(emotions)) for still in stills], np.int16),
            tuple(np.array(column, np.bytes_ if column else "S1") for column in texts),
        )


_TEXTS = ("file", "subject", "id", "action_units")


def in_blocks(stills: Iterable[Still]) -> Iterator[list[Still]]:
    """Yield the stills in lists of a few thousand."""
    rest = iter(stills)
    while block := list(itertools.islice(rest, _BLOCK)):
        yield block


def one_column(blocks: Sequence[Texts]) -> Texts | None:
    """Return the texts of all blocks as one array, None where nothing stands in them."""
    return np.concatenate(blocks) if any((block != b"").any() for block in blocks) else None
