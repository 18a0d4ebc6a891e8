from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.lcn import LcnConfig, blur_matrix, gaussian_kernel, lcn
from mebench.settings import build_config

DIVISORS = ["max_std", "max_variance", "variance", "variance_above_one"]


def brute_force(image: np.ndarray, sigma: float, rule: str) -> np.ndarray:
    """The definition with explicit loops over the window and mirrored edges."""
    reach = int(np.ceil(3 * sigma))
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights = np.outer(window, window) / window.sum() ** 2

    def local(values: np.ndarray) -> np.ndarray:
        padded = np.pad(values, reach, mode="reflect")
        return np.array(
            [
                [(weights * padded[r : r + 2 * reach + 1, c : c + 2 * reach + 1]).sum() for c in range(values.shape[1])]
                for r in range(values.shape[0])
            ]
        )

    centred = image - local(image)
    variance = local(centred**2)
    deviation = np.sqrt(variance)
    divisor = {
        "max_std": np.maximum(deviation, deviation.mean()),
        "max_variance": np.maximum(variance, variance.mean()),
        "variance": variance,
        "variance_above_one": np.where(variance > 1, variance, 1.0),
    }[rule]
    return centred / divisor


@pytest.mark.parametrize("rule", DIVISORS)
def test_every_rule_against_its_definition(rule: str) -> None:
    image = np.random.default_rng(1).integers(0, 255, (1, 14, 11)).astype(np.uint8)
    got = lcn(image, build_config(LcnConfig, {"divisor": rule, "sigma": 1.2}, owner="lcn"))
    np.testing.assert_allclose(got[0], brute_force(image[0].astype(float), 1.2, rule), rtol=1e-4, atol=1e-5)


def test_default_ignores_brightness_and_contrast(textured: np.ndarray) -> None:
    """What thesis figure 5.4 shows."""
    image = textured[:1].astype(np.float32) / 2
    np.testing.assert_allclose(lcn(image * 1.7 + 20), lcn(image), atol=2e-3)


def test_default_evens_out_slow_light(textured: np.ndarray) -> None:
    image = textured[:1].astype(np.float32)
    lit = image * np.linspace(0.6, 1.4, 112, dtype=np.float32)
    raw = np.corrcoef(image.ravel(), lit.ravel())[0, 1]
    assert np.corrcoef(lcn(image).ravel(), lcn(lit).ravel())[0, 1] > max(0.97, raw)


def test_local_maximum_rule_leaves_flat_regions_quiet(textured: np.ndarray) -> None:
    flat = np.s_[0, 48:52, 48:52]
    noisy = textured.copy()
    noisy[flat] += np.random.default_rng(0).integers(0, 2, (4, 4)).astype(np.uint8)
    assert np.abs(lcn(noisy, LcnConfig("max_std", 1.6))[flat]).max() < 0.3
    assert np.abs(lcn(noisy, LcnConfig("variance", 1.6))[flat]).max() > 0.5


@pytest.mark.parametrize("rule", DIVISORS)
def test_flat_image_stays_at_zero(rule: str) -> None:
    flat = np.full((1, 40, 40), 137, np.uint8)
    config = build_config(LcnConfig, {"divisor": rule}, owner="lcn")
    assert np.abs(lcn(flat, config)).max() < 0.02


def test_blur_matrix_keeps_means_and_mirrors() -> None:
    matrix = blur_matrix(20, 1.5)
    np.testing.assert_allclose(matrix.sum(axis=1), 1)
    np.testing.assert_allclose(matrix[::-1, ::-1], matrix)
    kernel = gaussian_kernel(1.5)
    np.testing.assert_allclose(matrix[10, 5:16], kernel)
    assert matrix[0, 1] == pytest.approx(2 * kernel[6])


def test_empty_batch() -> None:
    assert lcn(np.empty((0, 112, 112), np.uint8)).shape == (0, 112, 112)


def test_bad_windows() -> None:
    with pytest.raises(ValueError, match="too wide"):
        lcn(np.zeros((1, 10, 40), np.uint8))
    with pytest.raises(UserError, match="sigma must be above 0"):
        build_config(LcnConfig, {"sigma": "0"}, owner="lcn")
    with pytest.raises(UserError, match="not one of 'max_std'"):
        build_config(LcnConfig, {"divisor": "median"}, owner="lcn")
