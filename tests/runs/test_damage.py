"""Damage to the files of a run: noticed, mended or refused in one sentence, and never taken for results."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.monitor import Monitor
from mebench.runs.run import RunResult, load_run, run
from tests.run_files import comparable

FOLD = "001-s01-s02"


class Notes(Monitor):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def learn(plugin: Path, out: Path, monitor: Monitor | None = None) -> RunResult:
    return run("learner", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin], monitor=monitor)


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(comparable(path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("timing.json", ".lock")
    }


@pytest.fixture(scope="module")
def reference(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    learn(plugin, out)
    return out


@pytest.fixture
def out(reference: Path, tmp_path: Path) -> Path:
    return shutil.copytree(reference, tmp_path / "run", symlinks=True)


def flip(path: Path, count: int = 1, at: int | None = None) -> None:
    data, rng = bytearray(path.read_bytes()), random.Random(1)
    for _ in range(count):
        data[rng.randrange(len(data)) if at is None else at] ^= 0xFF
    path.write_bytes(data)


Damage = Callable[[Path], object]


def text(name: str, content: str | bytes) -> Damage:
    return lambda fold: (fold / name).write_bytes(content.encode() if isinstance(content, str) else content)


def linked(fold: Path) -> None:
    (fold / "done.json").rename(fold.parents[1].parent / "elsewhere.json")
    (fold / "done.json").symlink_to(fold.parents[1].parent / "elsewhere.json")


FOLD_DAMAGES: dict[str, Damage] = {
    "done 1 byte": lambda d: flip(d / "done.json", at=10),
    "done emptied": text("done.json", ""),
    "done []": text("done.json", "[]"),
    "done null": text("done.json", "null"),
    "done {}": text("done.json", "{}"),
    "done 3": text("done.json", "3"),
    "done files a list": text("done.json", '{"files": [1]}'),
    "done files of numbers": text(
        "done.json", json.dumps({"files": dict.fromkeys(("predictions.csv", "scores.npz"), 1)})
    ),
    "done frames a number": lambda d: (d / "done.json").write_text(
        json.dumps({**json.loads((d / "done.json").read_text()), "frames": 3})
    ),
    "done deep": text("done.json", "[" * 100_000),
    "done deep object": text("done.json", '{"files":' * 5_000),
    "done huge number": text("done.json", '{"files": ' + "9" * 10_000 + "}"),
    "done not UTF-8": text("done.json", b"\xff\xfe"),
    "done dangling": lambda d: ((d / "done.json").unlink(), (d / "done.json").symlink_to("nowhere")),
    "done a link": linked,
    "done a folder": lambda d: ((d / "done.json").unlink(), (d / "done.json").mkdir()),
    "done a pipe": lambda d: ((d / "done.json").unlink(), os.mkfifo(d / "done.json")),
    "predictions 1 byte": lambda d: flip(d / "predictions.csv"),
    "scores 1 byte": lambda d: flip(d / "scores.npz"),
    "checkpoint 1 byte": lambda d: flip(d / "checkpoint.safetensors"),
    "log 1 byte": lambda d: flip(d / "log.jsonl"),
    "checkpoint emptied": lambda d: os.truncate(d / "checkpoint.safetensors", 0),
    "scores removed": lambda d: (d / "scores.npz").unlink(),
    "predictions a folder": lambda d: ((d / "predictions.csv").unlink(), (d / "predictions.csv").mkdir()),
    "log a pipe": lambda d: ((d / "log.jsonl").unlink(), os.mkfifo(d / "log.jsonl")),
    "fold a file": lambda d: (shutil.rmtree(d), d.write_text("x")),
    "fold a dangling link": lambda d: (shutil.rmtree(d), d.symlink_to("nowhere")),
}


@pytest.mark.parametrize("name", FOLD_DAMAGES)
def test_a_damaged_fold_is_told_and_done_again(plugin: Path, reference: Path, out: Path, name: str) -> None:
    FOLD_DAMAGES[name](out / "folds" / FOLD)
    seen = Notes()
    result = learn(plugin, out, seen)
    assert result.complete
    assert FOLD not in result.progress.skipped
    assert len(result.progress.skipped) == 2
    assert [note for note in seen.notes if f"Fold {FOLD} is done again: " in note] != []
    assert content(out) == content(reference)


RUN_DAMAGES: dict[str, Damage] = {
    "predictions garbled": lambda r: flip(r / "predictions.csv", 50),
    "scorecard garbled": lambda r: flip(r / "scorecard.json", 50),
    "scorecard deep": text("scorecard.json", "[" * 100_000),
    "events garbled": lambda r: flip(r / "truth" / "events.csv", 5),
    "videos emptied": lambda r: os.truncate(r / "truth" / "videos.csv", 0),
    "frames garbled": lambda r: flip(r / "frames.txt"),
    "timing []": text("timing.json", "[]"),
    "timing deep": text("timing.json", "[" * 100_000),
    "timing seconds a list": text("timing.json", '{"fold_seconds": [1]}'),
    "timing seconds text": text("timing.json", '{"fold_seconds": "x"}'),
    "config 1 byte": lambda r: flip(r / "config.json", at=3),
    "config garbled": lambda r: flip(r / "config.json", 50),
    "config emptied": text("config.json", ""),
    "config []": text("config.json", "[]"),
    "config deep": text("config.json", "[" * 100_000),
    "config dangling": lambda r: ((r / "config.json").unlink(), (r / "config.json").symlink_to("nowhere")),
    "config a pipe": lambda r: ((r / "config.json").unlink(), os.mkfifo(r / "config.json")),
    "frames a pipe": lambda r: ((r / "frames.txt").unlink(), os.mkfifo(r / "frames.txt")),
    "timing a pipe": lambda r: ((r / "timing.json").unlink(), os.mkfifo(r / "timing.json")),
    "times ahead": lambda r: [os.utime(p, (time.time() + 3e8,) * 2) for p in r.rglob("*")],
}


@pytest.mark.parametrize("name", RUN_DAMAGES)
def test_damage_beside_the_folds_is_mended_and_costs_no_fold(
    plugin: Path, reference: Path, out: Path, name: str
) -> None:
    RUN_DAMAGES[name](out)
    seen = Notes()
    result = learn(plugin, out, seen)
    assert len(result.progress.skipped) == 3
    aside = list(out.rglob("*.changed"))
    assert bool(aside) == name.startswith(("predictions", "scorecard", "events", "videos"))
    for path in aside:
        assert any(path.name in note for note in seen.notes)
        path.unlink()
    assert content(out) == content(reference)
    seconds = json.loads((out / "timing.json").read_text())["fold_seconds"]
    assert isinstance(seconds, dict)
    if name.startswith("config"):
        assert any("config.json was damaged and is written again" in note for note in seen.notes)
    if name.startswith("frames"):
        assert "frames.txt was damaged and is written again." in seen.notes
    if name.startswith("timing"):
        assert any("timing.json was damaged" in note for note in seen.notes)


SHAPES: list[dict[str, object]] = [
    {"folds": 3},
    {"folds": [1]},
    {"folds": [{}]},
    {"datasets": {}},
    {"datasets": [1]},
    {"method": "x"},
    {"method": None},
    {"protocol": {"id": 3}},
]


@pytest.mark.parametrize("change", SHAPES)
def test_a_configuration_of_another_shape_is_no_configuration(
    plugin: Path, reference: Path, out: Path, change: dict[str, object]
) -> None:
    config = json.loads((out / "config.json").read_text())
    (out / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(
        UserError, match=r"config\.json is not what was written: give the same mebench run command again"
    ):
        load_run(out)
    learn(plugin, out)
    assert content(out) == content(reference)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000])
def test_a_configuration_that_no_fold_proves_is_refused(plugin: Path, out: Path, text: str) -> None:
    (out / "config.json").write_text(text)
    for done in out.glob("folds/*/done.json"):
        done.write_text("{}")
    with pytest.raises(UserError, match=r"config\.json is damaged, and no fold .*: remove the folder and run again"):
        learn(plugin, out)
    with pytest.raises(UserError, match=r"config\.json (cannot be read|is not what was written)"):
        load_run(out)


def test_files_of_others_in_a_fold_are_told_and_left_alone(plugin: Path, reference: Path, out: Path) -> None:
    (out / "folds" / FOLD / "junk").write_text("mine")
    seen = Notes()
    result = learn(plugin, out, seen)
    assert len(result.progress.skipped) == 3
    assert f"Fold {FOLD} holds junk, which is not its own: left as it is." in seen.notes
    (out / "folds" / FOLD / "junk").unlink()
    assert content(out) == content(reference)
