from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import numpy as np
import pytest

from mebench.runs.arrays import NpzWriter, write_safetensors
from mebench.runs.folds import CHECKPOINT, DONE, ERROR, LOG, FoldFolder
from mebench.runs.plan import Arm, Fold
from mebench.runs.work.spotting import PREDICTIONS, SCORES, scores_of
from mebench.schema.people import Person
from mebench.tasks.catalogue import task_of

A, B, C, E = (Person("d", name) for name in "abce")
FOLD = Fold("001-a-b", (C,), (Arm((A,), (B,)), Arm((B,), (A,))))
FILES = (PREDICTIONS, LOG, CHECKPOINT, SCORES)


def of(path: Path, fold: Fold = FOLD, config: str = "run", frames: dict[str, str] | None = None) -> FoldFolder:
    return FoldFolder(path, fold, config, frames, task_of("spotting"), (SCORES,))


def finished(path: Path) -> FoldFolder:
    folder = of(path / FOLD.id)
    folder.begin()
    folder.log({"epoch": 1, "loss": np.float32(0.5), "weights": np.arange(2)})
    state = {"0/w": np.arange(3.0), "1/w": np.arange(4.0), "1/b": np.array(2.0)}
    (folder.path / PREDICTIONS).write_text("x\n")
    with NpzWriter(folder.path / SCORES) as file:
        file.add("a/v", np.ones((4, 2), np.float32))
    folder.finish({CHECKPOINT: lambda path: write_safetensors(path, state, "note")})
    return folder


def test_a_finished_fold_is_done_and_gives_back_what_it_holds(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    assert folder.problem() is None
    assert sorted(p.name for p in folder.path.iterdir()) == sorted([*FILES, DONE])
    assert json.loads((folder.path / LOG).read_text()) == {"epoch": 1, "loss": 0.5, "weights": [0, 1]}
    assert {name: array.shape for name, array in scores_of(folder).items()} == {"a/v": (4, 2)}
    first, second = folder.states()
    assert list(first) == ["w"]
    np.testing.assert_array_equal(second["w"], np.arange(4.0))
    assert second["b"] == 2.0


@pytest.mark.parametrize("name", FILES)
def test_a_changed_or_missing_file_is_found_and_named(tmp_path: Path, name: str) -> None:
    folder = finished(tmp_path)
    path = folder.path / name
    path.write_bytes(path.read_bytes() + b" ")
    assert folder.problem() == f"{name} is damaged"
    path.unlink()
    assert folder.problem() == f"{name} is missing"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"files": {}}'])
def test_a_broken_receipt_is_never_taken_for_done(tmp_path: Path, content: str) -> None:
    folder = finished(tmp_path)
    (folder.path / DONE).write_text(content)
    assert folder.problem() not in (None, "not done yet")


def test_the_fold_of_another_run_or_plan_is_not_this_one(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    assert of(folder.path, config="other").problem() == "of another run"
    other = dataclasses.replace(FOLD, train=(C, E))
    assert of(folder.path, other).problem() == "of another run"


def test_what_was_begun_is_not_done_and_a_new_beginning_empties_it(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    folder.begin()
    folder.log({"epoch": 1})
    assert folder.problem() == "not done yet"
    folder.begin()
    assert list(folder.path.iterdir()) == []


def test_a_failure_is_kept_until_the_fold_is_done(tmp_path: Path) -> None:
    folder = of(tmp_path / "f")
    folder.fail("It went wrong.", "Traceback ...")
    assert (folder.path / ERROR).read_text() == "It went wrong.\n\nTraceback ..."
    assert folder.problem() == "not done yet"
    folder.path.joinpath(PREDICTIONS).touch()
    folder.path.joinpath(SCORES).touch()
    folder.finish({CHECKPOINT: Path.touch})
    assert not (folder.path / ERROR).exists()
    assert folder.problem() is None


def test_a_full_disk_does_not_hide_the_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    of(tmp_path / "f").fail("It went wrong.", "")
    assert not (tmp_path / "f" / ERROR).exists()


def test_a_new_start_keeps_the_state_of_the_training_alone(tmp_path: Path) -> None:
    folder = of(tmp_path / FOLD.id)
    folder.begin()
    folder.log({"epoch": 1})
    folder.resume(print).save("state", {"w": np.arange(3)}, {"epoch": 1})
    folder.fail("the disk is full", "")
    (folder.path / "left" / "over").mkdir(parents=True)
    folder.begin()
    assert [path.name for path in folder.path.iterdir()] == ["resume"]
    kept = folder.resume(print).load("state")
    assert kept is not None
    assert kept[1] == {"epoch": 1}


def test_the_state_of_another_run_or_fold_is_not_used(tmp_path: Path) -> None:
    folder = of(tmp_path / FOLD.id)
    folder.begin()
    folder.resume(print).save("state", {}, {"epoch": 1})
    assert of(folder.path, config="other").resume(print).load("state") is None
    other = dataclasses.replace(FOLD, train=("c", "d"))
    assert of(folder.path, other).resume(print).load("state") is None


def test_a_finished_fold_keeps_no_state(tmp_path: Path) -> None:
    folder = of(tmp_path / FOLD.id)
    folder.begin()
    folder.resume(print).save("state", {}, {"epoch": 1})
    for name in (PREDICTIONS, SCORES):
        (folder.path / name).touch()
    folder.finish({CHECKPOINT: Path.touch})
    assert folder.problem() is None
    assert sorted(p.name for p in folder.path.iterdir()) == sorted([*FILES, DONE])
