from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.landmarks import dlib68
from mebench.faces.landmarks.dlib68 import LICENCE_NOTE, Dlib68

MISSING = [name for name in ("dlib", "face_recognition_models") if importlib.util.find_spec(name) is None]
needs_dlib = pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} not installed (mebench[landmarks])")


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has not loaded a model, of a user who has not seen the note."""
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path))
    dlib68._detector.cache_clear()
    dlib68._predictor.cache_clear()
    yield
    dlib68._detector.cache_clear()
    dlib68._predictor.cache_clear()


@pytest.mark.parametrize(("absent", "what"), [("dlib", "dlib"), ("face_recognition_models", "its model file")])
@pytest.mark.usefixtures("fresh")
def test_the_extra_is_missing(monkeypatch: pytest.MonkeyPatch, absent: str, what: str) -> None:
    there = importlib.util.find_spec("json")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else there)
    with pytest.raises(UserError, match=rf"lacks {what}: pip install 'mebench\[landmarks\]'"):
        Dlib68.configure().find(np.zeros((60, 80), np.uint8), 0)
    with pytest.raises(UserError, match=rf"lacks {what}: pip install 'mebench\[landmarks\]'"):
        Dlib68.configure().require_parts()


@needs_dlib
@pytest.mark.usefixtures("fresh")
def test_face_points_and_note(face: np.ndarray, pupils: np.ndarray, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = Dlib68.configure().find(face)
    apart = abs(pupils[1] - pupils[0])
    assert np.abs(found.eyes - pupils).max() < 0.08 * apart
    assert found.points is not None
    assert found.points.shape == (68, 2)
    assert found.score is not None
    assert found.score > 0
    assert capsys.readouterr().err == LICENCE_NOTE + "\n"
    dlib68._predictor.cache_clear()
    Dlib68.configure().find(face)
    assert capsys.readouterr().err == ""


@needs_dlib
def test_points_are_followed_wherever_the_guess_is(face: np.ndarray, pupils: np.ndarray) -> None:
    detector = Dlib68.configure()
    near = [detector.follow(face, 0, pupils + shift) for shift in (0, 3 - 2j)]
    assert all(found is not None for found in near)
    assert np.abs(near[0].eyes - near[1].eyes).max() < 2  # type: ignore[union-attr]


@needs_dlib
def test_several_faces_colour_and_none(face: np.ndarray) -> None:
    both = np.full((480, 1120), 90, np.uint8)
    both[:, :640] = face
    both[60:420, 640:] = cv2.resize(face, (480, 360), interpolation=cv2.INTER_AREA)
    faces = Dlib68.configure().find(cv2.cvtColor(both, cv2.COLOR_GRAY2BGR))
    assert [found.left_eye[0] > 640 for found in faces] == [False, True]
    assert Dlib68.configure().find(np.random.default_rng(0).integers(0, 255, (240, 320)).astype(np.uint8)) == []
