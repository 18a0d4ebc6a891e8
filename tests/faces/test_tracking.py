from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mebench.faces.geometry import Pose, crop_face, pose_of_eyes, reduction_for
from mebench.faces.tracking import GRID, Reference, likeness, pattern_of, tracking_crop, tracking_picture

CORNERS = np.array([-40 - 40j, 40 - 40j, -40 + 40j, 40 + 40j])


@pytest.fixture(scope="module")
def pose(pupils: np.ndarray) -> Pose:
    return pose_of_eyes(*pupils)


@pytest.fixture
def reference(face: np.ndarray, pose: Pose) -> Reference:
    return Reference(tracking_picture(small(face, pose), pose, 1.0))


def small(frame: np.ndarray, pose: Pose):
    return tracking_crop(crop_face(frame, pose, 0.3, reduction_for(pose)))


def distance(a: Pose, b: Pose) -> float:
    """Largest distance of the face's corners, in aligned px."""
    return float(np.abs(a.to_frame(CORNERS) - b.to_frame(CORNERS)).max() / abs(b.zoom))


def test_picture_has_the_trackers_size(face: np.ndarray, pose: Pose) -> None:
    picture = tracking_picture(small(face, pose), pose, 1.0)
    assert (picture.shape, picture.dtype) == ((GRID, GRID), np.float32)


@pytest.mark.parametrize("step", [Pose(1 + 0j, 2 - 1.5j), Pose(1.02 + 0.02j, -1 + 0j), Pose(0.98 - 0.03j, 1 + 1j)])
def test_register_undoes_a_displacement(face: np.ndarray, pose: Pose, reference: Reference, step: Pose) -> None:
    found, alike, *_ = reference.register(small(face, pose), pose.after(step), steps=8, settled=0.01)
    assert distance(pose.after(step), pose) > 1
    assert distance(found, pose) < 0.05
    assert alike > 0.99


def test_one_step_goes_most_of_the_way(face: np.ndarray, pose: Pose, reference: Reference) -> None:
    start = pose.after(Pose(1 + 0j, 0.8 + 0.6j))
    found, *_ = reference.register(small(face, pose), start, steps=1)
    assert distance(found, pose) < 0.25 * distance(start, pose)


def test_light_is_no_motion(face: np.ndarray, pose: Pose, reference: Reference) -> None:
    ramp = np.linspace(0.7, 1.3, face.shape[1])
    for lit in (face * 0.6 + 30, face * ramp):
        found, *_ = reference.register(small(lit.astype(np.uint8), pose), pose, steps=4)
        assert distance(found, pose) < 0.25


@pytest.mark.parametrize(
    "units", [[(8, 4.0), (4, 3.0)], [(0, 4.0), (1, 4.0)], [(14, 4.0), (15, 4.0)], [(2, 4.0)], [(16, 5.0)]]
)
def test_expressions_are_not_tracked_away(
    face: np.ndarray, pose: Pose, reference: Reference, with_units: Callable[..., np.ndarray], units: list
) -> None:
    """Smile, raised brows, dropped jaw, frown, blink: the skull has not moved."""
    found, *_ = reference.register(small(with_units(*units), pose), pose, steps=4)
    assert distance(found, pose) < 0.6


def test_moving_parts_lose_their_weight(
    face: np.ndarray, pose: Pose, reference: Reference, with_units: Callable[..., np.ndarray]
) -> None:
    """After a smile the lower half of the face counts for less than before, the upper half does not."""
    before = reference.weights.reshape(7, 7)
    reference.register(small(with_units((8, 5.0), (14, 3.0)), pose), pose, steps=2)
    after = reference.weights.reshape(7, 7)
    assert after[4:6].sum() / before[4:6].sum() < after[1:4].sum() / before[1:4].sum()
    reference.reset()
    np.testing.assert_array_equal(reference.weights.reshape(7, 7), before)


def test_likeness_tells_the_face_from_background(face: np.ndarray, pose: Pose, reference: Reference) -> None:
    there = tracking_picture(small(face, pose), pose, 1.0)
    away = Pose(pose.zoom, pose.centre + 300)
    assert likeness(pattern_of(there), reference.pattern) == pytest.approx(1, abs=1e-5)
    assert likeness(pattern_of(tracking_picture(small(face, away), away, 1.0)), reference.pattern) < 0.45
    assert likeness(pattern_of(np.full((GRID, GRID), 7, np.float32)), reference.pattern) == 0


def test_likeness_bears_light_from_the_side(face: np.ndarray, pose: Pose, reference: Reference) -> None:
    lit = (face * np.linspace(0.3, 1.6, face.shape[1])).clip(0, 255).astype(np.uint8)
    assert likeness(pattern_of(tracking_picture(small(lit, pose), pose, 1.0)), reference.pattern) > 0.7


def test_a_picture_without_texture_moves_nothing(pose: Pose) -> None:
    flat = Reference(np.full((GRID, GRID), 90, np.float32))
    move = flat.step(np.full((GRID, GRID), 120, np.float32))
    assert abs(move.zoom - 1) + abs(move.centre) < 1e-6
