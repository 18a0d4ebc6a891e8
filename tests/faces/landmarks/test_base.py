from __future__ import annotations

import numpy as np
import pytest

from mebench.faces.landmarks.base import Face, LandmarkDetector, nearest


def face_at(x: float, y: float = 50.0, apart: float = 20.0) -> Face:
    return Face((x - 20, y - 16, 40, 40), (x - apart / 2, y), (x + apart / 2, y))


def test_eyes_are_the_means_of_their_points() -> None:
    points = np.zeros((68, 2))
    points[36:42] = [[0, 0], [1, -1], [2, -1], [3, 0], [2, 1], [1, 1]]
    points[42:48] = points[36:42] + [10, 2]
    face = Face.of_points(points, score=0.5)
    assert face.left_eye == pytest.approx((1.5, 0))
    assert face.right_eye == pytest.approx((11.5, 2))
    assert face.box == (0, -1, 13, 4)
    np.testing.assert_allclose(face.eyes, [1.5, 11.5 + 2j])


def test_the_nearest_face_within_an_eye_distance() -> None:
    faces = [face_at(30), face_at(100)]
    assert nearest(faces, np.array([90 + 50j, 110 + 50j])) is faces[1]
    assert nearest(faces, np.array([55 + 50j, 75 + 50j])) is None
    assert nearest([], np.array([0j, 1])) is None


def test_a_detector_follows_by_looking_again() -> None:
    class Two(LandmarkDetector):
        id = "two"

        def find(self, image, index):
            return [face_at(30), face_at(100)]

    detector, frame = Two.configure(), np.zeros((100, 150), np.uint8)
    found = detector.follow(frame, 0, face_at(103).eyes)
    assert found is not None
    assert found.box[0] == 80
    assert detector.sure(frame, found)
    assert (detector.has_points, detector.reads) == (False, False)
