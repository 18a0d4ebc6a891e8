from __future__ import annotations

import numpy as np
import pytest

from mebench.methods.spotting.of_fd.emd import modes, without_trend

TIME = np.arange(200) / 30


def test_modes_add_up_to_the_signal() -> None:
    signal = np.random.default_rng(0).normal(size=200).cumsum()
    found = modes(signal)
    assert len(found) > 2
    np.testing.assert_allclose(np.sum(found, axis=0), signal, atol=1e-9)


def test_two_oscillations_come_apart_the_fast_one_first() -> None:
    fast, slow = np.sin(2 * np.pi * 4 * TIME), 2 * np.sin(2 * np.pi * 0.5 * TIME)
    first, *others = modes(fast + slow)
    inner = slice(20, -20)
    assert np.corrcoef(first[inner], fast[inner])[0, 1] > 0.98
    assert np.corrcoef(np.sum(others, axis=0)[inner], slow[inner])[0, 1] > 0.98


def test_a_trend_is_taken_out() -> None:
    trend = 3 + 0.5 * TIME
    oscillation = np.sin(2 * np.pi * 2 * TIME)
    found = without_trend(trend + oscillation)
    np.testing.assert_allclose(found[20:-20], oscillation[20:-20], atol=0.15)


@pytest.mark.parametrize("signal", [np.zeros(50), np.arange(50.0), np.array([1.0]), np.array([0.0, 1.0, 0.0])])
def test_what_does_not_oscillate_is_all_trend(signal: np.ndarray) -> None:
    (trend,) = modes(signal)
    assert np.array_equal(trend, signal)
    assert not without_trend(signal).any()


def test_a_plateau_is_one_extremum() -> None:
    signal = np.tile([0.0, 1, 1, 0, -1, -1], 8)
    assert len(modes(signal)) >= 2
    assert np.isfinite(modes(signal)).all()
