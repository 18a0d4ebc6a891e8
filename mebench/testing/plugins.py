"""What is checked of every plug-in, whatever its kind: its name, its one line, and its settings."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mebench.settings import build_config, config_dict, describe_config, digest_of
from mebench.testing.findings import Check

_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")


def common_checks(cls: Any) -> dict[str, Check]:
    """Return the checks of a plug-in class."""
    checks: dict[str, Check] = {"is named and described": lambda: _named(cls)}
    if isinstance(getattr(cls, "Config", None), type):
        checks["documents its settings"] = lambda: _documented(cls)
    return checks


def _named(cls: Any) -> str:
    if not _ID.fullmatch(cls.id):
        return f"The id {cls.id!r} cannot be typed as ID:key=value: use lower-case letters, digits, _ . and -."
    version = getattr(cls, "version", "1")
    if not isinstance(version, str) or not version:
        return f"The version is {version!r}: give text such as '1'."
    if not getattr(cls, "summary", "") and not (cls.__dict__.get("__doc__") or "").strip():
        return "It has neither a summary nor a docstring: give `summary`, the line of `mebench list`."
    return ""


def problem_of_names(attribute: str, names: Any, says: str) -> str:
    """Return what is wrong with names that a class lists: text is taken for its letters, and one name counts once."""
    if isinstance(names, str) or not isinstance(names, Sequence):
        return f"`{attribute}` is {names!r}: give a tuple of names, as (NAME,) for a single one."
    if not names:
        return f"`{attribute}` is empty: say in it {says}."
    if any(not isinstance(name, str) or not name for name in names):
        return f"`{attribute}` is {names!r}: every name is text that is not empty."
    if again := [name for name in names if list(names).count(name) > 1]:
        return f"`{attribute}` has {again[0]!r} twice: give each name once."
    return ""


def _documented(cls: Any) -> str:
    config: Any = cls.Config
    rules = getattr(config, "__dataclass_params__", None)
    if rules is None or not rules.frozen:
        return f"{config.__name__} is no frozen dataclass: write @dataclasses.dataclass(frozen=True) above it."
    fields = dataclasses.fields(config)
    if bare := [f.name for f in fields if not {"doc", "unit", "source"} <= set(f.metadata)]:
        return (
            f"{bare[0]} says nothing of itself: declare it by setting(DEFAULT, 'what it does', unit=..., source=...)."
        )
    for name, _, doc, _, source in describe_config(config):
        if not doc.strip() or not source.strip():
            lacking = "source" if doc.strip() else "doc"
            return f"{name} has no {lacking}: say in `setting` what it does and who chose it."
    first, second = (digest_of(config_dict(build_config(config, {}, owner=cls.id))) for _ in range(2))
    if first != second:
        return "The default settings differ from one time to the next: let defaults be constants."
    return _presets(cls)


def _presets(cls: Any) -> str:
    known = {field.name for field in dataclasses.fields(cls.Config)}
    published = getattr(cls, "presets", {})  # those of a protocol are conventions, and a function
    for dataset, values in published.items() if isinstance(published, Mapping) else ():
        if unknown := sorted(set(values) - known):
            return f"The preset of {dataset} sets {unknown[0]}, which is no setting: take it out."
        build_config(cls.Config, {}, owner=cls.id, defaults=values)
    for profile, values in getattr(cls, "profiles", {}).items():
        if unknown := sorted(set(values) - known):
            return f"The profile {profile} sets {unknown[0]}, which is no setting: take it out."
        build_config(cls.Config, {"profile": profile}, owner=cls.id, defaults=values)
    return ""
