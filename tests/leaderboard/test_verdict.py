"""Sentences about what subjects tell apart."""

from __future__ import annotations

import pytest

from mebench.leaderboard.standing import Pair, Standing
from mebench.leaderboard.verdict import verdict


def standing(n, apart, subjects=8, untested=(), **more):
    pairs = {(i, j): (i, j) in apart for i in range(n) for j in range(i + 1, n)}
    made = {k: Pair(0.1, None, None if set(k) & set(untested) else 0.5, v) for k, v in pairs.items()}
    return Standing(((1, n),) * n, made, subjects, **more)


def test_some_pairs_are_named_on_either_side():
    told = verdict(standing(4, {(0, 2), (0, 3), (1, 3)}), "abcd")
    assert told == (
        "8 subjects cannot separate all of these methods: 3 of 6 pairs differ by more than chance. "
        "Told apart: a from c and d; b from d. Not told apart: a from b; b from c; c from d."
    )


def test_one_pair_of_three():
    told = verdict(standing(3, {(0, 2)}), "abc")
    assert "1 of 3 pairs differs by more than chance. Told apart: a from c. Not told apart: a from b; b from c." in told


def test_none_of_them():
    told = verdict(standing(3, set()), "abc")
    assert told == "8 subjects cannot separate these methods: none of 3 pairs differs by more than chance."


def test_all_of_them():
    told = verdict(standing(2, {(0, 1)}), "ab")
    assert told == "8 subjects separate these methods: 1 of 1 pair differs by more than chance."


@pytest.mark.parametrize(
    ("methods", "subjects", "least"),
    [
        (6, 8, "their least p corrected for 15 pairs is .117; 10 subjects could."),
        (2, 5, "their least p is .062; 6 sub"),
    ],
)
def test_so_few_subjects_never_can(methods, subjects, least):
    names = [f"m{i}" for i in range(methods)]
    assert f"So few never can: {least}" in verdict(standing(methods, set(), subjects), names)


def test_enough_subjects_could_have():
    assert "So few" not in verdict(standing(6, set(), 10), "abcdef")
    assert "So few" not in verdict(standing(60, set(), 30), [f"m{i}" for i in range(60)])


def test_one_subject():
    assert verdict(standing(2, set(), 1), "ab").startswith("1 subject cannot separate these methods: none of 1 pair ")


def test_of_many_methods_only_those_are_named_that_may_be_as_good_as_the_first():
    names = [f"m{i}" for i in range(30)]
    told = verdict(standing(30, {(0, 1), (3, 5)}), names)
    assert told == (
        "8 subjects cannot separate all of these methods: 2 of 435 pairs differ by more than chance. "
        "Not told apart from the first, m0: m2, m3, m4, m5, m6, m7, m8, m9 and 20 more methods."
    )
    alone = verdict(standing(30, {(0, j) for j in range(1, 30)}), names)
    assert alone.endswith("The first, m0, is told apart from all others.")


def test_left_out_and_untested_are_named():
    told = verdict(standing(3, {(0, 1)}, 8, untested=(2,), left_out=("s8", "s9")), "abc")
    assert told.startswith("8 subjects separate these methods: 1 of 1 pair")
    assert "Only subjects that all cards have are compared; left out: s8 and s9." in told
    assert told.endswith("Placed by the intervals of their scores alone, as nothing else is kept: c.")


def test_nothing_to_say():
    assert verdict(standing(1, set()), "a") == ""
    assert "no two methods can be tested" in verdict(standing(2, set(), 0, untested=(0, 1)), "ab")
