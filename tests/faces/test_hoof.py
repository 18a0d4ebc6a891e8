"""Histograms of flow directions against a loop, and what the bridge of the nose takes off."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mebench.faces.hoof import NOSE, REGIONS, histograms, without_head


def test_histograms_equal_the_loop() -> None:
    field = np.random.default_rng(1).normal(size=(112, 112, 2)).astype(np.float32)
    field[:20, :20] = 0
    boxes = [(0, 0, 30, 12), REGIONS["chin"]]
    found = histograms(field, boxes, 6)
    for row, (left, top, right, bottom) in enumerate(boxes):
        expected = [0.0] * 6
        for y in range(top, bottom):
            for x in range(left, right):
                u, v = map(float, field[y, x])
                expected[int(math.atan2(v, u) % (2 * math.pi) // (math.pi / 3))] += math.hypot(u, v)
        assert found[row] == pytest.approx(np.array(expected) / ((right - left) * (bottom - top)), rel=1e-5)


def test_one_movement_fills_one_bin_with_its_length() -> None:
    field = np.zeros((112, 112, 2), np.float32)
    field[..., 1] = 2.0  # downwards
    assert histograms(field, [REGIONS["chin"]], 8).tolist() == [[0, 0, 2, 0, 0, 0, 0, 0]]
    assert not histograms(np.zeros_like(field), [REGIONS["chin"]], 8).any()


def test_what_the_nose_does_is_taken_off() -> None:
    field = np.full((112, 112, 2), 1.5, np.float32)
    left, top, right, bottom = REGIONS["upper_lip"]
    field[top:bottom, left:right, 0] += 1
    still = without_head(field)
    assert histograms(still, [NOSE, REGIONS["chin"]], 4).sum() == 0
    assert histograms(still, [REGIONS["upper_lip"]], 4)[0].tolist() == [1, 0, 0, 0]


def test_regions_lie_in_the_face_and_do_not_overlap() -> None:
    seen = np.zeros((112, 112), int)
    for left, top, right, bottom in (*REGIONS.values(), NOSE):
        assert 0 <= left < right <= 112
        assert 0 <= top < bottom <= 112
        seen[top:bottom, left:right] += 1
    assert seen.max() == 1
