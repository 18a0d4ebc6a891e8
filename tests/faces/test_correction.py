from __future__ import annotations

import numpy as np
import pytest

from mebench.faces.correction import NONE, Correction
from mebench.faces.geometry import EYES, Pose, aligned_point, pose_of_eyes
from mebench.faces.landmarks.base import Face
from mebench.faces.landmarks.cascade import Cascade
from mebench.faces.rigid import RigidPoints

POSE = Pose(2 * np.exp(0.05j), 300 + 200j)
PLACES = np.array([aligned_point(eye) for eye in EYES])


@pytest.fixture
def correction() -> Correction:
    return Correction(Cascade.configure(), 30.0)


def seen_at(shift: complex, *, eyes_found: bool = True) -> Face:
    """A face whose eyes are `shift` aligned px from where the pose has them."""
    left, right = POSE.to_frame(PLACES + shift)
    return Face((0, 0, 1, 1), (left.real, left.imag), (right.real, right.imag), eyes_found)


def test_jitter_of_eyes_moves_nothing(correction: Correction) -> None:
    for shift in (1, -1j, 0.8 + 0.8j):
        correction.by_eyes(seen_at(shift), POSE, 1.0)
        assert correction.now == NONE


def test_a_drift_is_taken_back_but_for_what_is_jitter(correction: Correction) -> None:
    for _ in range(3):
        correction.by_eyes(seen_at(6j), POSE, 1.0)
    assert correction.now.centre == pytest.approx(4.5j)
    np.testing.assert_allclose(correction.eyes_at(POSE), POSE.to_frame(PLACES + 4.5j))
    correction.by_eyes(seen_at(-3), POSE, 1.0)  # one mistake among three
    assert correction.now.centre.imag == pytest.approx(4.5)
    correction.reset()
    assert correction.now == NONE


def test_what_are_no_eyes_is_passed_over(correction: Correction) -> None:
    for face in (None, seen_at(6j, eyes_found=False), seen_at(20j)):
        correction.by_eyes(face, POSE, 1.0)
    assert correction.now == NONE


def test_eyes_are_looked_at_often_while_the_head_turns_and_seldom_while_it_rests(correction: Correction) -> None:
    resting = []
    for i in range(300):
        if correction.is_due(POSE, 0.9):
            resting.append(i)
            correction.by_eyes(None, POSE, 0.9)
    assert len(resting) == 2
    correction.by_eyes(None, POSE, 0.9)
    turning = [correction.is_due(POSE, 0.7) for _ in range(10)]
    assert turning == [False] * 7 + [True] * 3


def test_points_give_the_whole_pose(correction: Correction) -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(100, 20, (68, 2))
    points[36:42] += [-40, 0]
    face = Face.of_points(points)
    rigid = RigidPoints([face])
    correction.by_points(face, POSE, rigid)
    eyes = pose_of_eyes(*face.eyes)
    got = POSE.after(correction.now)
    assert abs(got.zoom - eyes.zoom) < 1e-9
    assert abs(got.centre - eyes.centre) < 1e-6
