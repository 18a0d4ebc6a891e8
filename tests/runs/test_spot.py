from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.runs.run import load_run, run
from mebench.runs.spot import load_models, open_video, spot_video, write_intervals


@pytest.fixture(scope="module")
def trained(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "r"
    run("learner", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin])
    return out


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    cv2 = pytest.importorskip("cv2")
    folder = tmp_path / "holiday"
    folder.mkdir()
    for number in range(1, 81):
        cv2.imwrite(str(folder / f"{number:03d}.png"), np.full((6, 6), number, np.uint8))
    return folder


def test_the_models_of_all_folds_are_asked(trained: Path, frames: Path, tmp_path: Path) -> None:
    spotted = spot_video(open_video(frames, fps=20), run=trained, device="cpu", cache=tmp_path)
    assert spotted.models == 5
    assert spotted.method == "learner"
    assert spotted.spotting.scores.shape == (80, 2)
    (interval,) = spotted.spotting.intervals
    learnt = [state["weights"][0] for folder in load_run(trained).folds() for state in folder.states()]
    assert interval.onset == int(np.median([int(onset) for onset in learnt]))
    write_intervals(spotted, tmp_path / "i.csv")
    (row,) = csv.DictReader((tmp_path / "i.csv").open())
    assert int(row["offset"]) == interval.onset + 40
    assert float(row["start"]) == pytest.approx((interval.onset - 1) / 20)
    assert float(row["end"]) == pytest.approx((interval.onset + 40) / 20)


def test_folds_that_are_not_done_are_not_asked(trained: Path, plugin: Path, tmp_path: Path) -> None:
    out = tmp_path / "r"
    run("learner:fail=s03", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin])
    assert len(load_models(out)) == 3
    for done in out.glob("folds/*/done.json"):
        done.unlink()
    with pytest.raises(UserError, match="No fold of .* is done: run it to its end first"):
        load_models(out)


def test_a_method_that_does_not_train_is_one_model(plugin: Path, frames: Path, tmp_path: Path) -> None:
    run("idle", ["fake_lv"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin])
    assert len(load_models(tmp_path / "r")) == 1
    spotted = spot_video(open_video(frames), method="idle", device="cpu", cache=tmp_path)
    assert (spotted.models, spotted.spotting.intervals, spotted.video.fps) == (1, (), 30.0)


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("learner", "learner must be trained first: `mebench run --method learner ...`, then give --run DIR"),
        ("oracle", "oracle is the truth itself and finds nothing in a new video"),
        ("idl", "no method 'idl'. Did you mean 'idle'"),
    ],
)
def test_methods_that_cannot_spot_are_told(
    plugin: Path, frames: Path, tmp_path: Path, method: str, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        spot_video(open_video(frames), method=method, device="cpu", cache=tmp_path)


def test_what_is_no_video_or_no_run_is_told(frames: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="neither a folder nor a video"):
        open_video(tmp_path / "none.mp4")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no numbered jpg, png or bmp files"):
        open_video(tmp_path / "empty")
    with pytest.raises(UserError, match="not the folder of a run"):
        spot_video(open_video(frames), run=tmp_path, device="cpu")
    with pytest.raises(UserError, match="give --run or --method, not both"):
        spot_video(open_video(frames), run=tmp_path, method="idle", device="cpu")
