"""The bootstrap resamples subjects, exactly, and of the pooled statistic."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.intervals import ratios
from mebench.metrics.statistics.bootstrap import pooled_intervals, weights


def test_every_resample_draws_as_many_subjects_as_there_are():
    drawn = weights(7, 500, 1)
    assert drawn.shape == (500, 7)
    assert (drawn.sum(axis=1) == 7).all()
    assert (drawn == drawn.astype(int)).all()
    assert drawn.mean() == 1.0


def test_weights_are_multinomial():
    drawn = weights(5, 40_000, 2)
    # variance n p (1 - p) = .8, covariance -n p^2 = -.2
    cov = np.cov(drawn.T)
    assert np.allclose(np.diag(cov), 0.8, atol=0.03)
    assert np.allclose(cov[np.triu_indices(5, 1)], -0.2, atol=0.03)


def test_the_seed_decides_everything():
    assert np.array_equal(weights(6, 100, 3), weights(6, 100, 3))
    assert not np.array_equal(weights(6, 100, 3), weights(6, 100, 4))
    with pytest.raises(ValueError, match="read-only"):
        weights(6, 100, 3)[0, 0] = 9


@pytest.mark.parametrize("block", [1, 40, 333])
def test_blocks_bound_the_memory_and_change_nothing(monkeypatch, block):
    counts = np.random.default_rng(0).integers(0, 9, (8, 3))
    whole, interval = weights(8, 100, 4), pooled_intervals(counts, ratios, resamples=100, seed=4)
    monkeypatch.setattr("mebench.metrics.statistics.bootstrap._BLOCK", block)
    weights.cache_clear()
    assert np.array_equal(weights(8, 100, 4), whole)
    assert pooled_intervals(counts, ratios, resamples=100, seed=4).tolist() == interval.tolist()
    weights.cache_clear()


def test_equals_a_loop_that_draws_the_same_subjects():
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 9, (8, 3))
    drawn = weights(8, 400, 5).astype(int)
    loop = [ratios(np.repeat(counts, row, axis=0).sum(axis=0))[2] for row in drawn]
    found = pooled_intervals(counts, lambda c: ratios(c)[..., 2:], resamples=400, seed=5)
    assert found[0].tolist() == np.quantile(loop, (0.025, 0.975)).tolist()


def test_equal_subjects_leave_no_uncertainty():
    counts = np.tile([3, 1, 2], (10, 1))
    value = ratios(np.array([3, 1, 2]))
    assert np.allclose(pooled_intervals(counts, ratios, resamples=50), np.stack((value, value), axis=1))


def test_covers_the_true_value_about_as_often_as_it_says():
    """60 subjects, hits with probability .3 each of 10: the interval of recall holds .3 in about 95 of 100 data sets."""
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(120):
        tp = rng.binomial(10, 0.3, 60)
        counts = np.stack((tp, np.zeros_like(tp), 10 - tp), axis=1)
        low, high = pooled_intervals(counts, lambda c: ratios(c)[..., 1:2], resamples=300)[0]
        hits += low <= 0.3 <= high
    assert 104 <= hits <= 119


def test_one_subject_cannot_be_resampled():
    assert pooled_intervals(np.array([[1, 2, 3]]), ratios) is None
