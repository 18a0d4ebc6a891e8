"""What the end of a run says about faces: how many frames were not scored for want of one, and where most are."""

from __future__ import annotations

import collections
from collections.abc import Mapping
from pathlib import Path

from mebench.schema.presence import Presence
from mebench.schema.presence_file import PRESENCE, read_presences

_NAMED = 3


def presences_of(run: Path) -> dict[str, Presence]:
    """Return where the faces of the tested videos of a run were found, by `subject/video`.

    Raises
    ------
    UserError : when a fold's record is damaged.
    """
    found: dict[str, Presence] = {}
    for path in sorted(run.glob(f"folds/*/{PRESENCE}")):
        found.update(read_presences(path))
    return found


def told_of(videos: Mapping[str, Presence]) -> list[str]:
    """Return what a reader of the scores must know, a sentence each; nothing where every face was seen throughout."""
    missing = {name: len(one) - int(one.found.sum()) for name, one in videos.items()}
    worst = sorted((name for name in missing if missing[name]), key=lambda name: (-missing[name], name))
    lines = []
    if worst:
        frames = sum(map(len, videos.values()))
        lines.append(
            f"no face in {sum(missing.values())} of {frames} frames, which are not scored, in {_videos(len(worst))}:"
        )
        lines += [f"  {name}: {videos[name].sentences()[0]}" for name in worst[:_NAMED]]
        if len(worst) > _NAMED:
            lines.append(f"  and {len(worst) - _NAMED} more: folds/*/{PRESENCE} has all")
    if cut := [name for name, one in videos.items() if one.cuts()]:
        lines.append(f"another shot or another person begins within {_videos(len(cut))}, first in {cut[0]}")
    return lines + _notes(videos)


def _notes(videos: Mapping[str, Presence]) -> list[str]:
    """Return the notes of all videos, each with the number of videos that have one of its policy."""
    by_policy: dict[str, list[str]] = collections.defaultdict(list)
    for name, one in videos.items():
        for note in one.notes:
            by_policy[note.rpartition("; ")[2]].append(f"{name}: {note}")
    return [
        lines[0] if len(lines) == 1 else f"{lines[0]} (and so in {_videos(len(lines) - 1)} more)"
        for lines in by_policy.values()
    ]


def _videos(count: int) -> str:
    return f"{count} video{'s' * (count != 1)}"
