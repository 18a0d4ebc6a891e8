from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.protocols.base import Split
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.runs.plan import Arm, Fold, plan_folds


def plan(cohorts: dict[str, list[str]], *, trains: bool) -> tuple[Fold, ...]:
    """Plan the folds of a leave-one-subject-out protocol."""
    rules = Megc2020Spotting()
    return plan_folds({id: rules.splits(cohort) for id, cohort in cohorts.items()}, trains=trains)


names = st.lists(st.text("ab/ ._-1", min_size=1, max_size=4), min_size=3, max_size=9, unique=True)


def test_four_subjects_give_two_folds_of_two_arms_each() -> None:
    first, second = plan({"d": ["s3", "s1", "s2", "s4"]}, trains=True)
    assert first.id == "001-s1-s2"
    assert first.train == ("s3", "s4")
    assert first.arms == (Arm(("s1",), ("s2",)), Arm(("s2",), ("s1",)))
    assert second.train == ("s1", "s2")
    assert second.test == ("s4", "s3")


def test_an_odd_subject_is_validated_by_the_first_which_it_does_not_test_again() -> None:
    *_, last = plan({"d": ["s1", "s2", "s3"]}, trains=True)
    assert last.id == "002-s3"
    assert last.train == ("s2",)
    assert last.arms == (Arm(validation=("s1",), test=("s3",)),)


@given(names)
def test_each_subject_is_tested_once_and_nobody_learns_from_those_held_out(subjects: list[str]) -> None:
    folds = plan({"d": subjects}, trains=True)
    assert sorted(s for fold in folds for s in fold.test) == sorted(subjects)
    for fold in folds:
        for arm in fold.arms:
            assert not set(fold.train) & {*arm.validation, *arm.test}
            assert not set(arm.validation) & set(arm.test)
            assert len(fold.train) == len(subjects) - 2


@given(names)
def test_ids_are_unique_folder_names_whatever_the_subjects_are_called(subjects: list[str]) -> None:
    for trains in (True, False):
        ids = [fold.id for fold in plan({"d": subjects}, trains=trains)]
        assert len(set(ids)) == len(ids)
        assert not any("/" in id or " " in id or id in (".", "..") for id in ids)


@given(names, st.randoms())
def test_the_plan_does_not_depend_on_the_order_of_the_subjects(subjects: list[str], random: object) -> None:
    shuffled = list(subjects)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan({"d": subjects}, trains=True) == plan({"d": shuffled}, trains=True)


def test_a_method_that_does_not_train_has_a_fold_for_each_subject() -> None:
    folds = plan({"d": ["b", "a"]}, trains=False)
    assert [(f.id, f.train, f.arms) for f in folds] == [
        ("001-a", (), (Arm((), ("a",)),)),
        ("002-b", (), (Arm((), ("b",)),)),
    ]


def test_several_datasets_are_trained_apart() -> None:
    folds = plan({"x": ["1", "2", "3"], "y": ["1", "2", "3", "4"]}, trains=True)
    assert [fold.id for fold in folds] == ["x-001-1-2", "x-002-3", "y-001-1-2", "y-002-3-4"]
    assert {fold.dataset for fold in folds} == {"x", "y"}


@pytest.mark.parametrize(("subjects", "message"), [(["a", "b"], "d has 2 subjects"), (["a"], "d has 1 subject,")])
def test_too_few_subjects_to_train_is_told(subjects: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        plan({"d": subjects}, trains=True)


def test_a_protocol_may_hold_back_training_subjects_and_test_in_groups() -> None:
    splits = [
        Split("x", ("a", "b"), ("c", "d", "e")),
        Split("y", ("c",), ("a", "d", "e")),
    ]
    (fold,) = plan_folds({"d": splits}, trains=True)
    assert fold == Fold("001-x-y", "d", ("d", "e"), (Arm(("a", "b"), ("c",)), Arm(("c",), ("a", "b"))))
    assert Fold.from_dict(fold.as_dict()) == fold
