"""What the end of a run says about faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mebench.runs.unseen import presences_of, told_of
from mebench.schema.presence import Presence
from mebench.schema.presence_file import format_presences


def lost(first: int, last: int, *, begins: tuple[int, ...] = (), notes: tuple[str, ...] = ()) -> Presence:
    found, starts = np.ones(240, bool), np.zeros(240, bool)
    found[first - 1 : last] = False
    starts[[number - 1 for number in begins]] = True
    return Presence(found, starts, notes)


def test_nothing_is_told_where_all_was_seen() -> None:
    assert told_of({"a/1": Presence.everywhere(9)}) == []
    assert told_of({}) == []


def test_the_worst_are_named() -> None:
    videos = {f"s/{i}": lost(1, 10 * i) for i in range(1, 6)} | {"s/9": Presence.everywhere(240)}
    assert told_of(videos) == [
        "no face in 150 of 1440 frames, which are not scored, in 5 videos:",
        "  s/5: no face in frames 1-50: 50 of 240 frames are not scored",
        "  s/4: no face in frames 1-40: 40 of 240 frames are not scored",
        "  s/3: no face in frames 1-30: 30 of 240 frames are not scored",
        "  and 2 more: folds/*/presence.json has all",
    ]


def test_cuts_and_notes_are_counted() -> None:
    shifted = ("OpenFace table: frames 0-239; one is added to every frame number",)
    videos = {"s/1": lost(1, 0, notes=shifted), "s/2": lost(1, 0, begins=(20,), notes=shifted)}
    assert told_of(videos) == [
        "another shot or another person begins within 1 video, first in s/2",
        f"s/1: {shifted[0]} (and so in 1 video more)",
    ]


def test_all_folds_are_gathered(tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = tmp_path / "folds" / name
        folder.mkdir(parents=True)
        (folder / "presence.json").write_text(format_presences({f"{name}/1": lost(3, 4)}))
    (tmp_path / "folds" / "c").mkdir()
    assert sorted(presences_of(tmp_path)) == ["a/1", "b/1"]
