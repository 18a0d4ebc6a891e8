"""Frozen dataclasses to plain JSON types and back; whatever does not fit is an error that names the place."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from mebench.errors import UserError, did_you_mean
from mebench.schema.problems import quoted

T = TypeVar("T")

_TOO_LARGE = 2**63
"""Whole numbers from here on fit neither an array nor a database."""

_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_plain(value: Any) -> Any:
    """Return dataclasses as dicts, tuples as lists, numpy scalars as Python ones, and the rest as it is."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if dataclasses.is_dataclass(kind):
        return {name: to_plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        return value.item()
    return value


@functools.cache
def _names(cls: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields."""
    return tuple(field.name for field in dataclasses.fields(cls))


def from_plain(cls: type[T], raw: Any, where: str) -> T:
    """Make a dataclass of a JSON object; every field must be there and no other.

    Parameters
    ----------
    cls : a dataclass whose fields are scalars, dataclasses, tuples, sequences or mappings of these.
    raw : what `json.loads` returned.
    where : the place, for messages.

    Raises
    ------
    UserError : for a missing or unknown field or a value of the wrong type.
    """
    return typing.cast(T, _load(cls, raw, where))


def _load(hint: Any, raw: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return raw
    if origin in (types.UnionType, typing.Union):
        return None if raw is None else _load(next(a for a in arguments if a is not type(None)), raw, where)
    if dataclasses.is_dataclass(hint):
        return _load_fields(hint, _expect(raw, dict, where), where)
    if origin is tuple:
        return _load_tuple(arguments, _expect(raw, list, where), where)
    if origin is Sequence:
        return [_load(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(_expect(raw, list, where))]
    if origin is not None and issubclass(origin, Mapping):
        return {key: _load(arguments[1], item, f"{where}.{key}") for key, item in _expect(raw, dict, where).items()}
    if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    return _expect(raw, hint, where)


def _load_tuple(arguments: tuple[Any, ...], raw: list[Any], where: str) -> tuple[Any, ...]:
    hints = [arguments[0]] * len(raw) if arguments[-1] is Ellipsis else list(arguments)
    if len(hints) != len(raw):
        raise UserError(f"{where} must have {len(hints)} values, not {len(raw)}: write the file again.")
    return tuple(_load(hint, item, f"{where}[{i}]") for i, (hint, item) in enumerate(zip(hints, raw, strict=True)))


def _load_fields(cls: Any, raw: dict[str, Any], where: str) -> Any:
    hints = _hints(cls)
    names = list(hints)
    for key in raw:
        if key not in names:
            raise UserError(f"{where} has an unknown field {key[:60]!r}.{did_you_mean(key, names)}")
    if missing := [name for name in names if name not in raw]:
        raise UserError(f"{where} lacks the field {missing[0]!r}: write the file again.")
    return cls(**{name: _load(hints[name], raw[name], f"{where}.{name}") for name in names})


@functools.cache
def _hints(cls: Any) -> dict[str, Any]:
    """Return the annotated type of every field."""
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def _expect(raw: Any, kind: type, where: str) -> Any:
    if kind is int and type(raw) is int and abs(raw) >= _TOO_LARGE:
        raise UserError(f"{where} must be a whole number below 2^63: write the file again.")
    if not isinstance(raw, kind) or (isinstance(raw, bool) and kind is not bool):
        names = {
            dict: "an object",
            list: "a list",
            str: "text",
            int: "a whole number",
            float: "a number",
            bool: "true or false",
        }
        raise UserError(f"{where} must be {names.get(kind, kind.__name__)}, not {quoted(raw)}: write the file again.")
    return raw
