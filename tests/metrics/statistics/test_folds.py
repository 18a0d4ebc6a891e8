"""Means over folds are told apart from what is pooled: the example of the module, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.intervals import RATIOS, ratios
from mebench.metrics.statistics.folds import over_folds

COUNTS = np.array([[1, 0, 0], [1, 3, 2]])


def test_the_example_by_hand() -> None:
    found = over_folds("movement", RATIOS, ratios(COUNTS), np.array([True, True]), "k")
    scores = {score.metric: score.value for score in found.scores()}
    means = [scores[f"{name}_fold_mean"] for name in RATIOS]
    assert means == pytest.approx([0.625, 2 / 3, (1 + 2 / 7) / 2])
    precision, recall, f1 = means
    assert f1 != pytest.approx(2 * precision * recall / (precision + recall), abs=1e-3)
    pooled = ratios(COUNTS.sum(axis=0))
    assert pooled == pytest.approx([0.4, 0.5, 4 / 9])
    # Two values a and b deviate by |a - b| / sqrt 2.
    assert scores["f1_fold_sd"] == pytest.approx((1 - 2 / 7) / np.sqrt(2))


def test_a_fold_without_a_value_takes_no_part() -> None:
    values, present = np.array([[0.2], [9.0], [0.6]]), np.array([True, False, True])
    mean, deviation = over_folds("s", ("f1",), values, present, "k").scores()
    assert (mean.value, deviation.value) == pytest.approx((0.4, np.std([0.2, 0.6], ddof=1)))


def test_one_fold_has_no_deviation_and_none_has_nothing() -> None:
    one = over_folds("s", ("f1",), np.array([[0.3], [0.0]]), np.array([True, False]), "k").scores()
    none = over_folds("s", ("f1",), np.array([[0.3], [0.0]]), np.array([False, False]), "k").scores()
    assert [score.defined for score in (*one, *none)] == [True, False, False, False]
