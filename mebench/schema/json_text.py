"""JSON and TOML from others: no deep nesting, no huge or infinite numbers, no repeated keys, no broken text.

Conventions
-----------
Every file that mebench reads comes through here, its own included: they are handed around, and a download may be cut.
`parse_json` raises `BadJson`, a ValueError, for callers that have words of their own; `read_json_object` and
`read_toml` raise the sentence that users see.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.schema.files import read_bounded

_MARKS = re.compile(r'[\\"\[\]{}]')


@dataclasses.dataclass(frozen=True)
class JsonLimits:
    """What no honest text needs.

    Attributes
    ----------
    depth : nesting of objects and lists.
    digits : characters of one number.
    """

    depth: int = 64
    digits: int = 100


class BadJson(ValueError):
    """A text that is refused.

    Attributes
    ----------
    expected, found, kind : as in a `Problem`.
    """

    def __init__(self, expected: str, found: str, kind: str = "json") -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected, self.found, self.kind = expected, found, kind


def parse_json(text: str | bytes, limits: JsonLimits | None = None) -> Any:
    """Return the value of a JSON text; bytes are read as UTF-8.

    Raises
    ------
    BadJson : with what was expected and what was found.
    """
    limits = limits or JsonLimits()
    text = _decoded(text)
    if _is_deeper(text, limits.depth):
        raise BadJson(f"at most {limits.depth} levels of nesting", "more", "json_depth")

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
        raise BadJson("JSON", _found(error)) from error
    # Only an escape, or text that never was UTF-8, can hold half of a pair.
    if "\\u" in text or not text.isascii():
        _check_text(value)
    return value


_FOUND = {
    "Unterminated string": "a text without its closing quote",
    "Extra data": "more behind its end",
    "Invalid control character": "a control character in a text",
    "Invalid \\": "an unknown escape",
}
"""In our words, by how the parser's begin."""


def _found(error: json.JSONDecodeError) -> str:
    """Return what stands where JSON is broken, and where that is."""
    rest = error.doc[error.pos :].lstrip()
    known = [words for begin, words in _FOUND.items() if error.msg.startswith(begin)]
    found = known[0] if known else repr(rest[0]) if rest else "its end too early"
    line = f"line {error.lineno}, " if "\n" in error.doc else ""
    return f"{found} at {line}column {error.colno}"


def parse_object(text: str | bytes, limits: JsonLimits | None = None) -> dict[str, Any]:
    """Return the object that a JSON text holds.

    Raises
    ------
    BadJson : when it is no JSON, or a list, a text or a number.
    """
    value = parse_json(text, limits)
    if not isinstance(value, dict):
        raise BadJson("an object", kind_word(value), "json_type")
    return value


def kind_word(value: Any) -> str:
    """Return what kind of value JSON gave, in words: `a list`, `text`."""
    return _KINDS.get(type(value), "something else")


def read_json_object(path: Path, fix: str) -> dict[str, Any]:
    """Read a file that holds one JSON object.

    Parameters
    ----------
    path : the file.
    fix : what the user should do when it cannot be read, such as `grade the predictions again`.

    Raises
    ------
    UserError : when the file cannot be read, is no JSON, is larger than 256 MiB, or holds no object.
    """
    try:
        return parse_object(read_bounded(path))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): {fix}.") from error
    except BadJson as error:
        raise UserError(f"{path} cannot be read ({error}): {fix}.") from error


def read_toml(path: Path, fix: str) -> dict[str, Any]:
    """Read a TOML file; parameters and bounds as in `read_json_object`.

    Raises
    ------
    FileNotFoundError : when there is no such file, which callers explain in their own words.
    UserError : when it cannot be read, or holds nesting or numbers that no honest file needs.
    """
    try:
        raw = tomllib.loads(_decoded(read_bounded(path)))
        _check_tree(raw, JsonLimits())
        return raw
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): {fix}.") from error
    except RecursionError as error:
        raise UserError(f"{path} cannot be read (it is nested too deeply): {fix}.") from error
    except ValueError as error:
        raise UserError(f"{path} cannot be read ({error}): {fix}.") from error


_KINDS: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadJson("text in UTF-8", f"the byte 0x{text[error.start]:02x}", "encoding") from error


def _check_tree(value: Any, limits: JsonLimits) -> None:
    """Refuse in one level after the other what a parser without limits has let through."""
    level = [value]
    for _ in range(limits.depth + 1):
        if not level:
            return
        if any(isinstance(item, float) and not math.isfinite(item) for item in level):
            raise BadJson("a finite number", "another", "json_number")
        if any(type(item) is int and abs(item) >= 10**limits.digits for item in level):
            raise BadJson(f"a number of at most {limits.digits} characters", "more", "json_number")
        level = [child for item in level for child in _children(item)]
    raise BadJson(f"at most {limits.depth} levels of nesting", "more", "json_depth")


def _children(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def _is_deeper(text: str, most: int) -> bool:
    """Tell whether nesting exceeds a depth; one pass, so that no text can make it slow."""
    if text.count("[") + text.count("{") <= most:
        return False
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


def _check_digits(digits: str, limits: JsonLimits) -> None:
    if len(digits) > limits.digits:
        raise BadJson(f"a number of at most {limits.digits} characters", f"{len(digits)}", "json_number")


def _constant(name: str) -> Any:
    raise BadJson("a finite number", name, "json_number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        again = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise BadJson("each key once", f"{again[:60]} twice", "json_key")
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
