from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs.views import FaceView
from mebench.methods.recognition.emr.flow_image import FARNEBACK, drawn, flow_image
from tests.methods.recognition.flow_networks.moving import clip

VIEW = FaceView(size=64, crop="whole")


@pytest.mark.parametrize(
    ("vector", "colour"),
    [((2.0, 0.0), (255, 0, 0)), ((-1.0, 0.0), (0, 255, 255)), ((0.0, 0.0), (0, 0, 0))],
)
def test_hue_is_the_direction_and_the_longest_vector_is_brightest(
    vector: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    field = np.zeros((4, 4, 2), np.float32)
    field[0, 0] = vector
    image = drawn(field)
    assert (image.dtype, image.shape) == (np.uint8, (4, 4, 3))
    assert tuple(image[0, 0]) == colour
    assert not image[1:].any()


def test_how_far_all_moves_is_not_seen() -> None:
    field = np.random.default_rng(0).normal(0, 1, (16, 16, 2)).astype(np.float32)
    assert np.array_equal(drawn(field), drawn(field * np.float32(4)))
    assert not np.array_equal(drawn(field), drawn(-field))
    assert not drawn(np.ones((3, 3, 2), np.float32)).any()


def test_a_clip_is_drawn_once_in_the_colour_of_its_motion(tmp_path: Path) -> None:
    cache, right = FrameCache(tmp_path), clip("x", 2, 4)
    image = flow_image(right, cache, VIEW)
    middle = image[28:36, 28:36].astype(int).mean((0, 1))
    assert middle[0] > 2 * middle[1:].max()  # to the right: red
    assert np.array_equal(flow_image(right, cache, VIEW), image)
    assert (FARNEBACK.levels, FARNEBACK.iterations, FARNEBACK.window) == (1, 2, 15)
