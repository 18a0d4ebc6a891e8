"""Pool and divide, or average ratios."""

from __future__ import annotations

import numpy as np

from mebench.metrics.intervals import ratios
from mebench.metrics.pooling import pooled_statistic

COUNTS = np.array([[2, 0, 0], [0, 2, 2], [0, 0, 0]])


def test_counts_are_added_first():
    table, statistic = pooled_statistic(COUNTS, "counts")
    assert statistic(table.sum(axis=0)).tolist() == ratios(np.array([2, 2, 2])).tolist()


def test_a_mean_is_over_the_subjects_that_count_anything():
    table, statistic = pooled_statistic(COUNTS, "mean")
    assert statistic(table.sum(axis=0)).tolist() == [0.5, 0.5, 0.5]
    assert statistic(table[:1].sum(axis=0)).tolist() == [1, 1, 1]
    assert statistic(table[2:].sum(axis=0)).tolist() == [0, 0, 0]
