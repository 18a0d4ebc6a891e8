"""What is said of an interrupted run is what lies in its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.cli.interruption import USUAL, of_run, sentence, tell_when_interrupted

FOLDS = ("001-a", "002-b", "003-c")


def done(run: Path, *folds: str) -> Path:
    for fold in folds:
        (run / "folds" / fold).mkdir(parents=True)
        (run / "folds" / fold / "done.json").touch()
    return run


def test_before_a_run_has_a_folder_nothing_is_kept() -> None:
    assert of_run(None, ()) == "Interrupted before a fold was begun: the same command begins again."


@pytest.mark.parametrize(
    ("folds", "words"),
    [
        ((), "0 of 3 folds are done and kept in {}; the same command does the 3 that are left."),
        (FOLDS[:2], "2 of 3 folds are done and kept in {}; the same command does the one that is left."),
        (FOLDS, "all folds are done and kept in {}; the same command grades them."),
    ],
)
def test_what_is_done_is_counted(tmp_path: Path, folds: tuple[str, ...], words: str) -> None:
    assert words.format(tmp_path) in of_run(done(tmp_path, *folds), FOLDS)


def test_a_training_that_goes_on_is_named(tmp_path: Path) -> None:
    done(tmp_path, "001-a")
    state = tmp_path / "folds" / "003-c" / "resume" / "training.safetensors"
    state.parent.mkdir(parents=True)
    state.touch()
    assert of_run(tmp_path, FOLDS).endswith("does the 2 that are left, and goes on in the training of 003-c.")


def test_a_command_speaks_for_itself_until_the_next() -> None:
    tell_when_interrupted(lambda: "Mine.")
    assert sentence() == "Mine."
    tell_when_interrupted(None)
    assert sentence() == USUAL
