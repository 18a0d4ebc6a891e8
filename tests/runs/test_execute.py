"""What one start of a run does, and what it leaves for the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.runs.execute import Progress
from mebench.runs.monitor import Monitor
from mebench.runs.run import load_run, run

APEXES = Path(__file__).parent / "apex_plugin.py"


@pytest.fixture
def go(plugin, tmp_path):
    def call(method="learner", out="r"):
        return run(
            method, ["fake_lv:subjects=4"], out=tmp_path / out, executor="inline", device="cpu", plugins=[plugin]
        )

    return call


def test_timing_is_rounded_and_plain():
    progress = Progress(seconds={"folds": 1.23456}, fold_seconds={"a": 0.987}, peak_mb=12.345)
    assert progress.timing() == {"seconds": {"folds": 1.23}, "fold_seconds": {"a": 0.99}, "peak_mb": 12.3}


def test_a_recording_that_cannot_be_prepared_fails_every_fold_that_needs_it(go, tmp_path):
    """Everybody learns from s04 or tests it, so no fold trains at all."""
    result = go("learner:unprepared=s04")
    assert not result.complete
    folders = list(load_run(tmp_path / "r").folds())
    assert len(folders) == 2
    for folder in folders:
        reason = (folder.path / "error.txt").read_text()
        assert "fake_lv/s04/v2 could not be prepared: No face was found: give another video." in reason
        assert folder.problem() == "not done yet"
        assert not (folder.path / "log.jsonl").exists()


def test_what_is_done_stays_done(go, tmp_path):
    go()
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "r" / "folds").rglob("done.json")}
    assert len(stamps) == 2
    one = next(iter(stamps))
    one.unlink()
    again = go()
    assert again.complete
    assert {path for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp} == {one}


@pytest.mark.parametrize(("apex", "told"), [("motion", "the frame whose face has moved most"), ("middle", "half way")])
def test_a_run_says_of_which_clips_the_apex_was_spotted(tmp_path, apex, told):
    class Heard(Monitor):
        notes: list[str] = []

        def note(self, text):
            self.notes.append(text)

    Heard.notes = []
    spec = {"out": tmp_path / "r", "executor": "inline", "device": "cpu", "cache": tmp_path / "c"}
    run(f"at_apex:apex={apex}", ["apex_clips"], **spec, plugins=[APEXES], monitor=Heard())
    (note,) = [note for note in Heard.notes if "apex" in note]
    assert note.startswith("apex_clips/s0/c0 and 2 more: No apex is annotated: ")
    assert told in note
    assert f"(apex={apex})" in note
    assert load_run(tmp_path / "r").config["datasets"][0]["method_settings"]["apex"] == apex
