"""The threshold and the range of one series."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.methods.spotting.postprocess.levels import lower_quartile, threshold, unit_range


def test_threshold_lies_between_mean_and_maximum() -> None:
    series = np.array([np.nan, 0.0, 0.0, 4.0, np.nan])
    assert threshold(series, 0.0) == pytest.approx(4 / 3)
    assert threshold(series, 0.25) == pytest.approx(4 / 3 + 0.25 * 8 / 3)
    assert threshold(np.full(3, np.nan), 0.5) == np.inf


def test_scores_span_zero_to_one_and_a_flat_series_gives_zero() -> None:
    assert unit_range(np.array([np.nan, -1.0, 3.0, 1.0])).tolist() == [0, 0, 1, 0.5]
    assert unit_range(np.array([np.nan, 2.0, 2.0])).tolist() == [0, 0, 0]


def test_a_quarter_lies_below_the_lower_quartile() -> None:
    assert lower_quartile(np.array([np.nan, 1.0, 2.0, 3.0, 4.0, 5.0])) == 2
    assert lower_quartile(np.full(2, np.nan)) == np.inf
