"""What the end of a run says about faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mebench.runs.run import run
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


def test_a_run_keeps_to_faces_and_fails_for_the_video_without_one_alone(tmp_path: Path) -> None:
    plugin = Path(__file__).with_name("faces_plugin.py")
    result = run("sees_all", ["leaving_lv"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin])
    (failure,) = result.progress.failures.values()
    assert "leaving_lv/s3/v could not be prepared: Only 1 of 100 frames show a face" in failure
    rows = [line.split(",")[:4] for line in (tmp_path / "r/predictions.csv").read_text().splitlines()[1:]]
    assert rows == [["s1", "v", "30", "45"], ["s1", "v", "45", "58"], ["s2", "v", "30", "40"]]
    found = presences_of(tmp_path / "r")
    assert {name: one.missing() for name, one in found.items()} == {"s1/v": [], "s2/v": [(41, 60)]}
    assert told_of(found)[0] == "no face in 20 of 200 frames, which are not scored, in 1 video:"
    events = (tmp_path / "r/truth/events.csv").read_text()
    assert events.count("30,,45") + events.count("30,0,45") == 3, "the truth is what it was"
