"""`mebench figure`: what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analysis.test_confusion import written

from .conftest import Mebench

SYNTH = "synth_lv:subjects=1,videos=2,seconds=4"


def files(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_figures_of_a_run_are_written(mebench: Mebench, plugin: list[str]) -> None:
    run = ("run", "--method", "learner", "--dataset", "fake_lv", "--out", "runs/r", "--executor", "inline")
    assert mebench(*run, *plugin).code == 0
    answer = mebench("figure", "roc", "runs/r", "--fold", "002-s03-s04", *plugin)
    assert answer.code == 0, answer.err
    first, second, *written = answer.out.splitlines()
    assert first.startswith("AUC of processed scores, fold 002-s03-s04, 2 people pooled: macro 0.")
    assert second.startswith("AUC of processed scores, all 5 people: macro 0.")
    assert written == [f"written: figures/roc-r-002-s03-s04.{kind}" for kind in ("svg", "png", "npz")]
    answer = mebench("figure", "folds", "runs/r", "--out", "mine", *plugin)
    assert answer.code == 0, answer.err
    assert files("mine") == ["folds-r.npz", "folds-r.png", "folds-r.svg"]
    answer = mebench("figure", "scores", "runs/r", "--video", "s01/v1", "--out", "of", *plugin)
    assert answer.code == 0, answer.err
    assert answer.out.startswith(
        "s01/v1: processed scores of macro, micro, 2 annotated events\nwritten: of/scores-r-s01_v1"
    )
    answer = mebench("figure", "folds", "runs/r", "--out", "runs/r/figures", *plugin)
    assert (answer.code, "lies in runs/r, which this command reads" in answer.err) == (2, True)


def test_confusion_matrices_of_a_run_are_drawn(mebench: Mebench, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "r"
    folder.mkdir(parents=True)
    written(folder)
    answer = mebench("figure", "confusion", str(folder), "--out", "mine")
    assert answer.code == 0, answer.err
    assert answer.out.startswith("full: 2 of 6 clips are right\nsamm: 1 of 3 clips are right\n")
    assert "the run is not complete" in answer.err
    assert len({Path(name).stem for name in files("mine")}) == 1
    assert len(files("mine")) == 3
    assert mebench("figure", "confusion", "nowhere").code == 2


def test_figures_of_a_video_are_written(mebench: Mebench) -> None:
    assert mebench("figure", "flow", SYNTH).code == 0
    answer = mebench("figure", "lcn", SYNTH, "--video", "s01_1", "--frame", "20")
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[0].startswith("contrast 0.5: 0.")
    answer = mebench("figure", "au-sum", SYNTH, "--video", "s01_2")
    assert answer.code == 0, answer.err
    assert "annotated events" in answer.out
    answer = mebench("figure", "action-units", SYNTH, "--units", "4, 7")
    assert answer.code == 0, answer.err
    assert answer.out.startswith(
        "s01_1: action units 4, 7 by hog_ridge\nwritten: figures/action-units-synth_lv-s01_1-4-7"
    )
    assert mebench("figure", "features", SYNTH, "--frame", "20").code == 0
    names = files("figures")
    assert {name.rpartition(".")[2] for name in names} == {"svg", "png", "npz"}
    assert {name.partition("-synth")[0] for name in names} == {"flow", "lcn", "au-sum", "action-units", "features"}
    # Other settings make other figures, which do not take the place of these.
    assert mebench("figure", "au-sum", SYNTH, "--video", "s01_2", "--method", "au_sum:percentile=80").code == 0
    assert len(files("figures")) == len(names) + 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rock"], "There is no command 'rock'"),
        (["roc", "nowhere"], "nowhere is not the folder of a run"),
        (["flow", "synth"], "synth_lv"),
        (["flow", SYNTH, "--event", "99"], "choose another --event or --video"),
        (["lcn", SYNTH, "--video", "s09_1"], "There is no video 's09_1'"),
        (["lcn", SYNTH, "--frame", "0"], "has the frames 1 to 120"),
        (["lcn", SYNTH, "--frame", "9", "--event", "2"], "--frame and --event both name a frame: give one of them."),
        (["au-sum", SYNTH, "--method", "au_sum:percentil=3"], "percentile"),
        (["action-units", SYNTH, "--units", "4,x"], "--units 4,x is no list of action units: write --units 4,7"),
        (["features", SYNTH, "--frame", "121"], "has the frames 1 to 120"),
        (["flow", SYNTH, "--out", "file"], "file is no folder"),
        (["flow", "samm_lv"], "samm_lv is read from"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_sentence(mebench: Mebench, arguments: list[str], told: str) -> None:
    Path("file").touch()
    answer = mebench("figure", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert "normalise" not in answer.err
    assert not Path("figures").exists()
