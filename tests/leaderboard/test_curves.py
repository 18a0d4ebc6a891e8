from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mebench.leaderboard.curves import LEVELS, draw, envelope, shared_range


def heights(path: str) -> list[int]:
    """Follow a path and return the heights above the bottom that it passes, the bottom ends left out."""
    x = y = 0
    levels = []
    for command, number in re.findall(r"([MVhv]) ?([-\d ]+)", path):
        if command == "M":
            y = int(number.split()[1])
        elif command == "V":
            y = int(number)
        elif command == "h":
            x += int(number)
        else:
            y += int(number)
        levels.append(LEVELS - y)
    return levels[1:-1]


def test_a_path_worked_by_hand():
    curve = draw(np.array([0.0, 0.5, 0.5, 1.0]), 0.0, 1.0)
    assert curve.path == "M0 100h1v-50h1h1v-50h1V100"
    assert curve.width == 4


def test_one_frame_out_of_many_is_not_lost():
    scores = np.zeros(90_000)
    scores[12_345] = 1.0
    assert max(heights(draw(scores, 0.0, 1.0, points=600).path)) == LEVELS


@given(hnp.arrays(np.float64, st.integers(1, 400), elements=st.floats(-2, 2)), st.integers(2, 60))
def test_an_envelope_keeps_extremes_and_stays_small(scores, points):
    pairs, size = envelope(scores, points)
    assert (len(pairs) - 1) * size < len(scores) <= len(pairs) * size
    assert pairs.size <= max(points, 2)
    assert pairs.min() == scores.min()
    assert pairs.max() == scores.max()


def test_the_order_within_a_bucket_is_that_of_time():
    pairs, size = envelope(np.array([3.0, 1.0, 2.0, 1.0, 5.0]), 4)
    assert (pairs.tolist(), size) == ([[3.0, 1.0], [1.0, 5.0]], 3)


def test_the_last_bucket_is_cut_where_the_video_ends():
    assert draw(np.zeros(1000), 0.0, 1.0, points=600).width == 250.0
    assert draw(np.zeros(1001), 0.0, 1.0, points=600).width == 250.25


def test_numbers_that_are_none_and_levels_out_of_reach_are_cut():
    curve = draw(np.array([np.nan, np.inf, -np.inf, 7.0, -7.0]), 0.0, 1.0)
    assert heights(curve.path)[0] == 0
    assert set(heights(curve.path)) == {0, LEVELS}


def test_a_flat_curve_and_an_empty_one_are_drawn():
    assert draw(np.empty(0), 0.0, 1.0).path == "M0 100V100"
    assert heights(draw(np.full(5, 2.0), 2.0, 2.0).path) == [0] * 5


def test_a_curve_stays_small():
    curve = draw(np.random.default_rng(0).random(100_000), 0.0, 1.0, points=600)
    assert len(curve.path) < 6_000


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[0.1, 0.4], [0.2]], (0.0, 0.4)),
        ([[-1.0, 2.0], [3.0]], (-1.0, 3.0)),
        ([[np.nan], []], (0.0, 1.0)),
        ([], (0.0, 1.0)),
        ([[0.0, 0.0]], (0.0, 1.0)),
        ([[-2.0, -2.0]], (-2.0, -1.0)),
    ],
)
def test_curves_of_one_run_share_their_levels(values, expected):
    assert shared_range([np.array(v, float) for v in values]) == expected
