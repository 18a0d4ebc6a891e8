"""What cards of one method are told apart by: the settings in which they differ, as text.

Conventions
-----------
A card leaves out a setting that came after the first cards and has mebench's default, so that older cards keep their
digests. Here such a setting has that default again: beside a profile that sets something else it is a difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mebench.methods.additions import ADDITIONS, OWN_PROFILE
from mebench.schema.scorecard import MethodRef

PROFILE = "profile"
"""The setting that says whose recipe a method follows; cards do not name its default."""

_SHOWN = 8
"""Digits of a digest that are shown where settings do not tell two cards apart."""


def distinct_settings(methods: Sequence[MethodRef]) -> list[str]:
    """Return for each method the settings in which those of the same id differ, as `key=value,...`.

    The profile comes first, and stands there even when nothing differs, unless all have mebench's own; what it says is
    not said again. Where the settings of two methods read alike though their digests differ, as those of two versions
    do, the digest is told too.
    """
    found = [_text(method, [other for other in methods if other.id == method.id]) for method in methods]
    return [
        _with_digest(text, method)
        if any(
            (other.id, said) == (method.id, text) and other.digest != method.digest
            for other, said in zip(methods, found, strict=True)
        )
        else text
        for text, method in zip(found, methods, strict=True)
    ]


def _with_digest(text: str, method: MethodRef) -> str:
    told = f"digest={method.digest[:_SHOWN] or 'unknown'}"
    return f"{text},{told}" if text else told


def _text(method: MethodRef, peers: Sequence[MethodRef]) -> str:
    own, others = _resolved(method), [_resolved(peer) for peer in peers]
    keys = [key for key in sorted(own) if any(key not in other or other[key] != own[key] for other in others)]
    profile = profile_of(method.config)
    if all(profile_of(peer.config) == OWN_PROFILE for peer in peers):
        return ",".join(f"{key}={plain(own[key])}" for key in keys)
    said = ADDITIONS[method.id].values(profile) if method.id in ADDITIONS else {}
    shown = [key for key in keys if (name := key.rpartition(".")[2]) not in said or own[key] != said[name]]
    return ",".join([f"{PROFILE}={profile}", *(f"{key}={plain(own[key])}" for key in shown)])


def _resolved(method: MethodRef) -> dict[str, Any]:
    """Return the settings without the profile, with those that the card leaves out; `dataset.key` where they differ."""
    later = ADDITIONS[method.id].later if method.id in ADDITIONS else {}
    return {
        f"{dataset}{key}": value
        for dataset, config in _by_dataset(method.config)
        for key, value in {**later, **config}.items()
        if key != PROFILE
    }


def _by_dataset(config: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield settings with what stands before their names: those of all datasets, or of one each."""
    if config and all(isinstance(own, Mapping) for own in config.values()):
        yield from ((f"{dataset}.", own) for dataset, own in config.items())
    else:
        yield "", config


def profile_of(config: Mapping[str, Any]) -> str:
    """Return the profile of a card's method; a card that names none has mebench's own.

    >>> profile_of({"profile": "thesis"}), profile_of({"lcn": True}), profile_of({"samm_lv": {"profile": "thesis"}})
    ('thesis', 'mebench', 'thesis')
    """
    found = [own[PROFILE] for _, own in _by_dataset(config) if PROFILE in own]
    return str(found[0]) if found else OWN_PROFILE


def plain(value: Any) -> str:
    """Return a JSON value as a person writes it on the command line.

    >>> plain([16, 32]), plain(0.5), plain(True)
    ('16/32', '0.5', 'true')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple) and all(not isinstance(v, list | tuple | Mapping) for v in value):
        return "/".join(plain(v) for v in value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
