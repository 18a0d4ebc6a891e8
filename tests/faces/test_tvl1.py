from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.faces.flow import magnitude, strain
from mebench.faces.tvl1 import Tvl1Config, tvl1_flow
from mebench.settings import config_dict


@pytest.fixture(scope="module")
def texture() -> np.ndarray:
    noise = np.random.default_rng(0).normal(128, 60, (64, 64)).astype(np.float32)
    return np.clip(128 + 4 * (cv2.GaussianBlur(noise, (0, 0), 2.5) - 128), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(1.5, 0.0), (0.0, -0.7), (0.5, 0.5)])
def test_a_shift_is_found_to_a_tenth_of_a_pixel_in_the_order_x_y(texture: np.ndarray, dx: float, dy: float) -> None:
    moved = cv2.warpAffine(texture, np.array([[1, 0, dx], [0, 1, dy]]), (64, 64), borderMode=cv2.BORDER_REFLECT)
    found = tvl1_flow(texture, moved)
    assert (found.shape, found.dtype) == ((64, 64, 2), np.float32)
    np.testing.assert_allclose(np.median(found[12:-12, 12:-12].reshape(-1, 2), axis=0), [dx, dy], atol=0.1)


def test_no_motion_no_flow_and_no_strain(texture: np.ndarray) -> None:
    still = tvl1_flow(texture, texture)
    assert magnitude(still).max() == 0
    assert strain(still).max() == 0


def test_settings_reach_the_solver(texture: np.ndarray) -> None:
    moved = np.roll(texture, 2, axis=1)
    assert not np.allclose(tvl1_flow(texture, moved), tvl1_flow(texture, moved, Tvl1Config(attachment=5)))


def test_a_median_takes_the_grain_out_and_leaves_the_motion(texture: np.ndarray) -> None:
    noisy = np.clip(np.roll(texture, 1, axis=1) + np.random.default_rng(1).normal(0, 3, (64, 64)), 0, 255)
    plain, smooth = (tvl1_flow(texture, noisy.astype(np.uint8), Tvl1Config(median=side)) for side in (0, 5))
    assert strain(smooth)[8:-8, 8:-8].mean() < 0.5 * strain(plain)[8:-8, 8:-8].mean()
    np.testing.assert_allclose(np.median(smooth[8:-8, 8:-8].reshape(-1, 2), axis=0), [1, 0], atol=0.1)


def test_the_median_came_later_and_is_not_written_where_there_is_none() -> None:
    assert "median" not in config_dict(Tvl1Config())
    assert config_dict(Tvl1Config(median=5))["median"] == 5


def test_what_cannot_be_computed_is_refused(texture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one shape"):
        tvl1_flow(texture, texture[:50])
    with pytest.raises(ValueError, match="at least 1"):
        Tvl1Config(warps=0)
    with pytest.raises(ValueError, match="median must be"):
        Tvl1Config(median=4)  # type: ignore[arg-type]
