"""Rank intervals against plain loops over the resamples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mebench.metrics.intervals import ratios
from mebench.metrics.statistics import bootstrap
from mebench.metrics.statistics.bootstrap import pooled_intervals, weights
from mebench.metrics.statistics.ranks import difference_intervals, places, rank_intervals, resampled_values

MERITS = st.integers(1, 6).flatmap(lambda n: hnp.arrays(np.float64, (n, 20), elements=st.integers(0, 4).map(float)))


def f1(sums):
    return ratios(sums)[..., 2:]


def counts(n_subjects, seed, n_methods=3):
    return list(np.random.default_rng(seed).integers(0, 9, (n_methods, n_subjects, 3)))


def test_the_example_in_the_docstring():
    merits = np.array([[0.6, 0.4], [0.4, 0.4], [0.2, 0.3]])
    best, worst = places(merits)
    assert best.tolist() == [[1, 1], [2, 1], [3, 3]]
    assert worst.tolist() == [[1, 2], [2, 2], [3, 3]]
    assert rank_intervals(merits, np.array([0.5, 0.4, 0.1])).tolist() == [[1, 2], [1, 2], [3, 3]]


@given(MERITS)
def test_places_count_who_is_better_and_who_is_not_worse(merits):
    best, worst = places(merits)
    for i, k in np.ndindex(*merits.shape):
        others = np.delete(merits[:, k], i)
        assert best[i, k] == 1 + sum(others > merits[i, k])
        assert worst[i, k] == len(merits) - sum(others < merits[i, k])


@given(MERITS)
def test_an_interval_holds_the_observed_place_and_at_least_its_share_of_the_resamples(merits):
    observed = merits[:, 0]
    ends = rank_intervals(merits, observed)
    best, worst = places(merits)
    assert (ends[:, 0] <= best[:, 0]).all()
    assert (ends[:, 1] >= worst[:, 0]).all()
    assert ((best < ends[:, :1]).mean(axis=1) <= 0.025).all()
    assert ((worst > ends[:, 1:]).mean(axis=1) <= 0.025).all()


def test_values_are_those_of_the_pooled_counts_of_the_same_subjects():
    parts = counts(5, 0)
    values = resampled_values(parts, f1, resamples=50)
    for draw, column in zip(weights(5, 50), values.T, strict=True):
        chosen = np.repeat(np.arange(5), draw.astype(int))
        assert np.allclose(column, [f1(rows[chosen].sum(axis=0)[None])[0, 0] for rows in parts])


def test_blocks_change_nothing(monkeypatch):
    parts = counts(8, 1)
    whole = resampled_values(parts, f1, resamples=300)
    monkeypatch.setattr(bootstrap, "_BLOCK", 100)
    assert np.array_equal(whole, resampled_values(parts, f1, resamples=300))


def test_the_values_of_another_column():
    parts = counts(6, 2)
    assert np.array_equal(resampled_values(parts, ratios, 2), resampled_values(parts, f1))


def test_differences_have_the_intervals_that_a_comparison_of_two_gives():
    first, second = parts = counts(8, 3, 2)
    ends = difference_intervals(resampled_values(parts, f1))
    limits = pooled_intervals(np.concatenate(parts, axis=1), lambda sums: f1(sums[:, :3]) - f1(sums[:, 3:]))
    assert ends[0, 1].tolist() == pytest.approx(limits[0].tolist())
    assert ends[1, 0].tolist() == pytest.approx((-limits[0][::-1]).tolist())
    assert ends[0, 0].tolist() == [0, 0]


def test_a_method_that_is_better_on_every_subject_is_always_first():
    better, worse = np.array([[2, 0, 0]] * 8), np.array([[1, 1, 1]] * 8)
    values = resampled_values([worse, better], f1)
    assert rank_intervals(values, np.array([0.5, 1.0])).tolist() == [[2, 2], [1, 1]]


def test_equal_methods_share_their_places():
    same = counts(8, 4, 1)[0]
    values = resampled_values([same, same, same], f1)
    assert rank_intervals(values, np.zeros(3)).tolist() == [[1, 3]] * 3


def test_no_methods_and_other_shapes():
    assert rank_intervals(resampled_values([], f1), np.zeros(0)).shape == (0, 2)
    with pytest.raises(ValueError, match="shapes"):
        resampled_values([np.zeros((3, 3)), np.zeros((4, 3))], f1)


def test_the_rank_of_a_hundred_methods_is_worked_out_at_once():
    """Two thousand resamples of thirty subjects; a loop over methods and resamples would take minutes."""
    values = resampled_values(counts(30, 5, 100), f1, resamples=2000)
    ends = rank_intervals(values, values[:, 0])
    assert ends.shape == (100, 2)
    assert (ends[:, 0] <= ends[:, 1]).all()
