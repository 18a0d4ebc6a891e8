"""Paths do not follow a plug-in that changes the working folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.places import fixed, here, same_folder
from mebench.runs.run import run

WANDERER = """
import os
import numpy as np
from mebench import Spotter, Spotting

os.chdir("/")


class Wanderer(Spotter):
    id = "wanderer"
    summary = "changes the working folder wherever it can"
    trains = False
    looks_at_faces = False

    def prepare(self, video, context):
        os.chdir("/")

    def spot(self, video, context):
        os.chdir("/")
        return Spotting((), np.zeros((video.n_frames, 2), np.float32))
"""


@pytest.mark.parametrize("executor", ["inline", "local"])
def test_a_relative_folder_of_a_run_stays_where_it_was_meant(
    plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executor: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEBENCH_CACHE", "cache")
    (tmp_path / "wanderer.py").write_text(WANDERER)
    result = run(
        "wanderer",
        ["fake_lv:subjects=2"],
        plugins=[plugin, Path("wanderer.py")],
        out=Path("r"),
        executor=executor,
        jobs=1,
    )
    assert result.complete
    assert result.folder == tmp_path / "r"
    assert (tmp_path / "r" / "scorecard.json").exists()
    assert Path.cwd() == tmp_path
    assert run("wanderer", ["fake_lv:subjects=2"], plugins=[plugin, Path("wanderer.py")], executor=executor).complete
    assert (tmp_path / "runs").is_dir()


def test_paths_are_fixed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert fixed(Path("a/../b")) == tmp_path / "b"
    assert fixed(Path("/x")) == Path("/x")
    assert fixed(Path("~nobody-has-this-name/x")) == tmp_path / "~nobody-has-this-name/x"
    with same_folder():
        os.chdir("/")
    assert Path.cwd() == tmp_path


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UserError, match="The working folder is gone: change into another one"):
        here()
