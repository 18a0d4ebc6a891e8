from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from mebench.faces.cuts import Change, CutDetector, change_of
from mebench.faces.geometry import crop_face, pose_of_eyes
from mebench.faces.tracking import pattern_of, tracking_crop, tracking_picture


@pytest.fixture(scope="module")
def pattern_in(pupils: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    pose = pose_of_eyes(*pupils)
    return lambda frame: pattern_of(tracking_picture(tracking_crop(crop_face(frame, pose, 0.3, 1)), pose, 1.0))


def seen(frames: list[np.ndarray], pattern_in: Callable[[np.ndarray], np.ndarray]) -> list[int]:
    """Indices of the frames before which a cut is seen."""
    detector, cuts = CutDetector(), []
    for i, frame in enumerate(frames):
        detector.see_scene(frame)
        if detector.see_face(pattern_in(frame)):
            cuts.append(i)
    return cuts


def test_another_picture_is_a_cut(face: np.ndarray, pattern_in: Callable[[np.ndarray], np.ndarray]) -> None:
    other = cv2.flip(cv2.GaussianBlur(face, (0, 0), 9), 0)
    assert seen([face] * 5 + [other] * 5, pattern_in) == [5]


def test_expressions_and_light_are_none(
    face: np.ndarray, with_units: Callable[..., np.ndarray], pattern_in: Callable[[np.ndarray], np.ndarray]
) -> None:
    """A blink and a smile within one frame, and a lamp that is switched on."""
    blink, smile = with_units((16, 5.0)), with_units((8, 5.0), (4, 4.0))
    lit = (face * np.linspace(0.6, 1.3, face.shape[1])).clip(0, 255).astype(np.uint8)
    for changed in (blink, smile, lit):
        assert seen([face] * 4 + [changed] * 3 + [face] * 3, pattern_in) == []


def test_a_movement_that_goes_on_is_none(face: np.ndarray, pattern_in: Callable[[np.ndarray], np.ndarray]) -> None:
    frames = [np.roll(face, 3 * i, axis=1) for i in range(10)]
    assert seen(frames, pattern_in) == []


def test_the_change_of_a_face_is_free_of_contrast(
    face: np.ndarray, pattern_in: Callable[[np.ndarray], np.ndarray]
) -> None:
    one, darker = (pattern_in(f.astype(np.uint8)) for f in (face, face * 0.5))
    assert change_of(one, one) < 0.02
    assert change_of(one, darker) < 0.05
    assert change_of(one, one[:, ::-1]) > 0.5


def test_a_change_is_remarkable_against_those_before_it() -> None:
    change = Change(0.01)
    for value in (0.02, 0.02, 0.02):
        change.take(value)
    change.take(0.3)
    assert change.ratio == pytest.approx(0.3 / 0.03)
    change.take(0.3)
    assert change.ratio < 1
    change.forget()
    change.take(0.3)
    assert change.ratio == 0


def test_a_cut_hides_no_other_one(face: np.ndarray, pattern_in: Callable[[np.ndarray], np.ndarray]) -> None:
    other = cv2.flip(cv2.GaussianBlur(face, (0, 0), 9), 0)
    detector, told = CutDetector(), []
    for i, frame in enumerate([face] * 5 + [other, face, other, other, face]):
        detector.see_scene(frame)
        if detector.see_face(pattern_in(frame)):
            told.append(i)
            detector.go_on(pattern_in(frame), cut=True)
    assert told == [5, 6, 7, 9]


def test_what_follows_grey_frames_appears(face: np.ndarray) -> None:
    black = np.zeros_like(face)
    detector = CutDetector()
    assert [detector.see_scene(frame) for frame in (face, black, black, face, face)] == [False] * 3 + [True, False]
