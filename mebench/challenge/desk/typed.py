"""The values of `challenge.toml` held against the types and the bounds of its tables, in the words of TOML."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping
from typing import Any

from mebench.errors import UserError

_WORDS: dict[Any, str] = {
    int: "a whole number without quotes, point or exponent",
    float: "a number without quotes",
    str: "text in quotes",
}
_LONGEST = 60


def check_types(cls: type, table: Mapping[str, Any], where: str) -> None:
    """Refuse values of another type than the fields of a dataclass have; nothing is converted.

    Parameters
    ----------
    cls : whose fields the keys of the table are; others are passed over.
    table : as TOML gives it.
    where : file and table, for messages.

    Raises
    ------
    UserError : for every value of another type.
    """
    hints = typing.get_type_hints(cls)
    wrong = [
        f"{where}: {key} must be {_words(hints[key])}, not {in_toml(raw)}: mend it."
        for key, raw in table.items()
        if key in hints and not _fits(raw, hints[key])
    ]
    if wrong:
        raise UserError("\n".join(wrong))


def check_bounds(config: Any, bounds: Mapping[str, tuple[int, int]]) -> None:
    """Refuse numbers below or above what they can mean.

    Parameters
    ----------
    config : has the numbers as attributes.
    bounds : smallest and largest value by name.

    Raises
    ------
    ValueError : for the first number out of its bounds.
    """
    for name, (least, most) in bounds.items():
        value = getattr(config, name)
        if not least <= value <= most:
            raise ValueError(f"{name} must be at least {least} and at most {most}, not {value:g}: mend it.")


def in_toml(value: Any) -> str:
    """Return a value as it is written in the file, cut where it is long, and `nothing` where there is none."""
    if value is None:
        return "nothing"
    text = json.dumps(value, default=str, ensure_ascii=True)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _fits(raw: Any, hint: Any) -> bool:
    if typing.get_origin(hint) is typing.Literal:
        return isinstance(raw, str) and raw in typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return isinstance(raw, list) and all(isinstance(item, str) for item in raw)
    kinds = (int, float) if hint is float else (hint,)
    return isinstance(raw, kinds) and not isinstance(raw, bool)


def _words(hint: Any) -> str:
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(f'"{choice}"' for choice in typing.get_args(hint))
    return _WORDS.get(hint, 'a list of texts, such as ["...", "..."]')
