"""The frame scores of a run in one form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.frame_scores import plan_of, scores_of_run
from mebench.errors import UserError
from mebench.runs.run import run
from mebench.runs.store import RunFolder

RUNS = Path(__file__).parents[1] / "runs"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs")
    plugins = [RUNS / "fake_plugin.py", RUNS / "raw_plugin.py"]
    for name, method in (("raw", "raw_speaker"), ("none", "raw_speaker:outputs=0")):
        run(method, ["fake_lv"], out=out / name, executor="inline", device="cpu", plugins=plugins)
    return out


def test_raw_scores_come_with_their_thresholds(made: Path) -> None:
    found = scores_of_run(RunFolder(made / "raw"))
    assert (found.kind, len(found.done)) == ("raw", 5)
    assert found.by_video.keys() == set(found.truth.videos.keys())
    assert {video.thresholds for video in found.by_video.values()} == {(float("inf"), 0.6)}


def test_else_processed_scores_are_taken_of_every_frame(made: Path) -> None:
    found = scores_of_run(RunFolder(made / "none"))
    assert found.kind == "processed"
    assert {video.scores.shape[1] for video in found.by_video.values()} == {1}
    assert all(video.found.all() and video.thresholds is None for video in found.by_video.values())
    with np.load(next((made / "none/folds").glob("*/scores.npz"))) as archive:
        name = archive.files[0]
        assert np.array_equal(found.by_video[tuple(name.split("/"))].scores[:, 0], archive[name][:, 0])


def test_the_plan_has_every_fold(made: Path) -> None:
    config = json.loads((made / "raw/config.json").read_text())
    assert [fold.id for fold in plan_of(config)] == [f"00{i}-s0{i}" for i in range(1, 6)]


def test_a_folder_without_a_run_has_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not the folder of a run"):
        scores_of_run(RunFolder(tmp_path))
