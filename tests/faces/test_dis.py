from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.faces.dis import DisConfig, dis_flow
from mebench.faces.flow import magnitude


@pytest.fixture(scope="module")
def texture() -> np.ndarray:
    noise = np.random.default_rng(0).normal(128, 60, (64, 64)).astype(np.float32)
    return np.clip(128 + 4 * (cv2.GaussianBlur(noise, (0, 0), 2.5) - 128), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(1.5, 0.0), (0.0, -0.7), (0.5, 0.5)])
def test_a_shift_is_found_in_the_order_x_y(texture: np.ndarray, dx: float, dy: float) -> None:
    moved = cv2.warpAffine(texture, np.array([[1, 0, dx], [0, 1, dy]]), (64, 64), borderMode=cv2.BORDER_REFLECT)
    found = dis_flow(texture, moved)
    assert (found.shape, found.dtype) == ((64, 64, 2), np.float32)
    np.testing.assert_allclose(np.median(found[12:-12, 12:-12].reshape(-1, 2), axis=0), [dx, dy], atol=0.15)


def test_no_motion_no_flow(texture: np.ndarray) -> None:
    assert magnitude(dis_flow(texture, texture)).max() < 1e-3


def test_settings_reach_the_search(texture: np.ndarray) -> None:
    moved = np.roll(texture, 2, axis=1)
    assert not np.allclose(dis_flow(texture, moved), dis_flow(texture, moved, DisConfig(preset="ultrafast", finest=2)))


def test_what_cannot_be_computed_is_refused(texture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one shape"):
        dis_flow(texture, texture[:50])
    with pytest.raises(ValueError, match="preset"):
        DisConfig(preset="slow")  # type: ignore[arg-type]
