from __future__ import annotations

import numpy as np
import pytest

from mebench.faces.geometry import (
    EYE_DISTANCE,
    EYES,
    SIZE,
    Crop,
    Pose,
    aligned_point,
    crop_face,
    pose_of_eyes,
    reduction_for,
    warp,
)


def test_eyes_are_45_px_apart_and_symmetric() -> None:
    (lx, ly), (rx, ry) = EYES
    assert (rx - lx, ry - ly) == (EYE_DISTANCE, 0)
    assert lx + rx == SIZE - 1


def test_pose_of_eyes_puts_the_eyes_in_place() -> None:
    left, right = complex(100, 80), complex(180, 100)
    pose = pose_of_eyes(left, right)
    targets = np.array([aligned_point(eye) for eye in EYES])
    np.testing.assert_allclose(pose.to_frame(targets), [left, right])
    np.testing.assert_allclose(pose.to_aligned(np.array([left, right])), targets)
    assert abs(pose.zoom) == pytest.approx(abs(right - left) / EYE_DISTANCE)


def test_after_composes() -> None:
    outer, step = Pose(2 + 1j, 30 - 5j), Pose(1.1 - 0.2j, 0.5 + 2j)
    points = np.array([0j, 3 + 4j])
    np.testing.assert_allclose(outer.after(step).to_frame(points), outer.to_frame(step.to_frame(points)))
    assert Pose.of_row(np.array(outer.row())) == outer


@pytest.mark.parametrize("size", [56, 112])
@pytest.mark.parametrize("factor", [1, 2, 4])
@pytest.mark.parametrize("vertical", [False, True])
def test_warp_samples_where_the_pose_says(size: int, factor: int, vertical: bool) -> None:
    """On a picture whose value is its x (or y), the aligned face shows where it was sampled."""
    pose = Pose(0.8 + 0.1j, 110 + 100j)
    ramp = np.tile(np.arange(220, dtype=np.uint8), (220, 1))
    frame = np.ascontiguousarray(ramp.T) if vertical else ramp
    got = warp(crop_face(frame, pose, 0.2, factor), pose, size, as_float=True)
    axis = (np.arange(size) + 0.5) * SIZE / size - SIZE / 2
    x, y = np.meshgrid(axis, axis)
    where = pose.to_frame(x + 1j * y)
    rounding = 0.5 if factor > 1 else 0.0  # averaged halves are rounded up
    np.testing.assert_allclose(got, (where.imag if vertical else where.real) + rounding, atol=0.05)


def test_warp_repeats_the_edge_beyond_the_frame() -> None:
    frame = np.full((60, 60), 77, np.uint8)
    assert (warp(crop_face(frame, Pose(1 + 0j, 0j), 0.1, 1), Pose(1 + 0j, 0j), SIZE) == 77).all()


def test_crop_far_outside_still_has_a_pixel() -> None:
    crop = crop_face(np.zeros((50, 70), np.uint8), Pose(1 + 0j, 900 + 900j), 0.1, 2)
    assert min(crop.image.shape) >= 1


def test_crop_keeps_no_hold_of_the_frame() -> None:
    frame = np.zeros((200, 200), np.uint8)
    crop = crop_face(frame, Pose(1 + 0j, 100 + 100j), 0.1, 1)
    frame[:] = 9
    assert not crop.image.any()


@pytest.mark.parametrize(("zoom", "factor"), [(0.5, 1), (1.6, 1), (1.8, 2), (3.3, 2), (3.5, 4), (9.0, 8)])
def test_reduction_leaves_little_to_the_resampling(zoom: float, factor: int) -> None:
    assert reduction_for(Pose(zoom * np.exp(0.3j), 0j)) == factor


def test_large_faces_do_not_alias() -> None:
    """A fine checkerboard, 4 times finer than the aligned face, must come out flat grey."""
    y, x = np.mgrid[:900, :900]
    frame = (((x + y) % 2) * 200).astype(np.uint8)
    pose = Pose(6 + 0j, 450 + 450j)
    face = warp(crop_face(frame, pose, 0.1, reduction_for(pose)), pose, SIZE)
    assert face.std() < 1
    assert warp(crop_face(frame, pose, 0.1, 1), Pose(5.9 + 0j, pose.centre), SIZE).std() > 20


def test_shrunk_averages() -> None:
    crop = Crop(np.array([[0, 4, 8, 8], [8, 4, 8, 8]], np.uint8), 3, 5).shrunk(2)
    assert crop.image.tolist() == [[4, 8]]
    assert (crop.left, crop.top, crop.factor) == (3, 5, 2)
