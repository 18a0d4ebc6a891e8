import dataclasses

import numpy as np
import pytest

from mebench.rendering.geometry import (
    EYE_LEFT,
    EYE_RIGHT,
    JAW,
    Geometry,
    head_outline,
    neutral_landmarks,
    sample_geometry,
    smooth_curve,
)


@pytest.fixture(scope="module")
def marks():
    return neutral_landmarks(Geometry())


def test_the_mean_face_has_the_tabulated_distances(marks):
    assert marks[54, 0] - marks[48, 0] == pytest.approx(0.84)  # mouth width
    assert marks[42, 0] - marks[39, 0] == pytest.approx(0.53)  # between the inner eye corners
    assert marks[45, 0] - marks[42, 0] == pytest.approx(0.50)  # eye fissure
    assert marks[8, 1] == pytest.approx(1.85, abs=0.04)  # eye line to chin
    assert marks[16, 0] - marks[0, 0] == pytest.approx(2.2, abs=0.05)  # width at the cheekbones
    assert marks[37:39, 1].mean() < 0 < marks[40:42, 1].mean()


def test_the_neutral_face_is_symmetric(marks):
    mirror = [*range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31]
    mirror += [45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40]
    mirror += [54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65]
    np.testing.assert_allclose(marks[mirror] * (-1, 1), marks, atol=1e-9)


def test_the_jaw_runs_from_the_images_left_ear_over_the_chin(marks):
    jaw = marks[JAW]
    assert (np.diff(jaw[:, 0]) > 0).all()
    assert jaw[:, 1].argmax() == 8
    assert (marks[EYE_RIGHT, 0] < 0).all()
    assert (marks[EYE_LEFT, 0] > 0).all()


def test_every_identity_stays_within_ten_percent_and_keeps_a_chin():
    mean = dataclasses.asdict(Geometry())
    for seed in range(60):
        g = sample_geometry(np.random.default_rng(seed))
        for name, value in dataclasses.asdict(g).items():
            if name not in ("eye_tilt", "brow_arch", "chin"):
                assert 0.9 - 1e-3 <= value / mean[name] <= 1.1 + 1e-3, name
        assert g.chin >= g.lip_line + 0.6
        assert head_outline(g)[:, 1].max() == pytest.approx(g.chin, abs=0.03)


def test_cutting_corners_stays_inside_the_polygon():
    square = np.array([(0.0, 0.0), (1, 0), (1, 1), (0, 1)])
    curve = smooth_curve(square, rounds=5)
    assert curve.min() >= 0
    assert curve.max() <= 1
    assert np.abs(curve - square[0]).sum(axis=1).min() > 0.1
    line = smooth_curve(square, closed=False)
    np.testing.assert_array_equal(line[[0, -1]], square[[0, -1]])
