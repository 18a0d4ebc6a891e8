from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mebench.metrics.frame_runs import keep_lengths, lengths, merge, runs_above


@given(st.lists(st.booleans(), max_size=60))
def test_runs_cover_exactly_the_frames_above(mask: list[bool]) -> None:
    runs = runs_above(np.array(mask, dtype=float), 0.5)
    covered = np.zeros(len(mask), bool)
    for first, last in runs:
        assert first <= last
        assert first == 0 or not mask[first - 1]
        assert last == len(mask) - 1 or not mask[last + 1]
        covered[first : last + 1] = True
    assert covered.tolist() == mask


def test_a_score_at_the_threshold_counts() -> None:
    assert runs_above(np.array([0.5, 0.49]), 0.5).tolist() == [[0, 0]]


def test_strictly_above_leaves_the_threshold_out_and_nan_is_never_above() -> None:
    series = np.array([5.0, 0, 2, 3, np.nan, 2, 1, 9])
    assert runs_above(series, 1.0, strictly=True).tolist() == [[0, 0], [2, 3], [5, 5], [7, 7]]
    assert runs_above(series, 1.0).tolist() == [[0, 0], [2, 3], [5, 7]]
    assert runs_above(series, np.inf, strictly=True).shape == (0, 2)


def test_keep_lengths_includes_both_ends() -> None:
    runs = np.array([[0, 0], [2, 3], [5, 7], [10, 13]])
    assert lengths(runs).tolist() == [1, 2, 3, 4]
    assert keep_lengths(runs, 2, 3).tolist() == [[2, 3], [5, 7]]
    assert keep_lengths(runs, 4, 5, np.array([4, 5, 6, 1])).tolist() == runs[:2].tolist()


def test_merge_joins_runs_whose_gap_is_small_enough() -> None:
    runs = np.array([[0, 4], [7, 9], [13, 14]])  # gaps of 2 and 3 frames
    assert merge(runs, 1).tolist() == runs.tolist()
    assert merge(runs, 2).tolist() == [[0, 9], [13, 14]]
    assert merge(runs, 3).tolist() == [[0, 14]]
    assert merge(runs[:0], 3).shape == (0, 2)
