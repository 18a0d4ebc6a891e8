"""Each rule of matching, on pairs."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.metrics import matching
from mebench.metrics.pairs import Pairs


def pairs(*rows):
    """Return pairs of (prediction, truth[, iou]) rows, sorted as `candidate_pairs` sorts them."""
    full = sorted({(r[0], r[1]): r[2] if len(r) > 2 else 0.5 for r in rows}.items())
    index = np.array([key for key, _ in full], np.int64).reshape(-1, 2)
    return Pairs(index[:, 0], index[:, 1], np.array([iou for _, iou in full], float))


def largest(edges):
    """Try every matching, largest first."""
    for size in range(len(edges), 0, -1):
        for chosen in itertools.combinations(edges, size):
            if len({p for p, _ in chosen}) == size == len({t for _, t in chosen}):
                return size
    return 0


edges = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=9, unique=True)


@settings(max_examples=400, deadline=None)
@given(edges, st.randoms(use_true_random=False))
def test_one_to_one_is_as_large_as_any_matching(found, random):
    rows = [(p, t, random.choice([0.5, 0.7, 0.9])) for p, t in found]
    truth_of, prediction_of = matching.one_to_one(pairs(*rows), 5, 5)
    matched = [(p, t) for p, t in enumerate(truth_of.tolist()) if t >= 0]
    assert len(matched) == largest(found)
    assert set(matched) <= set(found)
    assert [(int(p), t) for t, p in enumerate(prediction_of) if p >= 0] == sorted(matched, key=lambda m: m[1])


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 60))
def test_one_to_one_solves_cycles_and_long_chains(n):
    cycle = [(i, i) for i in range(n)] + [(i, (i + 1) % n) for i in range(n)]
    chain = [(i, i) for i in range(n)] + [(i + 1, i) for i in range(n)]
    assert (matching.one_to_one(pairs(*cycle), n, n)[0] >= 0).all()
    assert (matching.one_to_one(pairs(*chain), n + 1, n)[1] >= 0).all()


def test_one_to_one_agrees_with_scipy_on_large_contested_groups():
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    rng = np.random.default_rng(0)
    for density in (0.01, 0.03, 0.1, 0.5):
        table = rng.random((120, 100)) < density
        p, t = np.nonzero(table)
        truth_of, _ = matching.one_to_one(Pairs(p, t, rng.random(len(p))), 120, 100)
        expected = maximum_bipartite_matching(csr_matrix(table), perm_type="column")
        assert (truth_of >= 0).sum() == (expected >= 0).sum()


def test_one_to_one_prefers_the_larger_overlap_among_equals():
    truth_of, _ = matching.one_to_one(pairs((0, 0, 0.6), (1, 0, 0.9), (2, 0, 0.7)), 3, 1)
    assert truth_of.tolist() == [-1, 0, -1]


def test_greedy_by_score_looks_at_the_best_truth_only():
    # both predictions like truth 0 best; the second is turned away although truth 1 is free
    found = pairs((0, 0, 0.9), (1, 0, 0.8), (1, 1, 0.6))
    assert matching.greedy_by_score(found, 2, 2, np.array([0, 1]))[0].tolist() == [0, -1]
    assert matching.greedy_by_score(found, 2, 2, np.array([1, 0]))[0].tolist() == [-1, 0]


def test_greedy_by_time_takes_what_is_left():
    found = pairs((0, 0, 0.9), (1, 0, 0.8), (1, 1, 0.6))
    assert matching.greedy_by_time(found, 2, 2, np.array([0, 1]))[0].tolist() == [0, 1]
    # the early one takes the truth that only the late one could have shared with it
    stolen = pairs((0, 0, 0.6), (0, 1, 0.9), (1, 1, 0.9))
    assert matching.greedy_by_time(stolen, 2, 2, np.array([0, 1]))[0].tolist() == [1, -1]


def test_truth_found_lets_everybody_count():
    truth_of, prediction_of = matching.truth_found(pairs((0, 0, 0.6), (0, 1, 0.7), (1, 1, 0.5)), 2, 2)
    assert truth_of.tolist() == [1, 1]
    assert prediction_of.tolist() == [0, 0]


def test_best_of_truth_credits_only_the_best():
    truth_of, prediction_of = matching.best_of_truth(pairs((0, 0, 0.6), (0, 1, 0.7), (1, 1, 0.55)), 3, 2)
    assert truth_of.tolist() == [0, -1, -1]
    assert prediction_of.tolist() == [0, 0]


def test_first_come_gives_each_truth_to_the_first_in_the_file():
    truth_of, prediction_of = matching.first_come(pairs((0, 0, 0.5), (1, 0, 0.9), (1, 1, 0.5)), 2, 2)
    assert prediction_of.tolist() == [0, 1]
    assert truth_of.tolist() == [0, 1]


def test_no_pairs():
    for rule in (matching.one_to_one, matching.truth_found, matching.best_of_truth, matching.first_come):
        truth_of, prediction_of = rule(pairs(), 2, 3)
        assert (truth_of.tolist(), prediction_of.tolist()) == ([-1, -1], [-1, -1, -1])
    for rule in (matching.greedy_by_score, matching.greedy_by_time):
        assert rule(pairs(), 2, 3, np.array([0, 1]))[1].tolist() == [-1, -1, -1]


def test_ranks_follow_the_first_key_first():
    assert matching.rank_of((np.array([2, 1, 1]), np.array([0, 5, 4]))).tolist() == [2, 1, 0]
