from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.apply.models import Models, choose_models, load_models
from mebench.apply.spot import name_of, open_video, spot_video
from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.runs.run import load_run


def test_the_models_of_all_folds_are_asked(trained: Path, frames: Path, tmp_path: Path) -> None:
    spotted = spot_video(open_video(frames, fps=20), load_models(trained), device="cpu", cache=FrameCache(tmp_path))
    assert (spotted.models, spotted.method, spotted.spotting.scores.shape) == (5, "learner", (80, 2))
    (interval,) = spotted.spotting.intervals
    learnt = [state["weights"][0] for folder in load_run(trained).folds() for state in folder.states()]
    assert interval.onset == int(np.median([int(onset) for onset in learnt]))


def test_a_folder_has_thirty_frames_a_second_unless_the_user_says_other(plugin: Path, frames: Path) -> None:
    assert (open_video(frames).fps, open_video(frames, 12.5).fps) == (30.0, 12.5)


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="neither a folder nor a video"):
        open_video(tmp_path / "none.mp4")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no numbered jpg, png or bmp files"):
        open_video(tmp_path / "empty")


def test_a_folder_keeps_its_whole_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "15_0101.disgust"
    (folder / "deeper").mkdir(parents=True)
    assert name_of(folder) == "15_0101.disgust"
    monkeypatch.chdir(folder)
    assert name_of(Path()) == "15_0101.disgust"
    assert name_of(folder / "deeper" / "..") == "15_0101.disgust"
    monkeypatch.chdir(folder / "deeper")
    assert name_of(Path("..")) == "15_0101.disgust"
    (tmp_path / "a.b.mp4").touch()
    assert name_of(tmp_path / "a.b.mp4") == "a.b"


def test_models_of_rendered_faces_come_with_a_note(plugin: Path, frames: Path, models: Models) -> None:
    video = open_video(frames)
    (note,) = choose_models("au_sum", None, None).each[0].notes(video)
    assert "rendered faces alone" in note
    assert choose_models("mdmd", None, None).each[0].notes(video) == ()
