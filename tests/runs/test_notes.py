from __future__ import annotations

from pathlib import Path

import pytest

from mebench.runs.monitor import Monitor
from mebench.runs.notes import notes_on
from mebench.runs.plugins import load_plugin
from mebench.runs.run import run
from mebench.schema.recordings import Recording

SLOW = Path(__file__).parent / "slow_plugin.py"


class Frames:
    """Three frames with something to say."""

    digest = "none"

    def __init__(self, *notes: str) -> None:
        self._notes = notes

    def __len__(self):
        return 3

    def notes(self):
        return self._notes


def recording(id: str, *notes: str, fps: float = 30.0) -> Recording:
    return Recording("d", "s1", id, fps, Frames(*notes))


def test_those_with_the_same_note_are_told_together():
    told = notes_on([recording("a", "Cut off."), recording("b", "Cut off.", "Slow."), recording("c")])
    assert told == ["s1/a and 1 more: Cut off.", "s1/b: Slow."]


def test_many_notes_are_counted():
    many = [recording(f"v{i}", f"Note {i}.") for i in range(30)]
    assert notes_on(many, 5)[4:] == [
        "s1/v4: Note 4.",
        "There are 25 more notes on frames: see `mebench data check ID`.",
    ]
    assert len(notes_on(many, None)) == 30


@pytest.mark.parametrize(("fps", "told"), [(25.0, False), (24.0, True), (200.0, False), (10.0, True), (1.0, True)])
def test_few_frames_a_second_are_told(fps: float, told: bool) -> None:
    found = notes_on([recording("a", fps=fps)])
    assert bool(found) == told
    assert not told or found[0].startswith(f"s1/a: At {fps:g} frames/s a micro-expression of 0.5 s has ")


class Heard(Monitor):
    """Keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_a_run_tells_notes_once(plugin: Path, tmp_path: Path) -> None:
    load_plugin(SLOW)
    heard = Heard()
    run("idle", ["slow_lv"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin, SLOW], monitor=heard)
    assert [note for note in heard.notes if "frames/s" in note] == [
        "s01/v1 and 9 more: At 15 frames/s a micro-expression of 0.5 s has 8 frames and one of 0.2 s has 3: short ones "
        "cannot be seen, record at 25 or more."
    ]
