from __future__ import annotations

import cv2
import pytest

from mebench.errors import UserError
from mebench.faces.landmarks.base import LandmarkDetector
from mebench.faces.landmarks.catalogue import LANDMARKS, make_landmarks


@pytest.mark.parametrize("id", ["cascade", "dlib68", "openface", "rendered", "yunet"])
def test_every_detector_is_made_without_what_it_needs_later(id: str) -> None:
    detector = make_landmarks(id)
    assert isinstance(detector, LandmarkDetector)
    assert detector.id == id
    assert LANDMARKS.entry(id).summary


def test_what_nobody_registered() -> None:
    with pytest.raises(UserError, match="no landmark detector 'dlib'.*dlib68"):
        make_landmarks("dlib")


def test_what_is_no_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LANDMARKS, "get", lambda id: dict)
    with pytest.raises(UserError, match="is no landmark detector: derive"):
        make_landmarks("odd")


def test_opencv_5_is_told_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cv2, "CascadeClassifier")
    with pytest.raises(UserError, match=r"does not run with OpenCV 4.*: install an earlier one, with `pip install"):
        make_landmarks("cascade")
