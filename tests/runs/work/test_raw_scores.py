"""What a run keeps of raw scores, what a card says of them, and folds that were done before there were any."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mebench.analysis.rescore import rescore
from mebench.errors import UserError
from mebench.methods.spotting.base import Spotting
from mebench.runs.folds import FoldFolder
from mebench.runs.run import RunResult, load_run, run
from mebench.runs.work.raw_scores import RAW, RawWriter, raw_scores_of

HERE = Path(__file__).parents[1]
PLUGINS = [HERE / "fake_plugin.py", HERE / "raw_plugin.py"]


def go(out: Path, method: str = "raw_speaker", **more: Any) -> RunResult:
    return run(method, ["fake_lv"], out=out, executor="inline", device="cpu", plugins=PLUGINS, **more)


def folds(out: Path) -> list[FoldFolder]:
    return [folder for folder in load_run(out).folds() if folder.problem() is None]


def test_raw_scores_are_kept_and_graded(tmp_path: Path) -> None:
    card = go(tmp_path / "r").scorecard
    assert card is not None
    assert {s.scope for s in card.scores if s.metric.startswith("raw_")} == {"macro", "micro"}
    first = folds(tmp_path / "r")[0]
    assert RAW in json.loads((first.path / "done.json").read_text())["files"]
    (one, other) = raw_scores_of(first).values()
    assert one.scores.shape == (len(one.found), 2)
    assert one.scores.dtype == np.float32
    assert one.thresholds == (float("inf"), 0.6)
    assert one.found.all()
    assert len(other.scores) == len(one.scores) + 1
    assert rescore(tmp_path / "r").compared() == card.compared()


def test_one_column_is_movement(tmp_path: Path) -> None:
    card = go(tmp_path / "r", "raw_speaker:outputs=1").scorecard
    assert card is not None
    assert {s.scope for s in card.scores if s.metric.startswith("raw_")} == {"movement"}
    assert card.find("f1_fold_mean", "movement") is not None


def test_a_method_without_them_keeps_no_file(tmp_path: Path) -> None:
    card = go(tmp_path / "r", "raw_speaker:outputs=0").scorecard
    assert card is not None
    assert not list((tmp_path / "r").rglob(RAW))
    assert not [s for s in card.scores if s.metric.startswith("raw_")]


def test_a_lost_file_is_told_and_done_again(tmp_path: Path) -> None:
    before = go(tmp_path / "r").scorecard
    path = folds(tmp_path / "r")[1].path / RAW
    content = path.read_bytes()
    path.unlink()
    assert [f.problem() for f in load_run(tmp_path / "r").folds()].count(f"{RAW} is missing") == 1
    after = go(tmp_path / "r").scorecard
    assert path.read_bytes() == content
    assert before is not None
    assert after is not None
    assert before.compared() == after.compared()


def test_folds_from_before_are_read_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    go(tmp_path / "r")
    old = folds(tmp_path / "r")[0]
    (old.path / RAW).unlink()
    receipt = json.loads((old.path / "done.json").read_text())
    del receipt["files"][RAW]
    (old.path / "done.json").write_text(json.dumps(receipt, indent=1, sort_keys=True) + "\n")
    again = go(tmp_path / "r").scorecard
    assert again is not None
    assert again.complete
    assert not [s for s in again.scores if s.metric.startswith("raw_")]
    told = capsys.readouterr().err
    assert told.startswith("raw_speaker gave no raw scores of ")
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("apart", "told", "left_out"),
    [
        ("column", "of one column of s05/v1, s05/v2 and of two columns of s01/v1, s01/v2, s02/v1 and 5 more", "raw_"),
        ("all", "raw_speaker gave no raw scores of s05/v1, s05/v2, so", "raw_"),
        ("thresholds", "raw_speaker gave no raw thresholds of s05/v1, s05/v2, so", "raw_f1"),
    ],
)
def test_folds_of_two_forms_are_graded_without_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], apart: str, told: str, left_out: str
) -> None:
    result = go(tmp_path / "r", f"raw_speaker:apart={apart}")
    assert result.complete
    assert result.scorecard is not None
    assert not [s for s in result.scorecard.scores if s.metric.startswith(left_out)]
    assert told in capsys.readouterr().err
    assert rescore(tmp_path / "r").compared() == result.scorecard.compared()


def test_scores_that_float32_cannot_hold_are_refused_without_a_warning(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    result = go(tmp_path / "r", "raw_speaker:apart=range")
    assert "raw_speaker gave raw scores that are not finite of video s05" in " ".join(result.progress.failures.values())
    assert not [warning for warning in recwarn if issubclass(warning.category, RuntimeWarning)]


def test_every_video_or_none(tmp_path: Path) -> None:
    result = go(tmp_path / "r", "raw_speaker:mixed=true")
    assert not result.complete
    assert "of another form than those of the video before" in " ".join(result.progress.failures.values())


def write_and_fail(path: Path) -> None:
    with RawWriter(path) as writer:
        writer.add("s/a", Spotting((), np.zeros((3, 2), np.float32), np.zeros((3, 1), np.float32), (0.5,)))
        raise RuntimeError


def test_a_writer_that_is_left_by_an_error_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        write_and_fail(tmp_path / RAW)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04 and more", b""])
def test_a_file_that_is_no_archive(tmp_path: Path, content: bytes) -> None:
    go(tmp_path / "r")
    (first, *_) = folds(tmp_path / "r")
    (first.path / RAW).write_bytes(content)
    with pytest.raises(UserError, match="cannot be read"):
        raw_scores_of(first)
