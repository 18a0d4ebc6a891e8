from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.flow import FlowConfig, direction, flow, magnitude, strain
from mebench.settings import build_config


@pytest.fixture(scope="module")
def texture() -> np.ndarray:
    noise = np.random.default_rng(0).normal(128, 60, (96, 96)).astype(np.float32)
    return np.clip(128 + 4 * (cv2.GaussianBlur(noise, (0, 0), 2.5) - 128), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(2.0, 0.0), (0.0, -1.5), (1.0, 1.0)])
def test_flow_finds_a_shift(texture: np.ndarray, dx: float, dy: float) -> None:
    moved = cv2.warpAffine(texture, np.array([[1, 0, dx], [0, 1, dy]]), (96, 96), borderMode=cv2.BORDER_REFLECT)
    inner = flow(texture, moved)[20:-20, 20:-20]
    assert inner.dtype == np.float32
    np.testing.assert_allclose(np.median(inner.reshape(-1, 2), axis=0), [dx, dy], atol=0.1)


def test_no_motion_no_flow(texture: np.ndarray) -> None:
    assert magnitude(flow(texture, texture))[20:-20, 20:-20].max() < 0.02


def test_settings_reach_opencv(texture: np.ndarray) -> None:
    moved = np.roll(texture, 3, axis=1)
    assert not np.allclose(flow(texture, moved), flow(texture, moved, FlowConfig(window=31)))


def test_flow_refuses_two_shapes(texture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one shape"):
        flow(texture, texture[:50])


def test_magnitude_and_direction_by_hand() -> None:
    field = np.array([[[3, 4], [0, 2], [-1, 0]]], np.float32)
    np.testing.assert_allclose(magnitude(field), [[5, 2, 1]])
    np.testing.assert_allclose(direction(field)[0, 1:], [np.pi / 2, np.pi])


def test_strain_of_rigid_motion_is_zero_and_of_stretch_is_its_rate() -> None:
    y, x = np.mgrid[:8, :9].astype(np.float32)
    shift = np.stack([np.full_like(x, 2), np.full_like(x, -1)], axis=-1)
    rotation = np.stack([-0.1 * y, 0.1 * x], axis=-1)
    stretch = np.stack([0.2 * x, 0 * y], axis=-1)
    shear = np.stack([0.3 * y, 0 * y], axis=-1)
    for field, expected in ((shift, 0), (rotation, 0), (stretch, 0.2), (shear, 0.3 * np.sqrt(0.5))):
        np.testing.assert_allclose(strain(field)[:-1, :-1], expected, atol=1e-6)


@pytest.mark.parametrize("options", [{"pyramid_scale": "1"}, {"levels": "0"}, {"sigma": "-1"}])
def test_impossible_settings(options: dict[str, str]) -> None:
    with pytest.raises(UserError, match="must"):
        build_config(FlowConfig, options, owner="flow")
