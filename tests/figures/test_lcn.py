"""A face before and after local contrast normalisation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.figures.lcn import changed, draw_lcn, face_of
from mebench.figures.video import video_of


def test_normalisation_takes_gain_and_contrast_away() -> None:
    face = np.random.default_rng(0).integers(60, 160, (64, 64), np.uint8)  # no curve clips these
    found = changed("v", 7, face)
    assert list(found.before)[0] == "as recorded"
    assert np.array_equal(found.before["as recorded"], face)
    assert len(found.before) == 7
    distances = found.distances()
    assert distances.pop("as recorded") == (0.0, 0.0)
    for name, (before, after) in distances.items():
        assert before > 0.3, name
        assert after < (0.01 if not name.startswith("gamma") else 0.2), name
    assert draw_lcn(found) == draw_lcn(changed("v", 7, face))


def test_a_flat_face_is_drawn_too() -> None:
    assert draw_lcn(changed("v", 7, np.full((32, 32), 90, np.uint8)))["png"]


def test_faces_are_aligned_and_frames_outside_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path))
    video = video_of("synth_lv:subjects=1,videos=1,seconds=2", "")
    found = face_of(video, 30)
    assert found.before["as recorded"].shape == (112, 112)
    with pytest.raises(UserError, match=r"s01_1 has the frames 1 to 60: give one of them with --frame"):
        face_of(video, 61)
