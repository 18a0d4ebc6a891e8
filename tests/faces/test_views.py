from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.faces.geometry import Crop, Pose, crop_face, pose_of_eyes
from mebench.faces.tracking import Reference, tracking_crop, tracking_picture
from mebench.faces.views import ALIKE, LOST, OTHER, Views


def small(frame: np.ndarray, pose: Pose) -> Crop:
    return tracking_crop(crop_face(frame, pose, 0.3, 1))


@pytest.fixture(scope="module")
def pose(pupils: np.ndarray) -> Pose:
    return pose_of_eyes(*pupils)


@pytest.fixture(scope="module")
def turned(face: np.ndarray, pose: Pose) -> np.ndarray:
    """A picture that is nothing like the face, though it lies in the same place."""
    return cv2.flip(face, 0)


@pytest.fixture
def views(face: np.ndarray, pose: Pose) -> Views:
    return Views(Reference(tracking_picture(small(face, pose), pose, 1.0)))


def test_a_further_picture_is_followed_and_the_first_one_found_again(
    views: Views, face: np.ndarray, turned: np.ndarray, pose: Pose
) -> None:
    assert views.register(small(face, pose), pose, steps=4).likeness > 0.95
    assert views.register(small(turned, pose), pose, steps=4).likeness < LOST
    assert views.add(tracking_picture(small(turned, pose), pose, 1.0))
    assert views.register(small(turned, pose), pose, steps=4).likeness > 0.95
    assert views.register(small(face, pose), pose, steps=4).likeness > ALIKE
    assert views.register(small(turned, pose), pose, steps=4).likeness > ALIKE


def test_a_face_found_anew_takes_the_picture_it_looks_most_like(
    views: Views, face: np.ndarray, turned: np.ndarray, pose: Pose
) -> None:
    views.add(tracking_picture(small(turned, pose), pose, 1.0))
    got = views.search(small(face, pose), pose.after(Pose(1 + 0j, 2 + 1j)))
    assert got.likeness > 0.95
    assert abs(got.pose.centre - pose.centre) / abs(pose.zoom) < 0.2


def test_there_is_an_end_to_pictures(views: Views, face: np.ndarray, pose: Pose) -> None:
    picture = tracking_picture(small(face, pose), pose, 1.0)
    assert [views.add(picture) for _ in range(30)].count(True) == 23


def test_whom_a_face_looks_like(views: Views, face: np.ndarray, turned: np.ndarray, pose: Pose) -> None:
    stranger = Views(Reference(tracking_picture(small(turned, pose), pose, 1.0)))
    got = stranger.register(small(face, pose), pose, steps=4)
    assert views.fits(small(face, pose), got, OTHER)
    assert not stranger.fits(small(face, pose), views.register(small(face, pose), pose, steps=4), OTHER)
