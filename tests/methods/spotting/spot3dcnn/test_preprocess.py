from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from mebench.faces.lcn import LcnConfig, lcn
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor

FRAMES = np.random.default_rng(0).integers(0, 256, (2, 4, 112, 112), dtype=np.uint8)


def test_stacks_are_normalised_frame_by_frame() -> None:
    config = Spot3DConfig(lcn_sigma=3.0, lcn_divisor="max_variance")
    result = Preprocessor(config, "cpu", 112)(FRAMES)
    expected = lcn(FRAMES[1, 2:3], LcnConfig(divisor="max_variance", sigma=3.0))
    assert result.shape == FRAMES.shape
    assert np.allclose(result[1, 2].numpy(), expected[0], atol=1e-5)


def test_without_normalisation_grey_levels_are_only_scaled() -> None:
    config = dataclasses.replace(Spot3DConfig(), lcn=False)
    result = Preprocessor(config, "cpu", 112)(FRAMES)
    assert result.dtype == torch.float32
    assert np.allclose(result.numpy() * 64 + 128, FRAMES)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_gpu_gives_the_same() -> None:
    on_cpu = Preprocessor(Spot3DConfig(), "cpu", 112)(FRAMES)
    on_gpu = Preprocessor(Spot3DConfig(), "cuda", 112)(FRAMES)
    assert torch.allclose(on_gpu.cpu(), on_cpu, atol=1e-3)
