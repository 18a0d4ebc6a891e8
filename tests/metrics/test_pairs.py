"""Candidate pairs equal the full table of IoUs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.metrics import pairs as module
from mebench.metrics.pairs import Side, candidate_pairs, iou_of


def side(rows):
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    return Side(*columns)


def brute(predictions, truths, k, inclusive, above):
    extra = 1 if inclusive else 0
    found = []
    for i, (g, a, b) in enumerate(predictions):
        for j, (h, c, d) in enumerate(truths):
            if g != h or b < a or d < c:
                continue
            inter = max(min(b, d) - max(a, c) + extra, 0)
            union = b - a + d - c + 2 * extra - inter
            value = inter / union if union else 0.0
            if value > k if above else value >= k:
                found.append((i, j, value))
    return found


interval = st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(-3, 30)).map(
    lambda r: (r[0], r[1], r[1] + r[2])
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(interval, max_size=12),
    st.lists(interval, max_size=12),
    st.sampled_from([0.01, 0.1, 0.3, 1 / 3, 0.5, 0.6, 0.9, 1.0]),
    st.booleans(),
    st.booleans(),
)
def test_equals_the_full_table(predictions, truths, k, inclusive, above):
    found = candidate_pairs(side(predictions), side(truths), iou=k, inclusive=inclusive, strictly_above=above)
    got = list(zip(found.prediction.tolist(), found.truth.tolist(), found.iou.tolist(), strict=True))
    assert got == brute(predictions, truths, k, inclusive, above)


def test_blocks_change_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    onset = rng.integers(1, 200, 80)
    rows = np.stack((rng.integers(0, 3, 80), onset, onset + rng.integers(0, 60, 80)), axis=1)
    whole = candidate_pairs(side(rows[:50]), side(rows[50:]), iou=0.2)
    monkeypatch.setattr(module, "_BLOCK", 16)
    cut = candidate_pairs(side(rows[:50]), side(rows[50:]), iou=0.2)
    assert len(whole) > 64
    for name in ("prediction", "truth", "iou"):
        assert np.array_equal(getattr(whole, name), getattr(cut, name))


@pytest.mark.parametrize(("top", "bottom"), [(1, 2), (11, 20), (3, 10), (7, 10), (55, 100), (1, 3)])
def test_a_threshold_written_as_the_fraction_is_met_exactly(top, bottom):
    inside = candidate_pairs(side([(0, 1, top)]), side([(0, 1, bottom)]), iou=top / bottom)
    assert len(inside) == 1
    assert len(candidate_pairs(side([(0, 1, top)]), side([(0, 1, bottom)]), iou=top / bottom, strictly_above=True)) == 0


def test_one_frame_events():
    one = (np.array([5]), np.array([5]))
    assert iou_of(one, one).tolist() == [1.0]
    assert iou_of(one, one, inclusive=False).tolist() == [0.0]


def test_large_frame_numbers_and_many_groups():
    far = 10**9
    found = candidate_pairs(side([(10**5, far - 9, far)]), side([(10**5, far - 9, far), (10**5 - 1, far - 9, far)]))
    assert found.truth.tolist() == [0]


def test_nothing_pairs_with_nothing():
    assert len(candidate_pairs(side([]), side([(0, 1, 2)]))) == 0
    assert len(candidate_pairs(side([(0, 1, 2)]), side([]))) == 0
