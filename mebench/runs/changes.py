"""What has changed in the datasets of a run since it began: which videos and which of their annotations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.schema.truth import Truth

TRUTH = "truth"
_NAMED = 3

_Facts = dict[str, tuple[object, ...]]


def require_same_data(old: Mapping[str, Any], new: Mapping[str, Any], run: Path, truth: Truth) -> None:
    """Refuse to go on with a run whose datasets are no longer those it began with.

    Parameters
    ----------
    old, new : configurations of the run, which differ in nothing but what depends on the datasets' files.
    run : the run's folder, which keeps the truth that it began with.
    truth : the truth of today.

    Raises
    ------
    UserError : naming the datasets, and what has changed in them where that can be told.
    """
    digests = {entry["id"]: entry.get("digest") for entry in old["datasets"]}
    changed = [entry["id"] for entry in new["datasets"] if digests.get(entry["id"]) != entry["digest"]]
    if not changed:
        return
    verb = "has" if len(changed) == 1 else "have"
    raise UserError(
        f"{' and '.join(changed)} {verb} changed since the run {run} began{_what(run / TRUTH, truth)}: put the old "
        "files back, or give another --out."
    )


def _what(folder: Path, truth: Truth) -> str:
    """Return what has changed in words, empty when the old truth cannot be read."""
    try:
        before, now = _facts(Truth.read(folder)), _facts(truth)
    except (UserError, OSError, ValueError):
        return ""
    both = sorted(before.keys() & now.keys())
    found = [
        _listed("gone", sorted(before.keys() - now.keys())),
        _listed("new", sorted(now.keys() - before.keys())),
        _listed("of another length or frame rate", [name for name in both if before[name][:2] != now[name][:2]]),
        _listed("annotated differently", [name for name in both if before[name][2:] != now[name][2:]]),
    ]
    words = ", ".join(filter(None, found))
    return f" ({words})" if words else ""


def _listed(what: str, names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{what}: {', '.join(names[:_NAMED])}{more}" if names else ""


def _facts(truth: Truth) -> _Facts:
    """Return (frames, fps, events...) of every video, by `subject/video`."""
    videos, events = truth.videos, truth.events
    rows = zip(videos.subject, videos.video, videos.n_frames, videos.fps, strict=True)
    facts: _Facts = {f"{subject}/{video}": (int(n), float(fps)) for subject, video, n, fps in rows}
    for row in events.rows():
        name = f"{row.subject}/{row.video}"
        facts[name] = (
            *facts.get(name, ()),
            (row.onset, row.apex, row.offset, str(row.type), row.emotion, row.action_units),
        )
    return facts
