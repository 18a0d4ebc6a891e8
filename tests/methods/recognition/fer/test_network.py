"""The body and its heads: counts by hand, what changes in training, and what does not in tests."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from mebench.methods.recognition.fer.config import FerConfig
from mebench.methods.recognition.fer.network import GAIN, Changes, FerNetwork, changed, plain

FACES = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (5, 16, 16)).astype(np.uint8))
BODY = sum(9 * a * b + b for a, b in ((1, 32), (32, 64), (64, 128), (128, 256), (256, 256)))


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def changes(brightness: float = 0.0, contrast: float = 1.0, *, mirrored: bool = False) -> Changes:
    return Changes(
        torch.full((5,), brightness), torch.full((5,), contrast), torch.full((5,), mirrored, dtype=torch.bool)
    )


@pytest.mark.parametrize("outputs", [1, 3])
def test_heads_differ_in_the_last_layer_alone(outputs: int) -> None:
    net = FerNetwork(outputs, FerConfig())
    assert sum(weight.numel() for weight in net.parameters()) == BODY + 257 * outputs
    assert {layer.stride for layer in net.body if isinstance(layer, torch.nn.Conv2d)} == {(2, 2)}
    assert net(torch.zeros((2, 96, 96), dtype=torch.uint8)).shape == (2, outputs)


def test_faces_without_changes_are_what_is_tested() -> None:
    torch.testing.assert_close(changed(FACES, changes(contrast=0.3)), plain(FACES, 0.3))
    torch.testing.assert_close(changed(FACES, changes()), (FACES[:, None] / 255 - 0.5) * GAIN)


def test_contrast_is_a_factor_on_the_distance_from_the_mean_and_brightness_is_added() -> None:
    whole, pale = plain(FACES, 1.0), plain(FACES, 0.25)
    mean = whole.mean((2, 3), keepdim=True)
    torch.testing.assert_close(pale - mean, 0.25 * (whole - mean))
    torch.testing.assert_close(changed(FACES, changes(0.1)) - whole, torch.full_like(whole, 0.1 * GAIN))


def test_a_mirrored_face_is_read_from_the_right() -> None:
    torch.testing.assert_close(changed(FACES, changes(mirrored=True)), changed(FACES.flip(2), changes()))


def test_what_is_drawn_lies_within_the_settings() -> None:
    drawn = Changes.drawn(2000, FerConfig(), np.random.default_rng(0))
    assert (drawn.brightness.abs().max(), drawn.brightness.min() < -0.09, drawn.brightness.max() > 0.09) <= (0.1, 1, 1)
    assert 0.2 <= float(drawn.contrast.min()) < 0.21 < 0.39 < float(drawn.contrast.max()) <= 0.4
    assert 0.45 < float(drawn.mirrored.float().mean()) < 0.55
    never = Changes.drawn(50, dataclasses.replace(FerConfig(), flip=0.0, brightness=0.0), np.random.default_rng(0))
    assert not never.mirrored.any()
    assert not never.brightness.any()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"contrast_low": 0.5}, "contrast_low must not be above contrast_high"),
        ({"layers": 0}, "layers=0 must be"),
        ({"flip": 1.5}, "flip=1.5 must be"),
        ({"size": 4}, "size=4 must be"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        FerConfig(**settings)
