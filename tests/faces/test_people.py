from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.faces.geometry import Pose, crop_face
from mebench.faces.landmarks.base import Face
from mebench.faces.people import Person, Sample, common_pose, is_near, people_of
from mebench.faces.tracking import tracking_crop


def sample(frame: np.ndarray, index: int, eyes: np.ndarray) -> Sample:
    left, right = eyes
    return Sample(frame, index, Face((0, 0, 100, 100), (left.real, left.imag), (right.real, right.imag)))


def test_one_person_is_learnt_from_all_samples(face: np.ndarray, pupils: np.ndarray) -> None:
    samples = [sample(np.roll(face, 4 * i, axis=1), i, pupils + 4 * i + jitter) for i, jitter in enumerate((1, -1j, 0))]
    (person,) = people_of(samples, 0.2)
    assert person.rigid is None
    assert abs(person.start.centre - samples[0].pose.centre) / abs(person.start.zoom) < 1


def test_two_people_are_told_apart(face: np.ndarray, pupils: np.ndarray) -> None:
    other = cv2.flip(face, 0)
    samples = [sample(picture, i, pupils) for i, picture in enumerate((face, face, face, other, other))]
    first, second = people_of(samples, 0.2)
    small = tracking_crop(crop_face(other, samples[0].pose, 0.3, 1))
    assert first.views.search(small, samples[0].pose).likeness < 0.6
    assert second.views.search(small, samples[0].pose).likeness > 0.9


def test_a_person_of_a_single_frame(face: np.ndarray, pupils: np.ndarray) -> None:
    person = Person.of_face(face, sample(face, 0, pupils).face, 0.2)
    assert is_near(person.start, sample(face, 0, pupils).pose)


def test_the_common_pose_leaves_out_who_is_elsewhere(face: np.ndarray, pupils: np.ndarray) -> None:
    here = [sample(face, i, pupils + i) for i in range(3)]
    there = sample(face, 9, pupils + 400)
    assert common_pose([*here, there]).centre == pytest.approx(here[1].pose.centre)
    assert common_pose(here).centre == pytest.approx(here[1].pose.centre)


def test_near() -> None:
    pose = Pose(1 + 0j, 100 + 100j)
    assert is_near(pose, Pose(1.2 + 0j, 120 + 100j))
    assert not is_near(pose, Pose(1 + 0j, 150 + 100j))
    assert not is_near(pose, Pose(1.5 + 0j, 100 + 100j))
