"""Every way to divide a cohort tests everybody once and never learns from who is tested."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.protocols.splits import Cohort, fixed, k_fold, leave_one_dataset_out, leave_one_subject_out
from mebench.schema.people import Person

PEOPLE = [Person("b", "2"), Person("a", "1"), Person("a", "2"), Person("b", "1"), Person("a", "1"), Person("c", "9")]
COHORTS = st.lists(st.builds(Person, st.sampled_from("abc"), st.sampled_from("12345")), min_size=2, max_size=15)


def check(splits, people):
    everybody = sorted(set(people))
    assert sorted(person for split in splits for person in split.test) == everybody
    assert len({split.name for split in splits}) == len(splits)
    for split in splits:
        assert not set(split.test) & set(split.train)
        assert sorted((*split.test, *split.train)) == everybody
        assert list(split.test) == sorted(split.test)
        assert list(split.train) == sorted(split.train)


def test_one_subject_is_left_out_at_a_time_and_equal_names_are_two_people():
    splits = leave_one_subject_out(PEOPLE)
    assert [split.name for split in splits] == ["a/1", "a/2", "b/1", "b/2", "c/9"]
    check(splits, PEOPLE)


def test_one_dataset_is_left_out_at_a_time():
    splits = leave_one_dataset_out(PEOPLE)
    assert [(s.name, len(s.test)) for s in splits] == [("a", 2), ("b", 2), ("c", 1)]
    check(splits, PEOPLE)
    with pytest.raises(UserError, match="two datasets or more"):
        leave_one_dataset_out(PEOPLE[1:3])


@given(COHORTS, st.integers(0, 3))
def test_k_fold_is_subject_wise_balanced_and_depends_on_the_seed_alone(people, seed):
    n = len(set(people))
    for folds in range(2, n + 1):
        splits = k_fold(people, folds, seed)
        check(splits, people)
        sizes = [len(split.test) for split in splits]
        assert max(sizes) - min(sizes) <= 1
        assert splits == k_fold(people[::-1], folds, seed)


def test_another_seed_is_another_division():
    people = [Person("a", str(i)) for i in range(20)]
    assert k_fold(people, 5, 0) != k_fold(people, 5, 1)
    for folds in (1, 0, 21):
        with pytest.raises(UserError, match=f"20 people cannot be divided into {folds} folds"):
            k_fold(people, folds)


def test_fixed_lists():
    (split,) = fixed(PEOPLE[:1], PEOPLE[1:3])
    assert (split.test, split.train) == ((Person("b", "2"),), (Person("a", "1"), Person("a", "2")))
    with pytest.raises(UserError, match="a/1 is tested and trained on"):
        fixed(PEOPLE, PEOPLE[1:2])
    with pytest.raises(UserError, match="Nobody is to be tested"):
        fixed([])


def test_a_cohort_keeps_training_people_apart():
    cohort = Cohort.of(PEOPLE[:2], PEOPLE[2:3])
    assert cohort.datasets() == ("a", "b")
    assert cohort.of_dataset("b") == Cohort((Person("b", "2"),), (Person("a", "2"),))
    with pytest.raises(UserError, match="b/2 is tested and trained on"):
        Cohort.of(PEOPLE[:1], PEOPLE[:1])


def test_people_are_written_and_read():
    for person in PEOPLE:
        assert Person.parse(str(person)) == person
    assert Person.parse("006") == Person("", "006")
    assert str(Person("", "006")) == "006"
