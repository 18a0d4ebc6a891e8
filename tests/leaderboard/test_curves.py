from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mebench.leaderboard.curves import LEVELS, SAMPLES, bucket_starts, draw, envelope, shared_range


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
    assert curve.path == "M0 100h1v-50h2v-50h1V100"
    assert curve.width == 4


def test_one_frame_out_of_many_is_not_lost():
    scores = np.zeros(90_000)
    scores[12_345] = 1.0
    assert max(heights(draw(scores, 0.0, 1.0, points=600).path)) == LEVELS


@given(hnp.arrays(np.float64, st.integers(1, 400), elements=st.floats(-2, 2)), st.integers(2, 60))
def test_an_envelope_keeps_extremes_and_stays_small(scores, points):
    starts = bucket_starts(len(scores), points)
    pairs = envelope(scores, starts)
    assert pairs.shape == (len(starts), 2)
    assert len(np.unique(np.diff(starts))) <= 1
    assert len(scores) <= points or pairs.size <= points
    assert pairs.min() == scores.min()
    assert pairs.max() == scores.max()


@given(hnp.arrays(np.int64, st.integers(1, 300), elements=st.integers(0, 5)), st.data())
def test_every_bucket_has_its_least_and_greatest_in_the_order_of_time(scores, data):
    cuts = data.draw(st.sets(st.integers(0, len(scores) - 1)))
    starts = np.array(sorted(cuts | {0}))
    for bucket, pair in zip(np.split(scores, starts[1:]), envelope(scores, starts), strict=True):
        first = min(bucket.argmin(), bucket.argmax())
        assert sorted(pair) == [bucket.min(), bucket.max()]
        assert pair[0] == bucket[first]


SPANS = st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 200)).map(lambda s: (s[0], s[0] + s[1])), max_size=9)


@given(st.integers(1, 5000), st.integers(2, 300), SPANS)
def test_a_span_keeps_three_buckets_however_coarse_the_rest(n_frames, points, spans):
    starts = bucket_starts(n_frames, points, spans)
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
    assert starts[-1] < n_frames
    for onset, offset in spans:
        seen = min(offset, n_frames) - onset + 1
        within = ((starts >= onset - 1) & (starts < offset)).sum()
        assert within >= min(SAMPLES, max(seen, 0))


def test_the_rise_and_fall_of_a_micro_expression_in_a_long_video_are_drawn():
    scores = np.zeros(60_000)
    scores[30_010:30_030], scores[30_020] = 0.5, 1.0
    coarse, kept = draw(scores, 0.0, 1.0, 20), draw(scores, 0.0, 1.0, 20, [(30_011, 30_030)])
    assert coarse.path == "M0 100h30000v-100h6000v100h24000V100"
    assert kept.path == "M0 100h30010v-50h6v-50h7v50h7v50h29970V100"


def test_the_order_within_a_bucket_is_that_of_time():
    scores = np.array([3.0, 1.0, 2.0, 1.0, 5.0])
    starts = bucket_starts(5, 4)
    assert (starts.tolist(), envelope(scores, starts).tolist()) == ([0, 3], [[3.0, 1.0], [1.0, 5.0]])


def test_a_box_is_as_wide_as_the_video_is_long():
    curve = draw(np.linspace(0, 1, 1001), 0.0, 1.0, points=600)
    assert curve.width == 1001
    assert sum(map(int, re.findall(r"h(\d+)", curve.path))) == 1001


def test_numbers_that_are_none_and_levels_out_of_reach_are_cut():
    curve = draw(np.array([np.nan, np.inf, -np.inf, 7.0, -7.0]), 0.0, 1.0)
    assert heights(curve.path)[0] == 0
    assert set(heights(curve.path)) == {0, LEVELS}


def test_a_flat_curve_and_an_empty_one_are_drawn():
    assert draw(np.empty(0), 0.0, 1.0).path == "M0 100V100"
    assert heights(draw(np.full(5, 2.0), 2.0, 2.0).path) == [0]


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
