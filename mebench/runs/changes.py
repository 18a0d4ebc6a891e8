"""What has changed in the datasets of a run since it began: which recordings and which of their annotations."""

from __future__ import annotations

from collections.abc import Mapping
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
