"""What somebody has changed in the folder of a run is kept beside, and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.runs.put_aside import put_aside, written
from mebench.runs.run import RunResult, run
from mebench.runs.store import RunFolder
from tests.run_files import comparable

from .test_damage import Notes

DONE = "5 of 5 folds are done already."
RESULTS = ("predictions.csv", "scorecard.json", "truth/events.csv", "truth/truth.json", "truth/videos.csv")


def start(plugin: Path, out: Path, monitor: Notes | None = None) -> RunResult:
    return run("idle", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin], monitor=monitor)


@pytest.fixture
def out(plugin: Path, tmp_path: Path) -> Path:
    start(plugin, tmp_path / "r")
    return tmp_path / "r"


@pytest.mark.parametrize("name", RESULTS)
def test_what_was_changed_by_hand_is_kept_and_told(plugin: Path, out: Path, name: str) -> None:
    whole = comparable(out / name)
    for number in ("", "-2"):
        (out / name).write_text(f"mine{number}")
        seen = Notes()
        start(plugin, out, seen)
        aside = f"{Path(name).name}.changed{number}"
        assert seen.notes == [
            f"{name} was changed since it was written: it is {aside} now, and is written anew.",
            DONE,
        ]
        assert (out / name).with_name(aside).read_text() == f"mine{number}"
        assert comparable(out / name) == whole


def test_what_is_as_it_was_written_or_gone_is_no_matter(plugin: Path, out: Path) -> None:
    assert sorted(written(RunFolder(out))) == sorted(RESULTS)
    for again in range(2):
        seen = Notes()
        start(plugin, out, seen)
        assert seen.notes == [DONE]
        for name in RESULTS if not again else ():
            (out / name).unlink()
    assert not list(out.rglob("*.changed*"))


def test_without_a_record_nothing_is_said(out: Path) -> None:
    (out / "predictions.csv").write_text("mine")
    for record in ("{}", '{"written": []}', "[]"):
        (out / "timing.json").write_text(record)
        assert put_aside(RunFolder(out)) == []
