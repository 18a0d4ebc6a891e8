from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.faces.geometry import Pose, pose_of_eyes
from mebench.faces.landmarks.base import Face
from mebench.faces.rigid import RigidPoints, rigid_of
from mebench.rendering.head import head_of
from mebench.rendering.pose import NEUTRAL


def rendered(**units: float) -> Face:
    """A rendered face; units such as `_16=5.0` are columns of action units."""
    intensities = np.zeros(17, np.float32)
    for column, value in units.items():
        intensities[int(column[1:])] = value
    return Face.of_points(head_of(7, 640, 480).shape(intensities, intensities, NEUTRAL).landmarks)


def test_the_pose_of_the_face_that_was_learnt() -> None:
    face = rendered()
    pose, eyes = RigidPoints([face]).pose_of(face), pose_of_eyes(*face.eyes)
    assert abs(pose.zoom - eyes.zoom) < 1e-9
    assert abs(pose.centre - eyes.centre) < 1e-6


def test_a_moved_face_is_found_where_it_went() -> None:
    face, turn = rendered(), Pose(1.1 * np.exp(0.1j), 30 - 20j)
    moved = turn.to_frame(face.points @ np.array([1, 1j]))  # type: ignore[operator]
    pose = RigidPoints([face]).pose_of(Face.of_points(np.stack([moved.real, moved.imag], axis=1)))
    wanted = turn.after(pose_of_eyes(*face.eyes))
    assert abs(pose.zoom - wanted.zoom) < 1e-9
    assert abs(pose.centre - wanted.centre) < 1e-6


@pytest.mark.parametrize("units", [{"_16": 5.0}, {"_8": 4.0, "_4": 3.0}, {"_14": 4.0}, {"_0": 4.0, "_1": 4.0}])
def test_expressions_leave_the_pose_alone(units: dict[str, float]) -> None:
    """A blink, a smile, a dropped jaw, raised brows."""
    neutral, moved = rendered(), rendered(**units)
    rigid = RigidPoints([neutral])
    off = rigid.pose_of(moved).centre - rigid.pose_of(neutral).centre
    assert abs(off) / abs(rigid.pose_of(neutral).zoom) < 0.6


def test_a_face_without_points() -> None:
    with pytest.raises(ValueError, match="no points"):
        rigid_of(dataclasses.replace(rendered(), points=None))
