from __future__ import annotations

from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.data import make_dataset, open_dataset, prepare_dataset
from mebench.schema.truth import Truth


def test_frames_and_truth_are_written_and_a_second_start_keeps_them(plugin: Path, tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    made = make_dataset("fake_lv:subjects=2,videos=1", tmp_path, executor="inline", plugins=[plugin])
    assert made == 2
    files = sorted((tmp_path / "frames" / "s02" / "v1").iterdir())
    assert [f.name for f in files[:2]] == ["00001.png", "00002.png"]
    assert len(files) == 221
    assert (cv2.imread(str(files[5])) == 7).all()
    truth = Truth.read(tmp_path / "truth")
    assert truth.digest() == Truth.from_videos(open_dataset("fake_lv:subjects=2,videos=1").videos()).digest()
    files[3].unlink()
    files[40].write_bytes(b"kept")
    make_dataset("fake_lv:subjects=2,videos=1", tmp_path, executor="inline", plugins=[plugin])
    assert files[3].exists()
    assert files[40].read_bytes() == b"kept"


def test_preparing_tells_which_videos_failed(plugin: Path) -> None:
    failures = prepare_dataset(
        "fake_lv", method="learner:unprepared=s02", executor="inline", device="cpu", plugins=[plugin]
    )
    assert failures == dict.fromkeys(("s02/v1", "s02/v2"), "No face was found: give another video.")


def test_without_a_method_faces_are_aligned(plugin: Path, tmp_path: Path) -> None:
    failures = prepare_dataset(
        "fake_lv:subjects=1,videos=1", executor="inline", device="cpu", cache=tmp_path, plugins=[plugin]
    )
    assert "face" in failures["s01/v1"]  # the frames of fake_lv are blank


def test_unknown_settings_are_told(plugin: Path) -> None:
    with pytest.raises(UserError, match="fake_lv has no setting 'subject'. Did you mean 'subjects'"):
        open_dataset("fake_lv:subject=2")
