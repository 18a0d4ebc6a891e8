from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.store import RunFolder

CONFIG = {
    "schema": 2,
    "task": "spotting",
    "protocol": {"id": "p"},
    "method": {"id": "m", "settings": {"a": 1, "b": (2, 3)}},
    "datasets": [],
    "folds": [],
    "seed": 0,
}


def test_the_same_run_finds_its_folder_again(tmp_path: Path) -> None:
    RunFolder(tmp_path / "r").claim(CONFIG)
    before = (tmp_path / "r" / "config.json").read_bytes()
    RunFolder(tmp_path / "r").claim(CONFIG)
    assert (tmp_path / "r" / "config.json").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 1}, r"another seed \(0 there, 1 asked for\): ask for what is there, give another --out"),
        (
            {"method": {"id": "m", "settings": {"a": 2, "b": [2, 3]}}},
            r"another method.settings.a \(1 there, 2 asked for\)",
        ),
        ({"more": "x"}, r"another more \(null there, \"x\" asked for\)"),
    ],
)
def test_another_run_is_refused_with_what_differs(tmp_path: Path, change: dict[str, object], message: str) -> None:
    RunFolder(tmp_path).claim(CONFIG)
    with pytest.raises(UserError, match=message):
        RunFolder(tmp_path).claim({**CONFIG, **change})


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError, match="not empty and not the folder of a run: give another --out"):
        RunFolder(tmp_path).claim(CONFIG)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "is not the folder of a run"), ("{", r"cannot be read .*: give the same mebench run command again")],
)
def test_a_folder_without_a_configuration_is_no_run(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(UserError, match=message):
        RunFolder(tmp_path).config()


def hold(path: Path, connection: Connection) -> None:
    with RunFolder(path).locked():
        connection.send("held")
        connection.recv()


def test_two_processes_do_not_work_in_one_folder_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=hold, args=(tmp_path / "r", theirs))
    process.start()
    assert ours.poll(60), "the other process did not start"
    assert ours.recv() == "held"
    with pytest.raises(UserError, match="Another process is working on the run"), RunFolder(tmp_path / "r").locked():
        pass
    process.kill()
    process.join()
    with RunFolder(tmp_path / "r").locked():
        RunFolder(tmp_path / "r").claim(CONFIG)


def test_temporary_files_of_a_killed_start_are_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".config.json.x1y2").write_text("{")
    RunFolder(tmp_path).claim(CONFIG)
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / ".events.csv.x1y2").write_text("")
    (tmp_path / ".scorecard.json.x1y2").write_text("")
    RunFolder(tmp_path).claim(CONFIG)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["config.json", "truth"]


def test_unreadable_timing_is_no_reason_to_stop(tmp_path: Path) -> None:
    assert RunFolder(tmp_path).timing() == {}
    (tmp_path / "timing.json").write_text("{")
    assert RunFolder(tmp_path).timing() == {}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_a_lock_that_is_no_plain_file_is_told(tmp_path, make):
    make(tmp_path / ".lock")
    with pytest.raises(UserError, match="lock is no plain file.*: move it away"), RunFolder(tmp_path).locked():
        pass
