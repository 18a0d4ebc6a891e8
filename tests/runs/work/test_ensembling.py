from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.methods.spotting.base import SpottedInterval, Spotting
from mebench.runs.work.ensembling import combine, overlap
from mebench.schema.recordings import ExpressionType

MACRO, MICRO = ExpressionType.MACRO, ExpressionType.MICRO


def spotting(*intervals: tuple[int, int, ExpressionType, float], level: float = 0.0) -> Spotting:
    return Spotting(tuple(SpottedInterval(*i) for i in intervals), np.full((50, 2), level, np.float32))


def test_what_half_of_the_models_see_is_kept_with_median_ends() -> None:
    # model 1   |---macro 10-20---|                 |-31-35-| alone
    # model 2     |---macro 12-22---|
    # model 3  |--macro 8-18---|
    # model 4  nothing
    combined = combine(
        [
            spotting((10, 20, MACRO, 0.9), (31, 35, MACRO, 0.99), level=1.0),
            spotting((12, 22, MACRO, 0.5), level=0.0),
            spotting((8, 18, MACRO, 0.7), level=0.5),
            spotting(level=0.5),
        ]
    )
    assert combined.intervals == (SpottedInterval(10, 20, MACRO, pytest.approx(0.7)),)
    np.testing.assert_allclose(combined.scores, 0.5)
    assert combined.scores.dtype == np.float32


def test_types_are_told_apart() -> None:
    combined = combine([spotting((1, 10, MACRO, 1.0)), spotting((1, 10, MICRO, 1.0)), spotting((1, 10, MICRO, 0.0))])
    assert [(i.type, i.score) for i in combined.intervals] == [(MICRO, 0.5)]


def test_one_model_is_taken_as_it_is() -> None:
    only = spotting((3, 4, MICRO, 0.1))
    assert combine([only]) is only


def test_a_model_gives_each_interval_once() -> None:
    same = spotting((1, 10, MACRO, 0.9), (2, 11, MACRO, 0.8))
    assert len(combine([same, same]).intervals) == 2


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [((1, 10), (1, 10), 1.0), ((1, 10), (6, 15), 5 / 15), ((1, 10), (11, 20), 0.0), ((5, 5), (5, 5), 1.0)],
)
def test_overlap_counts_both_ends(a: tuple[int, int], b: tuple[int, int], expected: float) -> None:
    assert overlap(SpottedInterval(*a, MACRO, 0), SpottedInterval(*b, MACRO, 1)) == pytest.approx(expected)


intervals = st.tuples(
    st.integers(1, 20), st.integers(0, 8), st.sampled_from([MACRO, MICRO]), st.sampled_from([0.0, 0.5, 1.0])
)


@given(st.lists(st.lists(intervals, max_size=4), min_size=2, max_size=5), st.integers(0, 99))
def test_the_order_of_the_models_does_not_matter(
    models: list[list[tuple[int, int, ExpressionType, float]]], seed: int
) -> None:
    spottings = [spotting(*[(on, on + more, kind, score) for on, more, kind, score in model]) for model in models]
    shuffled = list(spottings)
    random.Random(seed).shuffle(shuffled)
    assert combine(spottings).intervals == combine(shuffled).intervals


def raw(level: float | None, thresholds: tuple[float, ...] | None) -> Spotting:
    scores = np.zeros((3, 2), np.float32)
    return Spotting((), scores, None if level is None else np.full((3, 1), level, np.float32), thresholds)


def test_raw_scores_are_averaged_and_their_thresholds_have_a_median() -> None:
    combined = combine([raw(0.25, (0.1,)), raw(0.5, (0.3,)), raw(0.75, (float("inf"),))])
    assert combined.raw is not None
    assert combined.raw.tolist() == [[0.5]] * 3
    assert combined.raw.dtype == np.float32
    assert combined.raw_thresholds == (0.3,)
    assert combine([raw(0.25, (0.1,)), raw(0.5, (float("inf"),))]).raw_thresholds == (0.1,)


def test_what_one_model_lacks_all_lack() -> None:
    assert combine([raw(0.5, (0.1,)), raw(None, None)]).raw is None
    combined = combine([raw(0.5, (0.1,)), raw(0.5, None)])
    assert combined.raw is not None
    assert combined.raw_thresholds is None
