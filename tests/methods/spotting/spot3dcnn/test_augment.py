from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.methods.spotting.spot3dcnn.augment import augment, tone_curve, turn
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig

CONFIG = Spot3DConfig()
NOTHING = dataclasses.replace(CONFIG, contrast=(1, 1), gamma=(1, 1), gain=(1, 1), rotation=0.0, flip=0.0)


def stacks(count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 4, 32, 32), dtype=np.uint8)


def random() -> np.random.Generator:
    return np.random.default_rng(5)


def test_with_nothing_to_change_grey_levels_stay() -> None:
    assert np.array_equal(augment(stacks(), NOTHING, random()), stacks().astype(np.float32))


def test_all_four_frames_change_alike() -> None:
    still = np.repeat(stacks()[:, :1], 4, axis=1)
    changed = augment(still, CONFIG, random())
    assert np.abs(changed - changed[:, :1]).max() == 0
    assert np.abs(changed - still).max() > 10
    assert changed.min() >= 0
    assert changed.max() <= 255


def test_a_flip_mirrors_exactly() -> None:
    config = dataclasses.replace(NOTHING, flip=1.0)
    assert np.array_equal(augment(stacks(), config, random()), stacks()[..., ::-1].astype(np.float32))


def test_half_of_the_stacks_are_flipped() -> None:
    config = dataclasses.replace(NOTHING, flip=0.5)
    many = stacks(200)
    flipped = (augment(many, config, random()) != many).any(axis=(1, 2, 3))
    assert 70 < flipped.sum() < 130


def test_rotation_turns_about_the_centre() -> None:
    frame = np.zeros((4, 33, 33), np.uint8)
    frame[:, 16, 26] = 255  # ten px to the right of the centre
    turned = np.stack(turn(frame, 90.0, mirrored=False))
    assert np.unravel_index(turned[0].argmax(), (33, 33)) == (6, 16)  # counter-clockwise: above it


def test_the_same_random_state_gives_the_same_stacks() -> None:
    assert np.array_equal(augment(stacks(), CONFIG, random()), augment(stacks(), CONFIG, random()))


@pytest.mark.parametrize("gamma", [0.5, 1.0, 1.5])
def test_tone_curves_never_fall(gamma: float) -> None:
    curve = tone_curve(1.3, gamma, 0.9, middle=100)
    assert (np.diff(curve) >= 0).all()
    assert curve.shape == (256,)


def test_contrast_pivots_on_the_middle() -> None:
    curve = tone_curve(0.5, 1.0, 1.0, middle=100)
    assert curve[[100, 120, 80]].tolist() == pytest.approx([100, 110, 90])
