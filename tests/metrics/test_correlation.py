"""Pearson's and Spearman's coefficients: by hand, against scipy, and of series that do not vary."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from mebench.metrics.correlation import pearson, spearman


def test_correlations_by_hand_with_ties() -> None:
    a = np.array([[0.0], [1.0], [1.0], [2.0]])
    b = np.array([[0.0], [0.0], [1.0], [3.0]])
    # centred: a = -1 0 0 1, b = -1 -1 0 2; sum ab = 3, norms sqrt 2 and sqrt 6
    assert pearson(a, b)[0] == pytest.approx(3 / math.sqrt(12))
    # ranks: a = 1, 2.5, 2.5, 4; b = 1.5, 1.5, 3, 4; centred a = -1.5 0 0 1.5, b = -1 -1 .5 1.5
    assert spearman(a, b)[0] == pytest.approx(3.75 / math.sqrt(4.5 * 4.5))


@given(
    arrays(np.float64, st.tuples(st.integers(3, 30), st.just(4)), elements=st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0]))
)
def test_coefficients_are_those_of_scipy(values: np.ndarray) -> None:
    a, b = values[:, :2], values[:, 2:]
    r, rho = pearson(a, b), spearman(a, b)
    for column in range(2):
        x, y = a[:, column], b[:, column]
        if np.ptp(x) == 0 or np.ptp(y) == 0:
            assert np.isnan(r[column])
            assert np.isnan(rho[column])
        else:
            assert r[column] == pytest.approx(stats.pearsonr(x, y)[0])
            assert rho[column] == pytest.approx(stats.spearmanr(x, y)[0])


def test_float32_noise_is_no_variation() -> None:
    steady = np.full((20, 1), 0.1, np.float32)
    assert np.isnan(pearson(steady, np.arange(20.0)[:, None]))[0]
