"""Settings of plug-ins: `ID:key=value,key=value` on the command line, frozen dataclasses in the code."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from mebench.errors import UserError, did_you_mean

C = TypeVar("C")


def setting(default: Any, doc: str, *, unit: str = "", source: str = "mebench's choice", later: bool = False) -> Any:
    """Declare one documented field of a `Config` dataclass.

    Parameters
    ----------
    default : default value.
    doc : one sentence that says what the setting does.
    unit : physical unit of the value, such as `frames` or `px`.
    source : section or table that published the default, or `mebench's choice` where nobody has.
    later : the setting came after cards were recorded, and its default is what those cards did: at its default it is
        not written, so that settings and digests of before stay what they were.
    """
    metadata = {"doc": doc, "unit": unit, "source": source, "later": later}
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True)
class Spec:
    """A plug-in's id with the settings that the user gave, all still text."""

    id: str
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        """Return `ID:key=value,...` with the keys sorted."""
        if not self.options:
            return self.id
        return self.id + ":" + ",".join(f"{k}={v}" for k, v in sorted(self.options.items()))


def parse_spec(text: str) -> Spec:
    """Parse `ID` or `ID:key=value,key=value`.

    Raises
    ------
    UserError : when a setting has no `=` or is given twice.
    """
    name, _, rest = text.strip().partition(":")
    options: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in rest.split(","))):
        key, equals, value = part.partition("=")
        if not equals:
            raise UserError(f"The setting {part!r} in {text!r} has no value: write {part}=VALUE.")
        if key in options:
            raise UserError(f"The setting {key!r} is given twice in {text!r}: keep one of them.")
        options[key.strip()] = value.strip()
    return Spec(name, options)


def build_config(
    cls: type[C], options: Mapping[str, Any], *, owner: str, defaults: Mapping[str, Any] | None = None
) -> C:
    """Make a `Config` from text or typed options laid over `defaults`; all that is wrong with them is told at once.

    Parameters
    ----------
    cls : a frozen dataclass.
    options : what the user asked for; strings are converted to the field's type.
    owner : name used in error messages, such as `spot3dcnn`.
    defaults : values that replace the dataclass defaults, such as those published for one dataset.

    Raises
    ------
    UserError : for an unknown key, a value of the wrong type, or a value that the dataclass refuses.
    """
    hints = typing.get_type_hints(cls)
    names = [f.name for f in dataclasses.fields(typing.cast(Any, cls)) if f.init]
    values = dict(defaults or {})
    problems: list[str] = []
    for key, raw in options.items():
        if key not in names:
            problems.append(f"{owner} has no setting {key!r}.{did_you_mean(key, names)}")
            continue
        try:
            values[key] = _convert(raw, hints[key], f"{owner}:{key}")
        except UserError as error:
            problems.append(str(error))
    if problems:
        raise UserError("\n".join(problems))
    try:
        return cls(**values)
    except (TypeError, ValueError) as error:
        raise UserError(f"{owner}: {error}") from error


def check_limits(
    config: Any,
    *names: str,
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
    below: float | None = None,
    hint: str = "",
) -> None:
    """See that settings lie within limits; those that are None pass.

    Parameters
    ----------
    names : of the settings; each that is wrong is told with its value.
    above, least, most, below : the limits, `above` and `below` without the limit itself.
    hint : what else to do, after a colon.

    Raises
    ------
    ValueError : for settings that are outside.
    """
    limits = {"above": above, "at least": least, "at most": most, "below": below}
    told = " and ".join(f"{words} {limit:g}" for words, limit in limits.items() if limit is not None)
    wrong = []
    for name in names:
        value = getattr(config, name)
        if value is not None and not (
            (above is None or value > above)
            and (least is None or value >= least)
            and (most is None or value <= most)
            and (below is None or value < below)
        ):
            wrong.append(f"{name}={value:g} must be {told}")
    if wrong:
        raise ValueError("; ".join(wrong) + (f": {hint}" if hint else ""))


def _convert(raw: Any, hint: Any, where: str) -> Any:
    """Turn text into the annotated type; values that are no text pass (TOML gives typed ones)."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if raw is None or (isinstance(raw, str) and raw.lower() in ("none", "auto", "")):
            return None
        return _convert(raw, next(a for a in arguments if a is not type(None)), where)
    if origin is typing.Literal:
        for choice in arguments:
            if raw == choice or (isinstance(raw, str) and raw == str(choice)):
                return choice
        raise UserError(f"{where}={raw!r} is not one of {', '.join(map(repr, arguments))}.")
    if origin is tuple:
        parts = raw.split("/") if isinstance(raw, str) else list(raw)
        return tuple(_convert(part, arguments[0], where) for part in parts)
    return _convert_scalar(raw, hint, where)


def _convert_scalar(raw: Any, hint: Any, where: str) -> Any:
    if hint is bool:
        truth = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if str(raw).lower() not in truth:
            raise UserError(f"{where}={raw!r} must be true or false.")
        return truth[str(raw).lower()]
    try:
        return _number(raw, hint) if hint in (int, float) else hint(raw)
    except (TypeError, ValueError, OverflowError) as error:
        kind = {"int": "a whole number", "float": "a number"}.get(getattr(hint, "__name__", ""), str(hint))
        raise UserError(f"{where}={raw!r} must be {kind}.") from error


def _number(raw: Any, hint: type[int] | type[float]) -> float:
    """Convert without losing anything: 1.5 is no whole number, true is none at all, and neither is NaN or infinity."""
    value = hint(raw)
    if isinstance(raw, bool) or not math.isfinite(value) or (not isinstance(raw, str) and value != raw):
        raise ValueError("not a number of this kind")
    return value


def config_dict(config: Any) -> dict[str, Any]:
    """Return a config's values as plain JSON types, without those that came `later` and have their default."""
    unsaid = {
        field.name
        for field in dataclasses.fields(config)
        if field.metadata.get("later") and getattr(config, field.name) == field.default
    }
    values = {name: value for name, value in dataclasses.asdict(config).items() if name not in unsaid}
    return typing.cast(dict[str, Any], json.loads(json.dumps(values)))


def describe_config(cls: type) -> Iterator[tuple[str, Any, str, str, str]]:
    """Yield (name, default, doc, unit, source) of every field of a `Config` class."""
    for field in dataclasses.fields(cls):
        meta = field.metadata
        yield field.name, field.default, meta.get("doc", ""), meta.get("unit", ""), meta.get("source", "")


def digest_of(*parts: Any) -> str:
    """Return the sha256 hex digest of values in canonical JSON (sorted keys)."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
