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
    told = together((joined(*recording.key), note) for recording in recordings for note in recording.notes())
    if most is None or len(told) <= most:
        return told
    return [*told[:most], f"There are {len(told) - most} more notes on frames: see `mebench data check ID`."]


def together(notes: Iterable[tuple[str, str]]) -> list[str]:
    """Return notes, given as name and sentence, each once: names that have the same one are told together."""
    named: dict[str, list[str]] = {}
    for name, note in notes:
        named.setdefault(note, []).append(name)
    return [f"{names[0]}{_others(names)}: {note}" for note, names in named.items()]


def _others(names: list[str]) -> str:
    return "" if len(names) == 1 else f" and {len(names) - 1} more"
