"""What has changed in a run since it began: settings by name, and in its datasets recordings and annotations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.tasks.base import Task

TRUTH = "truth"
_NAMED = 3


def require_same_data(
    old: Mapping[str, Any], new: Mapping[str, Any], run: Path, truth: Any, task: Task[Any, Any]
) -> None:
    """Refuse to go on with a run whose datasets are no longer those it began with.

    Parameters
    ----------
    old, new : configurations of the run, which differ in nothing but what depends on the datasets' files.
    run : the run's folder, which keeps the truth that it began with.
    truth, task : the truth of today, and whose it is.

    Raises
    ------
    UserError : naming the datasets, and what has changed in them where that can be told.
    """
    digests = {entry["id"]: entry.get("digest") for entry in old["datasets"]}
    changed = [entry["id"] for entry in new["datasets"] if digests.get(entry["id"]) != entry["digest"]]
    if not changed:
        return
    verb = "has" if len(changed) == 1 else "have"
    what = _what(run / TRUTH, truth, task)
    raise UserError(
        f"{' and '.join(changed)} {verb} changed since the run {run} began{what}: put the old files back, or give "
        "another --out."
    )


def _what(folder: Path, truth: Any, task: Task[Any, Any]) -> str:
    """Return what has changed in words, empty when the old truth cannot be read."""
    try:
        before, now = task.facts(task.read_truth(folder)), task.facts(truth)
    except (UserError, OSError, ValueError):
        return ""
    both = sorted(before.keys() & now.keys())
    found = [
        _listed("gone", sorted(before.keys() - now.keys())),
        _listed("new", sorted(now.keys() - before.keys())),
        _listed("of another length or frame rate", [name for name in both if before[name][0] != now[name][0]]),
        _listed("annotated differently", [name for name in both if before[name][1] != now[name][1]]),
    ]
    words = ", ".join(filter(None, found))
    return f" ({words})" if words else ""


def _listed(what: str, names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{what}: {', '.join(names[:_NAMED])}{more}" if names else ""


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return what differs between two configurations of runs, each as `name (1 there, 2 asked for)`.

    Settings are named the way they are typed: `spot3dcnn:lcn`, `synth_lv:subjects`. What follows from one, such as the
    digest of a dataset and the folds, is told only where nothing else is.
    """
    found = dict.fromkeys(_differing(old, new))
    if not found:
        found = dict.fromkeys(_leaves(old, new, ""))
    return list(found)


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    method = str(new["method"].get("id", "method"))
    for side in ("datasets", "training", "also"):
        mine, theirs = ({entry["id"]: entry for entry in config.get(side, ())} for config in (old, new))
        if mine.keys() != theirs.keys():
            yield _told({"also": "--also", "training": "--train", "datasets": "--dataset"}[side], [*mine], [*theirs])
        for id in mine.keys() & theirs.keys():
            for key, name in (("settings", id), ("method_settings", method)):
                yield from _leaves(mine[id].get(key, {}), theirs[id].get(key, {}), name, ":")
            yield from _leaves(mine[id].get("version"), theirs[id].get("version"), f"version of {id}")
    for key in sorted({*old, *new} - {"datasets", "training", "also", "folds", "plugins"}):
        yield from _leaves(old.get(key), new.get(key), key)


def _leaves(old: Any, new: Any, name: str, between: str = ".") -> Iterator[str]:
    """Yield every value that differs, by its dotted name."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _leaves(old.get(key), new.get(key), f"{name}{between if name else ''}{key}")
    elif old != new:
        yield _told(name, old, new)


def _told(name: str, old: Any, new: Any) -> str:
    return f"{name} ({_short(old)} there, {_short(new)} asked for)"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
