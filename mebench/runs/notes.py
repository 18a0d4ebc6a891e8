"""What should be known of the frames of recordings, each sentence once."""

from __future__ import annotations

from collections.abc import Iterable

from mebench.schema.people import joined
from mebench.schema.recordings import Recording

MOST = 20
"""Sentences that are told in full."""


def notes_on(recordings: Iterable[Recording], most: int | None = MOST) -> list[str]:
    """Return the notes of recordings; those that have the same one are told together.

    Parameters
    ----------
    most : number of notes after which the others are only counted; None tells all.
    """
    named: dict[str, list[str]] = {}
    for recording in recordings:
        for note in recording.notes():
            named.setdefault(note, []).append(joined(*recording.key))
    told = [f"{names[0]}{_others(names)}: {note}" for note, names in named.items()]
    if most is None or len(told) <= most:
        return told
    return [*told[:most], f"There are {len(told) - most} more notes on frames: see `mebench data check ID`."]


def _others(names: list[str]) -> str:
    return "" if len(names) == 1 else f" and {len(names) - 1} more"
