"""Frame numbers in the names of files, and whether they can be those of a video.

Conventions
-----------
A frame's number is the last group of digits of its file's stem, whatever the padding. What a Mac, Windows or a program
for pictures leaves beside the frames, under hidden names, is passed over.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from mebench.errors import UserError
from mebench.frames.names import printable
from mebench.frames.no_video import IMAGE_SUFFIXES

LONGEST_GAP, HIGHEST_BEGIN, HIGHEST_NUMBER = 1_000, 100_000, 10**12
"""Frames in a row that may lack a file, and before the first file, and a number; more is a stray or misread number."""
SPARSE, SPARSE_FROM = 2, 50
"""Frames without a file for each frame with one, and in all, above which the numbers count something else."""

_DIGITS = re.compile(r"[0-9]+")


def picture_names(names: Iterable[str]) -> list[str]:
    """Return the names of pictures, sorted, without hidden ones such as `._img_1.jpg`."""
    return sorted(n for n in names if not n.startswith(".") and os.path.splitext(n)[1].lower() in IMAGE_SUFFIXES)


def check_gaps(folder: Path, files: Mapping[int, str], first: int | None) -> None:
    """Refuse numbers that no video has, before frames without a file are filled in for them.

    Parameters
    ----------
    files : names by number, ascending.
    first : the number of the first frame where that is known.

    Raises
    ------
    UserError : for numbers that are far too high, and for too many frames in a row without a file.
    """
    numbers = list(files)
    if numbers[0] > HIGHEST_NUMBER or (first is not None and numbers[0] - first > HIGHEST_BEGIN):
        raise UserError(
            f"{_name(folder, files[numbers[0]])} is the first frame, of number {numbers[0]}: renumber the frames "
            f"from {1 if first is None else first}."
        )
    for before, after in itertools.pairwise(numbers):
        if after - before - 1 > LONGEST_GAP:
            raise UserError(
                f"{printable(str(folder))} has no frames between {printable(files[before])} and "
                f"{printable(files[after])}, more than {LONGEST_GAP} in a row: put the missing frames there, or take "
                "the file away that does not belong."
            )


def check_order(folder: Path, files: Mapping[int, str]) -> None:
    """Refuse names such as clock times, in which an earlier group of digits goes before the last one.

    Raises
    ------
    UserError : naming two files that the last number puts in another order than all their numbers.
    """
    for before, after in itertools.pairwise(files.values()):
        earlier, later = _groups(before), _groups(after)
        if len(earlier) == len(later) and earlier > later:
            raise UserError(
                f"{printable(str(folder))} is not numbered by frame: {printable(after)} comes before "
                f"{printable(before)}, but its last number is higher, as in clock times. Rename the pictures to "
                "00001, 00002 and so on, in their order."
            )


def check_density(folder: Path, files: Mapping[int, str]) -> None:
    """Refuse numbers that run far ahead of the files, such as milliseconds or every tenth frame.

    Raises
    ------
    UserError : when most numbers between the first and the last file have none.
    """
    numbers = list(files)
    span = numbers[-1] - numbers[0] + 1
    lacking = span - len(numbers)
    if lacking > SPARSE_FROM and lacking > SPARSE * len(numbers):
        raise UserError(
            f"{printable(str(folder))} has {len(numbers)} pictures for the frame numbers {numbers[0]} to "
            f"{numbers[-1]}, so that {lacking} of {span} have none: {_stray(files)}put the missing frames there, or, "
            "if the numbers are times or only every n-th frame was kept, rename the pictures to 00001, 00002 and so on."
        )


def _stray(files: Mapping[int, str]) -> str:
    """Advise to take pictures away that lie far from all others, where those are a video's without them."""
    numbers = list(files)
    cut = max(range(1, len(numbers)), key=lambda i: numbers[i] - numbers[i - 1], default=0)
    few, rest = sorted((numbers[:cut], numbers[cut:]), key=len)
    lacking = rest[-1] - rest[0] + 1 - len(rest)
    if not few or (lacking > SPARSE_FROM and lacking > SPARSE * len(rest)):
        return ""
    names = printable(files[few[0]]) + (f" to {printable(files[few[-1]])}" if len(few) > 1 else "")
    return f"take {names} away if {'it does' if len(few) == 1 else 'they do'} not belong there, or "


def _groups(name: str) -> tuple[int, ...]:
    return tuple(int(group) for group in _DIGITS.findall(os.path.splitext(name)[0]))


def _name(folder: Path, name: str) -> str:
    return printable(str(folder / name))
