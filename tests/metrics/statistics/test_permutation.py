"""The paired permutation test against its definition."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mebench.metrics.intervals import ratios
from mebench.metrics.statistics.permutation import EXACT_SUBJECTS, permutation_test

COUNTS = st.integers(1, 6).flatmap(lambda n: hnp.arrays(np.int64, (2, n, 3), elements=st.integers(0, 6)))


def f1(counts):
    return ratios(counts)[..., 2:]


def by_definition(a, b):
    """Swap every subset of subjects in plain loops."""
    observed = float(f1(a.sum(axis=0))[0] - f1(b.sum(axis=0))[0])
    hits = 0
    for swapped in itertools.product((False, True), repeat=len(a)):
        which = np.array(swapped)[:, None]
        first, second = np.where(which, b, a).sum(axis=0), np.where(which, a, b).sum(axis=0)
        hits += abs(float(f1(first)[0] - f1(second)[0])) >= abs(observed) - 1e-12
    return observed, hits / 2 ** len(a)


@given(COUNTS)
def test_exact_equals_all_swaps_in_a_loop(pair):
    (difference,), (p,) = permutation_test(pair[0], pair[1], f1)
    expected = by_definition(pair[0], pair[1])
    assert (difference, p) == pytest.approx(expected)


@given(COUNTS)
def test_exchanging_the_methods_turns_the_sign_only(pair):
    difference, p = permutation_test(pair[0], pair[1], ratios)
    other, same = permutation_test(pair[1], pair[0], ratios)
    assert other.tolist() == (-difference).tolist()
    assert same.tolist() == p.tolist()


def test_the_same_counts_have_p_1():
    counts = np.random.default_rng(0).integers(0, 5, (20, 3))
    difference, p = permutation_test(counts, counts, ratios)
    assert difference.tolist() == [0, 0, 0]
    assert p.tolist() == [1, 1, 1]


@pytest.mark.parametrize("n", [3, 6, 16])
def test_a_difference_in_every_subject_has_the_smallest_p_there_is(n):
    better, worse = np.tile([3, 0, 0], (n, 1)), np.tile([0, 3, 3], (n, 1))
    assert permutation_test(better, worse, f1)[1].tolist() == [2 / 2**n]


def test_many_subjects_are_swapped_at_random_and_p_is_never_0():
    n = EXACT_SUBJECTS + 14
    better, worse = np.tile([3, 0, 0], (n, 1)), np.tile([0, 3, 3], (n, 1))
    assert permutation_test(better, worse, f1)[1].tolist() == [1 / 10_001]


def test_random_swaps_come_near_the_exact_value_and_depend_on_the_seed_alone():
    n = EXACT_SUBJECTS + 2
    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 6, (2, n, 3))
    ways = np.array(list(itertools.product((0, 1), repeat=n)))
    shift = ways @ (b - a)
    differences = f1(a.sum(axis=0) + shift) - f1(b.sum(axis=0) - shift)
    exact = (np.abs(differences) >= abs(differences[0]) - 1e-12).mean()
    (_, (p,)), (_, (again,)), (_, (other,)) = (permutation_test(a, b, f1, seed=seed) for seed in (0, 0, 1))
    assert p == again != other
    assert abs(p - exact) < 0.02
    assert abs(other - exact) < 0.02


def test_equal_methods_are_told_apart_about_as_often_as_the_level_says():
    rng = np.random.default_rng(7)
    found = 0
    for _ in range(300):
        tp = rng.binomial(10, 0.3, (2, 10))
        a, b = np.stack((tp, 10 - tp, 10 - tp), axis=-1)
        found += permutation_test(a, b, f1)[1][0] < 0.05
    assert 4 <= found <= 28  # 15 expected


def test_several_scopes_at_once_equal_each_alone():
    a, b = np.random.default_rng(1).integers(0, 6, (2, 8, 2, 3))
    difference, p = permutation_test(a, b, lambda c: f1(c).reshape(len(c), -1))
    for i in range(2):
        alone = permutation_test(a[:, i], b[:, i], f1)
        assert (difference[i], p[i]) == (alone[0][0], alone[1][0])


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"shapes \(2, 3\) and \(3, 3\)"):
        permutation_test(np.zeros((2, 3)), np.zeros((3, 3)), f1)
