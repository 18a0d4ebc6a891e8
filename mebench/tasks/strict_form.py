"""Checks of predictions that come as plain JSON types from a process that may have been taken over.

Conventions
-----------
The form is columns of text and numbers. Every check is of the exact type, so a flag is no number; what does not fit is
refused with one sentence that quotes nothing of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from mebench.errors import UserError
from mebench.schema.tables import LARGEST_FRAME, LONGEST_TEXT

Check = Callable[[Any], bool]


def require(holds: object) -> None:
    """Refuse what does not hold.

    Raises
    ------
    UserError : when it does not.
    """
    if not holds:
        raise UserError("The process that read the submission handed on what is no prediction: look at the submission.")


def object_of(raw: Any, keys: Sequence[str]) -> dict[str, Any]:
    """Return an object that has these keys and no other; raises as `require`."""
    require(isinstance(raw, dict) and set(raw) == set(keys))
    return dict(raw)


def list_of(raw: Any) -> list[Any]:
    """Return a list; raises as `require`."""
    require(isinstance(raw, list))
    return list(raw)


def column(raw: Any, check: Check) -> list[Any]:
    """Return a list of values that each pass a check; raises as `require`."""
    values = list_of(raw)
    require(all(map(check, values)))
    return values


def row(raw: Any, checks: Sequence[Check]) -> list[Any]:
    """Return a list with one value for each check, which it passes; raises as `require`."""
    values = list_of(raw)
    require(len(values) == len(checks) and all(check(value) for check, value in zip(checks, values, strict=True)))
    return values


def text_up_to(longest: int) -> Check:
    """Return a check for text of at most so many characters."""
    return lambda value: type(value) is str and len(value) <= longest


def whole_up_to(most: int) -> Check:
    """Return a check for whole numbers from 0 to `most`."""
    return lambda value: type(value) is int and 0 <= value <= most


is_name = text_up_to(LONGEST_TEXT)


def is_frame(value: Any) -> bool:
    """Tell whether a value is a frame number; predictions may begin before frame 1."""
    return type(value) is int and abs(value) <= LARGEST_FRAME


def is_flag(value: Any) -> bool:
    """Tell whether a value is true or false."""
    return type(value) is bool


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number or None, which stands for NaN."""
    return value is None or (type(value) in (int, float) and math.isfinite(value))


def without_nan(value: float) -> float | None:
    """Return a number, or None for NaN, which JSON does not have."""
    return None if math.isnan(value) else value


def with_nan(value: float | None) -> float:
    """Return what `without_nan` was given."""
    return math.nan if value is None else float(value)
