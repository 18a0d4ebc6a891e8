from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.faces.face_points import STAND_IN
from mebench.methods.spotting.of_fd.config import OfFdConfig
from mebench.methods.spotting.of_fd.motion import aligned, motion_of, top_mean
from mebench.methods.spotting.of_fd.regions import Regions

REGIONS = Regions.of_points(STAND_IN, 256)


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    noise = np.random.default_rng(0).normal(128, 60, (256, 256)).astype(np.float32)
    return np.clip(128 + 6 * (cv2.GaussianBlur(noise, (0, 0), 4) - 128), 0, 255).astype(np.uint8)


def moved(face: np.ndarray, dx: float, dy: float) -> np.ndarray:
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float64)
    return cv2.warpAffine(face, matrix, (256, 256), borderMode=cv2.BORDER_REFLECT)


def test_the_mean_is_of_the_largest_vectors() -> None:
    vectors = np.zeros((2, 5, 2), np.float32)
    vectors[0, :2] = (3, 4), (0, -2)
    vectors[1, 4] = (1, 0)
    assert top_mean(vectors, 0.1).tolist() == [3, 4]
    assert top_mean(vectors, 0.2).tolist() == [1.5, 1]
    assert top_mean(vectors, 1.0).tolist() == pytest.approx([0.4, 0.2])
    assert top_mean(vectors[:1, :1], 0.01).tolist() == [3, 4]


def test_a_head_that_moves_is_followed_by_whole_px(face: np.ndarray) -> None:
    steady, head, shift = aligned(face, moved(face, 6, -3), np.zeros(2), REGIONS, OfFdConfig())
    assert shift.tolist() == pytest.approx([6, -3], abs=1)
    assert np.hypot(*head) <= 1
    assert steady.shape == face.shape
    _, far, none = aligned(face, moved(face, 6, -3), np.zeros(2), REGIONS, OfFdConfig(alignments=0))
    assert none.tolist() == [0, 0]
    assert np.hypot(*far) > 3


def test_motion_of_the_whole_head_is_none(face: np.ndarray) -> None:
    found = motion_of([face, moved(face, 1.4, 0), moved(face, 4, 2), face], REGIONS, OfFdConfig())
    assert found.shape == (4, 16)
    assert not found[0].any()
    assert found.max() < 0.7


def test_a_mouth_that_moves_is_seen_there_alone(face: np.ndarray) -> None:
    rows, columns = np.mgrid[0:256, 0:256].astype(np.float32)
    x, y = (STAND_IN[48:60].mean(axis=0) + 0.5) * 256 / 112
    patch = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 2 / 25.0**2).astype(np.float32)
    smile = cv2.remap(face, columns, rows - 5 * patch, cv2.INTER_LINEAR)
    _, found = motion_of([face, smile], REGIONS, OfFdConfig())
    assert found[8:14].max() > 3
    assert found[:8].max() < 1
