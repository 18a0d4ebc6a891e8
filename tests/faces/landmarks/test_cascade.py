from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from mebench.faces.landmarks.base import Face
from mebench.faces.landmarks.cascade import Cascade


def largest(image: np.ndarray) -> Face | None:
    return next(iter(Cascade.configure().find(image)), None)


def eyes_of(found: Face) -> np.ndarray:
    return found.eyes


def test_cascade_finds_face_and_eyes(face: np.ndarray, pupils: np.ndarray) -> None:
    found = largest(face)
    assert found is not None
    assert found.eyes_found
    assert np.abs(eyes_of(found) - pupils).max() < 0.08 * abs(pupils[1] - pupils[0])
    x, y, width, height = found.box
    assert x < pupils[0].real < pupils[1].real < x + width
    assert y < pupils[0].imag < y + height


def test_colour_and_grey_agree(face: np.ndarray) -> None:
    colour, grey = largest(cv2.cvtColor(face, cv2.COLOR_GRAY2BGR)), largest(face)
    assert colour is not None
    assert grey is not None
    assert (colour.box, colour.left_eye, colour.right_eye) == (grey.box, grey.left_eye, grey.right_eye)


def test_coordinates_are_those_of_the_frame_whatever_its_size(face: np.ndarray, pupils: np.ndarray) -> None:
    large = cv2.resize(face, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_LINEAR)
    found = largest(large)
    assert found is not None
    assert np.abs(eyes_of(found) / 2.5 - pupils).max() < 0.08 * abs(pupils[1] - pupils[0])


def test_smaller_faces_are_found_in_a_second_look(face: np.ndarray) -> None:
    wide = np.full((1400, 1600), 90, np.uint8)
    wide[300:780, 500:1140] = face
    found = largest(wide)
    assert found is not None
    assert 500 < found.left_eye[0] < found.right_eye[0] < 1140


def test_the_largest_face_wins(face: np.ndarray) -> None:
    both = np.full((480, 1100), 90, np.uint8)
    both[:, :640] = face
    both[60:420, 620:1100] = cv2.resize(face, (480, 360))
    found = largest(both)
    assert found is not None
    assert found.right_eye[0] < 500
    assert [f.left_eye[0] > 620 for f in Cascade.configure().find(both)] == [False, True]


def test_covered_eyes_are_placed_by_geometry(face: np.ndarray, pupils: np.ndarray) -> None:
    blind = face.copy()
    for eye in pupils:
        x, y = int(eye.real), int(eye.imag)
        blind[y - 14 : y + 14, x - 26 : x + 26] = blind[y + 30, x]
    found = largest(blind)
    assert found is not None
    assert not found.eyes_found
    assert np.abs(eyes_of(found) - pupils).max() < 0.35 * abs(pupils[1] - pupils[0])


@pytest.mark.parametrize("seed", [0, 1])
def test_no_face_in_noise(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (240, 320)).astype(np.uint8)
    assert largest(noise) is None


def test_a_face_is_sure_and_a_box_around_nothing_is_not(face: np.ndarray) -> None:
    detector = Cascade.configure()
    (found,) = detector.find(face)
    assert detector.sure(face, found)
    nothing = dataclasses.replace(found, eyes_found=False)
    assert not detector.sure(np.random.default_rng(0).integers(0, 255, face.shape).astype(np.uint8), nothing)


def test_eyes_are_followed_without_a_search_for_the_face(face: np.ndarray, pupils: np.ndarray) -> None:
    detector = Cascade.configure()
    found = detector.follow(face, 0, pupils + 4)
    assert found is not None
    assert np.abs(found.eyes - pupils).max() < 0.08 * abs(pupils[1] - pupils[0])
    assert detector.follow(np.full_like(face, 90), 0, pupils) is None
