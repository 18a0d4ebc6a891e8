"""Values, their intervals, and differences of what was resampled together."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.reproduce.measures.values import Value, difference


def test_intervals_hold_the_middle_of_what_is_defined() -> None:
    value = Value("micro", "recall", 0.5, np.append(np.arange(101.0), np.nan))
    assert value.name == "micro: recall"
    assert value.interval == pytest.approx((2.5, 97.5))
    assert Value("a", "b", 1.0).interval is None
    assert Value("a", "b", 1.0, np.full(3, np.nan)).interval is None


def test_differences_pair_their_draws() -> None:
    draws = np.random.default_rng(0).random(1000)
    change, ends = difference(Value("a", "x", 3.0, draws + 1), Value("b", "x", 2.0, draws))
    assert change == 1
    assert ends == pytest.approx((1, 1))
    assert difference(Value("a", "x", 3.0, draws), Value("b", "x", 2.0)) == (1, None)
    assert difference(Value("a", "x", 3.0, draws), Value("b", "x", 2.0, draws[:10])) == (1, None)
