"""Holm's correction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.metrics.statistics.holm import holm

P = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def test_by_hand():
    """.01 x 4, .02 x 3, .03 x 2 and .04 x 1, none below a smaller one's."""
    assert holm([0.01, 0.04, 0.03, 0.02]).tolist() == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert holm([0.3, 0.6]).tolist() == pytest.approx([0.6, 0.6])
    assert holm([0.9, 0.6]).tolist() == [1.0, 1.0]
    assert holm([]).tolist() == []


@given(P)
def test_lies_between_the_plain_value_and_bonferroni_and_keeps_the_order(p):
    adjusted = holm(p)
    assert (adjusted >= np.array(p)).all()
    assert (adjusted <= np.minimum(1, np.array(p) * len(p)) + 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


@given(P, st.randoms())
def test_the_order_of_comparisons_does_not_matter(p, random):
    by_value = dict(zip(p, holm(p).tolist(), strict=True))
    shuffled = list(p)
    random.shuffle(shuffled)
    assert holm(shuffled).tolist() == [by_value[value] for value in shuffled]


def test_rejects_what_a_loop_over_the_definition_rejects():
    rng = np.random.default_rng(0)
    for _ in range(200):
        p = rng.random(6) ** 3
        rejected, order = set(), np.argsort(p)
        for i, k in enumerate(order):
            if p[k] >= 0.05 / (6 - i):
                break
            rejected.add(int(k))
        assert set(np.flatnonzero(holm(p) < 0.05).tolist()) == rejected


@pytest.mark.parametrize("wrong", [[-0.1], [1.1], [float("nan")], [[0.5]]])
def test_what_is_no_p_value_is_refused(wrong):
    with pytest.raises(ValueError, match="from 0 to 1"):
        holm(wrong)
