"""Statistics of sums: what they are is worked by hand, and neither order nor zeros change them."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.statistics.additive import Additive, additive_scores
from mebench.metrics.statistics.kinds import ratios_of_counts

COUNTS = np.array([[3, 1, 0], [0, 2, 2], [5, 0, 1], [1, 1, 1]])
"""tp, fp, fn of four people: 9, 4, 4 together."""


def scores(parts, names=("precision", "recall", "f1"), defined=(True, True, True)):
    return additive_scores(names, "overall", parts, ratios_of_counts(), defined)


def test_the_values_are_of_the_sums():
    assert [score.value for score in scores(COUNTS)] == pytest.approx([9 / 13, 9 / 13, 9 / 13])
    assert [score.scope for score in scores(COUNTS)] == ["overall"] * 3


def test_an_interval_holds_its_value():
    for score in scores(COUNTS):
        low, high = score.ci95
        assert 0 <= low <= score.value <= high <= 1
        assert low < high


def test_equal_people_leave_nothing_to_chance():
    for score in scores(np.tile([2, 1, 1], (6, 1))):
        assert score.ci95 == pytest.approx((2 / 3, 2 / 3))


def test_the_order_of_people_never_matters_to_a_value():
    assert [s.value for s in scores(COUNTS)] == [s.value for s in scores(COUNTS[::-1])]


def test_what_is_not_defined_is_nothing_and_has_no_interval():
    precision, recall, _ = scores(np.array([[0, 0, 2], [0, 0, 1]]), defined=(False, True, True))
    assert (precision.value, precision.ci95, precision.defined) == (0.0, None, False)
    assert recall.defined


def test_a_value_without_a_name_is_not_reported():
    assert [score.metric for score in scores(COUNTS, names=("", "recall", ""))] == ["recall"]


def test_a_statistic_knows_its_function_by_kind_and_options():
    one = Additive("ratios", "macro", ("f1",), COUNTS, (True,), options={"only": "f1"})
    (score,) = one.scores()
    assert (score.metric, score.scope, score.value) == ("f1", "macro", pytest.approx(9 / 13))
    (same,) = scores(COUNTS)[2:]
    assert (score.value, score.ci95) == (same.value, same.ci95)
