from __future__ import annotations

import numpy as np
import pytest
import torch

from mebench.faces.lcn import LcnConfig, lcn
from mebench.faces.lcn_torch import LocalContrast
from mebench.settings import build_config

DIVISORS = ["max_std", "max_variance", "variance", "variance_above_one"]


@pytest.mark.parametrize("rule", DIVISORS)
@pytest.mark.parametrize("sigma", [1.6, 4.0])
def test_torch_agrees(textured: np.ndarray, rule: str, sigma: float) -> None:
    config = build_config(LcnConfig, {"divisor": rule, "sigma": sigma}, owner="lcn")
    here = lcn(textured, config)
    there = LocalContrast(config)(torch.from_numpy(textured)).numpy()
    np.testing.assert_allclose(there, here, atol=1e-4)
    assert here.dtype == there.dtype == np.float32


def test_torch_takes_any_leading_shape(textured: np.ndarray) -> None:
    layer = LocalContrast()
    flat = layer(torch.from_numpy(textured))
    np.testing.assert_allclose(layer(torch.from_numpy(textured)[:, None, None])[:, 0, 0], flat)


@pytest.mark.parametrize("rule", DIVISORS)
def test_flat_image_stays_at_zero(rule: str) -> None:
    flat = torch.full((1, 40, 40), 137, dtype=torch.uint8)
    config = build_config(LcnConfig, {"divisor": rule}, owner="lcn")
    assert LocalContrast(config, 40, 40)(flat).abs().max() < 0.02


def test_bad_windows() -> None:
    with pytest.raises(ValueError, match="too wide"):
        LocalContrast(None, 10, 40)
