"""The pixels agree with the landmarks."""

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.rendering.faces import face_and_shape, render_face, sample_faces, unit_vector
from mebench.rendering.head import head_of
from mebench.rendering.pose import NEUTRAL, PITCH, ROLL, TX, YAW, forward, invert

IDENTITY = 5


def grey(image):
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def pixel_shift(before, after, centre, half=14, search=30):
    """Where the patch around `centre` of one image lies in another, by correlation."""
    x, y = np.round(centre).astype(int)
    patch = before[y - half : y + half, x - half : x + half]
    area = after[y - half - search : y + half + search, x - half - search : x + half + search]
    _, _, _, (bx, by) = cv2.minMaxLoc(cv2.matchTemplate(area, patch, cv2.TM_CCOEFF_NORMED))
    return np.array([bx - search, by - search])


@pytest.mark.parametrize(("unit", "mark"), [(1, 22), (4, 24), (12, 54), (15, 54), (2, 25)])
def test_pixels_go_where_the_landmarks_go(unit, mark):
    neutral, rest = face_and_shape(IDENTITY, {})
    image, shape = face_and_shape(IDENTITY, {unit: 5})
    expected = shape.landmarks[mark] - rest.landmarks[mark]
    found = pixel_shift(grey(neutral), grey(image), rest.landmarks[mark])
    assert np.linalg.norm(expected) > 4
    assert np.linalg.norm(found - expected) < 0.45 * np.linalg.norm(expected)


def test_left_only_changes_the_images_right_half_only():
    neutral = grey(render_face(IDENTITY, {})).astype(int)
    image = grey(render_face(IDENTITY, {12: 5, 2: 5, 6: 5}, right={})).astype(int)
    change = np.abs(image - neutral)
    assert change[:, 345:].max() > 40
    assert change[:, :295].max() == 0


def test_parted_lips_show_dark_and_teeth():
    neutral, _ = face_and_shape(IDENTITY, {})
    image, shape = face_and_shape(IDENTITY, {26: 5})
    x = round(float(shape.landmarks[62, 0]))
    top, bottom = shape.landmarks[62, 1], shape.landmarks[66, 1]
    assert bottom - top > 10
    column = grey(image)[round(top) : round(bottom), x - 4 : x + 4].mean(axis=1)
    assert column.min() < 50
    assert column.max() > 90
    assert np.abs(grey(neutral).astype(int) - grey(image))[:100].max() == 0


def test_wrinkles_appear_beyond_displacement():
    head = head_of(IDENTITY, 640, 480)
    zero = np.zeros(17, np.float32)
    for unit in (1, 4, 6, 9, 12, 17):
        canvas = head._wrinkled(unit_vector({unit: 5}), zero)
        assert np.abs(canvas.astype(int) - head.canvas).max() > 12, unit
    assert head._wrinkled(zero, zero) is head.canvas


def test_landmarks_follow_the_pose():
    head = head_of(IDENTITY, 320, 240)
    zero = np.zeros(17, np.float32)
    rest = head.shape(zero, zero, NEUTRAL).landmarks
    pose = NEUTRAL.copy()
    pose[TX], pose[ROLL] = 0.05, 0.02
    affine = forward(pose, head.layout.ipd, head.layout.cx, head.layout.cy)
    np.testing.assert_allclose(head.shape(zero, zero, pose).landmarks, rest @ affine[:, :2].T + affine[:, 2], atol=0.05)


def test_small_rotations_move_the_nose_against_the_ears():
    head = head_of(IDENTITY, 320, 240)
    zero = np.zeros(17, np.float32)
    for axis, coordinate in ((YAW, 0), (PITCH, 1)):
        pose = NEUTRAL.copy()
        pose[axis] = 0.04
        shift = head.shape(zero, zero, pose).landmarks - head.shape(zero, zero, NEUTRAL).landmarks
        assert shift[30, coordinate] > shift[0, coordinate] + 0.5
        assert abs(shift[30, 1 - coordinate]) < 0.3


def test_inverting_a_pose():
    pose = np.array([0.05, -0.03, 0.03, 1.01, 0, 0])
    affine = forward(pose, 88, 320, 200)
    both = invert(affine)[:, :2] @ affine[:, :2]
    np.testing.assert_allclose(both, np.eye(2), atol=1e-12)
    # The pivot in the neck only shifts.
    np.testing.assert_allclose(affine @ (320, 200 + 1.6 * 88, 1), (320 + 0.05 * 88, 200 + 1.6 * 88 - 0.03 * 88))


def test_faces_of_one_seed_agree_and_identities_differ():
    first, again = (list(sample_faces(4, 3, per_identity=2, size=(160, 120))) for _ in range(2))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a.image, b.image)
        np.testing.assert_array_equal(a.action_units, np.maximum(b.left, b.right))
    assert first[0].identity == first[1].identity != first[2].identity
    assert first[0].image.shape == (120, 160, 3)
    assert first[0].landmarks.shape == (68, 2)
    assert np.linalg.norm(first[0].eyes[1] - first[0].eyes[0]) == pytest.approx(0.183 * 120, rel=0.05)


def test_unknown_units_and_intensities_are_refused():
    with pytest.raises(UserError, match="AU3 is not rendered: use one of 1, 2"):
        render_face(0, {3: 1})
    with pytest.raises(UserError, match="between 0 and 5"):
        render_face(0, {12: 6})
