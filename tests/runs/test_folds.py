from __future__ import annotations

import dataclasses
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest

from mebench.runs.arrays import npz_bytes, safetensors_bytes
from mebench.runs.folds import CHECKPOINT, DONE, ERROR, FILES, LOG, PREDICTIONS, SCORES, FoldFolder
from mebench.runs.plan import Arm, Fold

FOLD = Fold("001-a-b", "d", ("c",), (Arm(("a",), ("b",)), Arm(("b",), ("a",))))


def finished(path: Path) -> FoldFolder:
    folder = FoldFolder(path / FOLD.id, FOLD, "run")
    folder.begin()
    folder.log({"epoch": 1, "loss": np.float32(0.5), "weights": np.arange(2)})
    state = {"0/w": np.arange(3.0), "1/w": np.arange(4.0), "1/b": np.array(2.0)}
    scores = {"a/v": np.ones((4, 2), np.float32)}
    folder.finish({PREDICTIONS: "x\n", SCORES: npz_bytes(scores), CHECKPOINT: safetensors_bytes(state, "note")})
    return folder


def test_a_finished_fold_is_done_and_gives_back_what_it_holds(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    assert folder.problem() is None
    assert sorted(p.name for p in folder.path.iterdir()) == sorted([*FILES, DONE])
    assert json.loads((folder.path / LOG).read_text()) == {"epoch": 1, "loss": 0.5, "weights": [0, 1]}
    assert {name: array.shape for name, array in folder.scores().items()} == {"a/v": (4, 2)}
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
    assert FoldFolder(folder.path, FOLD, "other").problem() == "of another run"
    other = dataclasses.replace(FOLD, train=("c", "e"))
    assert FoldFolder(folder.path, other, "run").problem() == "of another run"


def test_what_was_begun_is_not_done_and_a_new_beginning_empties_it(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    folder.begin()
    folder.log({"epoch": 1})
    assert folder.problem() == "not done yet"
    folder.begin()
    assert list(folder.path.iterdir()) == []


def test_a_failure_is_kept_until_the_fold_is_done(tmp_path: Path) -> None:
    folder = FoldFolder(tmp_path / "f", FOLD, "run")
    folder.fail("It went wrong.", "Traceback ...")
    assert (folder.path / ERROR).read_text() == "It went wrong.\n\nTraceback ..."
    assert folder.problem() == "not done yet"
    folder.finish(dict.fromkeys((PREDICTIONS, SCORES, CHECKPOINT), ""))
    assert not (folder.path / ERROR).exists()
    assert folder.problem() is None


def test_a_full_disk_does_not_hide_the_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    FoldFolder(tmp_path / "f", FOLD, "run").fail("It went wrong.", "")
    assert not (tmp_path / "f" / ERROR).exists()


def test_archives_are_the_same_bytes_whatever_the_order_and_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {"s/2": np.arange(6, dtype=np.float32).reshape(3, 2), "s/10": np.zeros((0, 2), np.float32)}
    first = npz_bytes(arrays)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert npz_bytes(dict(reversed(arrays.items()))) == first
    with np.load(io.BytesIO(first)) as loaded:
        assert set(loaded.files) == set(arrays)
        np.testing.assert_array_equal(loaded["s/2"], arrays["s/2"])


def test_checkpoints_are_the_same_bytes_whatever_the_order() -> None:
    arrays = {"b": np.arange(3.0), "a": np.arange(4, dtype=np.int8), "c": np.ones((2, 2), np.float32).T}
    assert safetensors_bytes(arrays, "n") == safetensors_bytes(dict(reversed(arrays.items())), "n")


def test_objects_are_refused() -> None:
    with pytest.raises(ValueError, match="[Oo]bject"):
        npz_bytes({"x": np.array([{}])})


def test_a_new_start_keeps_the_state_of_the_training_alone(tmp_path: Path) -> None:
    folder = FoldFolder(tmp_path / FOLD.id, FOLD, "run")
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
    folder = FoldFolder(tmp_path / FOLD.id, FOLD, "run")
    folder.begin()
    folder.resume(print).save("state", {}, {"epoch": 1})
    assert FoldFolder(folder.path, FOLD, "other").resume(print).load("state") is None
    other = dataclasses.replace(FOLD, train=("c", "d"))
    assert FoldFolder(folder.path, other, "run").resume(print).load("state") is None


def test_a_finished_fold_keeps_no_state(tmp_path: Path) -> None:
    folder = FoldFolder(tmp_path / FOLD.id, FOLD, "run")
    folder.begin()
    folder.resume(print).save("state", {}, {"epoch": 1})
    folder.finish({PREDICTIONS: "", SCORES: npz_bytes({}), CHECKPOINT: safetensors_bytes({}, "")})
    assert folder.problem() is None
    assert sorted(p.name for p in folder.path.iterdir()) == sorted([*FILES, DONE])
