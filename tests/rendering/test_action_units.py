import numpy as np
import pytest

from mebench.rendering.action_units import (
    code,
    letter,
    opening_field,
    side_share,
    symmetric_field,
)
from mebench.rendering.faces import face_and_shape
from mebench.rendering.geometry import Geometry, neutral_landmarks
from mebench.rendering.head import head_of
from mebench.schema.action_units import ACTION_UNITS

SIZE = (320, 240)
IDENTITY = 5


def moved(units, right=None, size=SIZE):
    """Displacement of the landmarks in IPD against the neutral face; y up."""
    layout = head_of(IDENTITY, *size).layout
    neutral = face_and_shape(IDENTITY, {}, size)[1].landmarks
    shape = face_and_shape(IDENTITY, units, size, right=right)[1].landmarks
    return (shape - neutral) / layout.ipd * (1, -1)


def test_there_are_the_seventeen_units_of_openface_with_intensity():
    assert ACTION_UNITS == (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45)


def test_letters_follow_facs():
    assert "".join(letter(i) for i in (0.3, 1.0, 1.5, 2.5, 3.5, 4.5, 5.0)) == "AABCDEE"
    assert code(12, 1.4) == "12B"
    assert code(14, 2.2, "L") == "L14C"


def test_a_field_takes_the_tabulated_value_at_a_landmark():
    g = Geometry()
    corner = neutral_landmarks(g)[54]
    field = symmetric_field(12, g, corner[:1], corner[1:])[0, 0]
    np.testing.assert_allclose(field, (0.10, -0.10), atol=0.012)


def test_fields_never_fold_the_face():
    # A backward map folds where the displacement changes by more than a unit per unit.
    x, y = np.linspace(-1.5, 1.5, 121), np.linspace(-1.5, 2.2, 149)
    for unit in ACTION_UNITS:
        if unit not in (5, 25, 26, 45):
            field = symmetric_field(unit, Geometry(), x, y) * 1.25
            assert np.abs(np.diff(field, axis=0)).max() < 0.9 * (y[1] - y[0]), unit
            assert np.abs(np.diff(field, axis=1)).max() < 0.9 * (x[1] - x[0]), unit


def test_the_two_sides_add_up_to_the_whole():
    x = np.linspace(-2, 2, 81)
    np.testing.assert_allclose(side_share(x) + side_share(-x), 1)
    assert side_share(np.array([-0.5, 0.0, 0.5])).tolist() == [0, 0.5, 1]


def test_the_jaw_drop_leaves_the_upper_lip_and_takes_the_chin_along():
    g = Geometry()
    field = opening_field(26, g, np.array([0.0]), np.array([g.lip_line - 0.05, g.lip_line + 0.15, g.chin - 0.05]), 0.09)
    down = field[:, 0, 1]
    assert down[0] == pytest.approx(0, abs=1e-9)
    assert down[1] == pytest.approx(0.18, abs=0.01)
    assert down[2] == pytest.approx(0.20, abs=0.01)


CASES = [
    (1, (21, 22), "y", +0.06),
    (2, (17, 26), "y", +0.06),
    (4, (19, 24), "y", -0.04),
    (5, (37, 44), "y", +0.015),
    (7, (41, 46), "y", +0.015),
    (9, (31, 35), "y", +0.025),
    (10, (50, 52), "y", +0.03),
    (12, (48, 54), "y", +0.05),
    (15, (48, 54), "y", -0.04),
    (17, (57,), "y", +0.025),
    (25, (66,), "y", -0.02),
    (26, (8, 57), "y", -0.10),
    (45, (37, 38, 43, 44), "y", -0.08),
]


@pytest.mark.parametrize(("unit", "points", "axis", "least"), CASES)
def test_landmarks_move_the_way_facs_says(unit, points, axis, least):
    shift = moved({unit: 5})[list(points), 1]
    assert (np.sign(shift) == np.sign(least)).all()
    assert (np.abs(shift) >= abs(least)).all()


def test_corners_of_the_mouth_move_sideways():
    for unit, sign in ((12, 1), (14, 1), (20, 1), (23, -1)):
        shift = moved({unit: 5})
        assert sign * shift[54, 0] > 0.015, unit
        assert sign * shift[48, 0] < -0.015, unit
    brow = moved({4: 5})
    assert brow[21, 0] > 0.02
    assert brow[22, 0] < -0.02


def test_intensity_scales_displacement_about_linearly():
    full, weak = moved({12: 5})[54], moved({12: 1})[54]
    np.testing.assert_allclose(weak * 5, full, rtol=0.25, atol=0.01)


@pytest.mark.parametrize("unit", [2, 12, 15, 45])
def test_one_side_moves_alone(unit):
    shift = np.abs(moved({unit: 5}, right={})).max(axis=1)
    left = [*range(22, 27), *range(42, 48), 53, 54, 55]
    right = [*range(17, 22), *range(36, 42), 48, 49, 59]
    assert shift[left].max() > 0.04
    assert shift[right].max() < 0.006


def test_a_blink_closes_the_lids_in_truth_and_in_pixels():
    image, shape = face_and_shape(IDENTITY, {45: 5})
    marks = shape.landmarks
    assert np.abs(marks[[37, 38, 43, 44], 1] - marks[[41, 40, 47, 46], 1]).max() < 0.5
    opened, wide = face_and_shape(IDENTITY, {})
    x, y = np.round(wide.pupils[0]).astype(int)
    assert opened[y - 2 : y + 3, x - 2 : x + 3].mean() < 60
    assert image[y - 2 : y + 3, x - 2 : x + 3].mean() > 100
