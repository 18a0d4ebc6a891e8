from __future__ import annotations

import numpy as np
import pytest

from mebench.faces.face_points import STAND_IN
from mebench.methods.spotting.softnet.pictures import Layout, as_bytes, enlarged, picture, stretched

LAYOUT = Layout.of_points(STAND_IN)


def test_parts_lie_where_the_points_are_and_inside_the_face() -> None:
    assert LAYOUT.nose == (64, 44)
    for left, top, right, bottom in (LAYOUT.brows, LAYOUT.mouth):
        assert 0 <= left < right <= 128
        assert 0 <= top < bottom <= 128
        assert left + right == pytest.approx(128, abs=2)
    assert LAYOUT.brows[3] < LAYOUT.mouth[1]


def test_points_beyond_the_picture_give_boxes_inside_it() -> None:
    away = Layout.of_points(STAND_IN + 300)
    assert all(0 <= edge <= 128 for edge in (*away.brows, *away.mouth))
    assert picture(np.zeros((128, 128, 2), np.float32), away).shape == (42, 42, 3)


def test_motion_of_the_whole_head_leaves_nothing() -> None:
    made = picture(np.full((128, 128, 2), (3.0, -1.0), np.float32), LAYOUT)
    np.testing.assert_allclose(made, 0, atol=1e-6)
    assert not as_bytes(made).any()


def test_u_v_and_strain_by_hand() -> None:
    """The skin stretches to the right by 2% of the distance from the nose: u = -.02, v = 0 and a strain of .02."""
    x = np.arange(128, dtype=np.float32) - LAYOUT.nose[0]
    field = np.zeros((128, 128, 2), np.float32)
    field[..., 0] = -0.02 * x
    made = picture(field, LAYOUT)
    left, _, right, _ = LAYOUT.mouth
    mouth = made[21:]
    np.testing.assert_allclose(mouth[:, 0, 0], 0.02 * abs(left - LAYOUT.nose[0]), atol=0.02)
    np.testing.assert_allclose(mouth[:, -1, 0], 0.02 * abs(right - LAYOUT.nose[0]), atol=0.04)
    assert not mouth[..., 1].any()
    np.testing.assert_allclose(mouth[..., 2], 0, atol=1e-6)  # the same strain as at the nose, which is subtracted


def test_strain_of_the_mouth_alone_is_seen_there_alone() -> None:
    left, top, right, bottom = LAYOUT.mouth
    field = np.zeros((128, 128, 2), np.float32)
    field[top:bottom, left:right, 1] = 0.1 * np.arange(bottom - top)[:, None]
    made = picture(field, LAYOUT)
    assert not made[:21].any()
    np.testing.assert_allclose(made[24:38, 5:-5, 2], 0.1, atol=1e-5)


def test_eyes_are_black() -> None:
    x, y = (LAYOUT.eyes[0].mean(axis=0)).astype(int)
    field = np.zeros((128, 128, 2), np.float32)
    field[y - 2 : y + 3, x - 2 : x + 3] = 5
    assert not picture(field, LAYOUT).any()


def test_channels_are_stretched_on_their_own() -> None:
    made = np.zeros((42, 42, 3), np.float32)
    made[0, 0], made[1, 1] = (1, 10, 0), (3, -10, 0)
    found = stretched(made.transpose(2, 0, 1))
    assert found[:, 1, 1].tolist() == [1, 0, 0]
    assert found[:, 0, 0] == pytest.approx([1 / 3, 1, 0])
    assert not found[2].any()
    assert as_bytes(made)[1, 1].tolist() == [255, 0, 0]


def test_faces_are_enlarged() -> None:
    assert enlarged(np.full((112, 112), 7, np.uint8)).tolist() == np.full((128, 128), 7).tolist()
