"""Averages over people as sums."""

from __future__ import annotations

import numpy as np

from mebench.metrics.statistics.kinds import statistic_of
from mebench.metrics.statistics.pooling import ratios_to_average

COUNTS = np.array([[2, 0, 0], [0, 2, 2], [0, 0, 0]])


def average(counts):
    return statistic_of("mean", {})(ratios_to_average(counts).sum(axis=0)).tolist()


def test_a_mean_is_over_the_people_that_count_anything():
    assert average(COUNTS) == [0.5, 0.5, 0.5]
    assert average(COUNTS[:1]) == [1, 1, 1]
    assert average(COUNTS[2:]) == [0, 0, 0]
