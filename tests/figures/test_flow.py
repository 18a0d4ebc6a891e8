"""Flow from onset to apex, and its colours."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.figures.flow import SIZE, coloured, draw_flow, flow_of, square, wheel
from mebench.figures.video import event_of, video_of


@pytest.mark.parametrize(
    ("vector", "colour"),
    [
        ((2, 0), (255, 0, 0)),
        ((-2, 0), (0, 255, 255)),
        ((0, 2), (128, 255, 0)),
        ((0, 0), (0, 0, 0)),
        ((9, 0), (255, 0, 0)),
    ],
)
def test_hue_is_direction_and_brightness_is_length(vector: tuple[int, int], colour: tuple[int, int, int]) -> None:
    field = np.array([[vector]], np.float32)
    assert np.abs(coloured(field, 2.0)[0, 0].astype(int) - colour).max() <= 2
    assert np.abs(coloured(field / 2, 2.0)[0, 0].astype(int) - np.array(colour) / 2).max() <= 2 or vector == (9, 0)


def test_the_key_is_coloured_as_the_flow() -> None:
    key = wheel(41)
    assert key[20, 40].tolist() == [255, 0, 0]
    assert key[20, 20].max() <= 1
    assert key[0, 0].tolist() == [255, 255, 255]


def test_the_largest_square_in_the_middle_is_scaled() -> None:
    frame = np.zeros((300, 500), np.uint8)
    frame[:, 100:400] = 200
    assert square(frame).shape == (SIZE, SIZE)
    assert square(frame).min() == 200
    small = cv2.resize(frame, (50, 40))
    assert square(small).shape == (SIZE, SIZE)


def test_flow_of_a_rendered_event_is_drawn_as_the_same_bytes() -> None:
    video = video_of("synth_lv:subjects=2,videos=1,seconds=8,distractors=false", "")
    found = flow_of(video, event_of(video, 1))
    assert found.frames[0] == video.events[0].onset
    assert found.field.shape == (SIZE, SIZE, 2)
    assert found.reach > 0.1
    assert draw_flow(found) == draw_flow(flow_of(video, event_of(video, 1)))
