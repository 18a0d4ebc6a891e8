"""What a cell may hold, column by column.

Conventions
-----------
Frames are whole numbers up to 1e9, and at most 0 where an interval begins before its video does. `12.0` is 12, with a
note; `12.5` is refused, for whoever rounds it chooses between two intervals, and that is the participant's choice. Ids
and labels may not begin like a spreadsheet formula.
"""

from __future__ import annotations

import re

from mebench.challenge.safety.plain import escape_cell
from mebench.schema import tables
from mebench.schema.predictions import expression_type
from mebench.schema.tables import Unreadable

_FRACTION = re.compile(r"-?[0-9]*[.,][0-9]*")


def frame(cell: str) -> int:
    """Return a frame number.

    Raises
    ------
    Unreadable : for anything but a whole number from -1e9 to 1e9.
    """
    # Nearly every cell is like this.
    if cell.isdecimal() and cell.isascii() and len(cell) < 10:
        return int(cell)
    try:
        return tables.any_frame(cell)
    except Unreadable as error:
        if len(cell) < 40 and _FRACTION.fullmatch(cell):
            raise Unreadable("a whole frame number: round it as you think right", "fractional") from error
        raise Unreadable("a whole frame number", "frame") from error


def identifier(cell: str) -> str:
    """Return an id.

    Raises
    ------
    Unreadable : when it is empty, longer than 500 characters, unprintable, or begins like a formula.
    """
    return _label(cell, "an id", "id")


def emotion(cell: str) -> str:
    """Return an emotion in lower case.

    Raises
    ------
    Unreadable : when it is empty, longer than 500 characters, unprintable, or begins like a formula.
    """
    return _label(cell, "an emotion", "emotion").lower()


def emotion_or_none(cell: str) -> str:
    """Return an emotion in lower case; an empty cell is none."""
    return emotion(cell) if cell else ""


def expression(cell: str) -> str:
    """Return `micro` or `macro`.

    Raises
    ------
    Unreadable : for any other word.
    """
    try:
        return expression_type(cell).value
    except Unreadable as error:
        raise Unreadable("micro or macro (or me, mae)", "type") from error


def score(cell: str) -> float:
    """Return a finite number, or NaN for an empty cell: what is written as NaN is a number that went wrong.

    Raises
    ------
    Unreadable : for anything else.
    """
    if not cell:
        return float("nan")
    return _finite(cell, "score", "a finite number (an empty cell where there is no score)")


def probability(cell: str) -> float:
    """Return a number from 0 to 1.

    Raises
    ------
    Unreadable : for anything else.
    """
    value = _finite(cell, "probability")
    if not 0 <= value <= 1:
        raise Unreadable("a probability from 0 to 1", "probability")
    return value


def _finite(cell: str, kind: str, expected: str = "a finite number") -> float:
    try:
        value = tables.number_or_nan(cell)
    except Unreadable as error:
        raise Unreadable(expected, kind) from error
    if value != value:
        raise Unreadable(expected, kind)
    return value


def _label(cell: str, what: str, kind: str) -> str:
    if not cell:
        raise Unreadable(what, kind)
    if escape_cell(cell) != cell:
        raise Unreadable(f"{what} that begins with a letter or digit", "formula")
    try:
        return tables.text(cell)
    except Unreadable as error:
        raise Unreadable(str(error), kind) from error
