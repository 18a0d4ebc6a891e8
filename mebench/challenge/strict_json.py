"""JSON of strangers: no deep nesting, no huge or infinite numbers, no repeated keys, no broken text."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from mebench.challenge.limits import SubmissionLimits

_MARKS = re.compile(r'[\\"\[\]{}]')


class BadJson(ValueError):
    """A text that is refused.

    Attributes
    ----------
    expected, found, kind : as in a `Problem`.
    """

    def __init__(self, expected: str, found: str, kind: str = "json") -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected, self.found, self.kind = expected, found, kind


def parse_json(text: str, limits: SubmissionLimits) -> Any:
    """Return the value of a JSON text.

    Raises
    ------
    BadJson : with what was expected and what was found.
    """
    if _is_deeper(text, limits.json_depth):
        raise BadJson(f"at most {limits.json_depth} levels of nesting", "more", "json_depth")

    def whole(digits: str) -> int:
        _check_digits(digits, limits)
        return int(digits)

    def real(digits: str) -> float:
        _check_digits(digits, limits)
        if not math.isfinite(value := float(digits)):
            raise BadJson("a finite number", digits, "json_number")
        return value

    try:
        value = json.loads(
            text, parse_int=whole, parse_float=real, parse_constant=_constant, object_pairs_hook=_distinct
        )
    except json.JSONDecodeError as error:
        raise BadJson("JSON", f"{error.msg} at column {error.colno}") from error
    _check_text(value)
    return value


def _is_deeper(text: str, most: int) -> bool:
    """Tell whether nesting exceeds a depth; one pass, so that no text can make it slow."""
    depth = 0
    inside, skip = False, -1
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        if at == skip:
            continue
        if mark == "\\":
            skip = at + 1 if inside else -1
        elif mark == '"':
            inside = not inside
        elif not inside:
            depth += 1 if mark in "[{" else -1
            if depth > most:
                return True
    return False


def _check_digits(digits: str, limits: SubmissionLimits) -> None:
    if len(digits) > limits.json_digits:
        raise BadJson(f"a number of at most {limits.json_digits} characters", f"{len(digits)}", "json_number")


def _constant(name: str) -> Any:
    raise BadJson("a finite number", name, "json_number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise BadJson("each key once", f"{key[:60]} twice", "json_key")
        result[key] = value
    return result


def _check_text(value: Any) -> None:
    """Refuse halves of surrogate pairs, which cannot be written again."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise BadJson("text", "half of a surrogate pair", "json_text") from error
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
