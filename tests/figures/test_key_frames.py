"""The curve of shifted key frames: the same numbers are the same bytes, and the table says what is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.apply.key_frames import KeyFrameNoise
from mebench.figures.key_frames import arrays, draw_key_frames, rows


@pytest.fixture
def found():
    scores = np.array([[0.6, 0.6], [0.5, 0.4], [0.3, 0.1]])
    held = np.array([[0, 0], [0, 0], [2, 4]])
    return KeyFrameNoise("r", "m$1", "uf1", "full", np.array([0, 2, 8]), scores, held, 12)


def test_the_same_numbers_are_the_same_bytes(found):
    first, second = draw_key_frames(found), draw_key_frames(found)
    assert first == second
    assert sorted(first) == ["png", "svg"]
    assert first["png"].startswith(b"\x89PNG")


def test_the_table_and_the_arrays_say_what_is_drawn(found):
    assert rows(found) == [
        ["0", "0.6000", "0.6000 to 0.6000", "0%"],
        ["2", "0.4500", "0.4000 to 0.5000", "0%"],
        ["8", "0.2000", "0.1000 to 0.3000", "25%"],
    ]
    assert arrays(found)["scores"].shape == (3, 2)
