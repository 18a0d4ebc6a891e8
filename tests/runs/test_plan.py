from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.protocols.megc.megc2021_spotting import Megc2021Spotting
from mebench.protocols.splits import Cohort, Split, leave_one_subject_out, with_first_stage
from mebench.runs.plan import Arm, Fold, Validation, plan_folds
from mebench.schema.people import Person


def people(*names: str, dataset: str = "d") -> tuple[Person, ...]:
    return tuple(Person(dataset, name) for name in names)


def plan(cohorts: dict[str, list[str]], *, trains: bool, validation: Validation = "pair") -> tuple[Fold, ...]:
    """Plan the folds of a leave-one-subject-out protocol."""
    everybody = [person for id, cohort in cohorts.items() for person in people(*cohort, dataset=id)]
    splits = Megc2021Spotting().splits(Cohort.of(everybody))
    return plan_folds(splits, trains=trains, validation=validation)


names = st.lists(st.text("ab/ ._-1", min_size=1, max_size=4), min_size=3, max_size=9, unique=True)


def test_four_subjects_give_two_folds_of_two_arms_each() -> None:
    first, second = plan({"d": ["s3", "s1", "s2", "s4"]}, trains=True)
    assert first.id == "001-s1-s2"
    assert first.train == people("s3", "s4")
    assert first.arms == (Arm(people("s1"), people("s2")), Arm(people("s2"), people("s1")))
    assert second.train == people("s1", "s2")
    assert second.test == people("s4", "s3")


def test_an_odd_subject_is_validated_by_the_first_which_it_does_not_test_again() -> None:
    *_, last = plan({"d": ["s1", "s2", "s3"]}, trains=True)
    assert last.id == "002-s3"
    assert last.train == people("s2")
    assert last.arms == (Arm(validation=people("s1"), test=people("s3")),)


@given(names)
def test_each_subject_is_tested_once_and_nobody_learns_from_those_held_out(subjects: list[str]) -> None:
    folds = plan({"d": subjects}, trains=True)
    assert sorted(p.subject for fold in folds for p in fold.test) == sorted(subjects)
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
        ("001-a", (), (Arm((), people("a")),)),
        ("002-b", (), (Arm((), people("b")),)),
    ]


def test_several_datasets_are_trained_apart() -> None:
    folds = plan({"x": ["1", "2", "3"], "y": ["1", "2", "3", "4"]}, trains=True)
    assert [fold.id for fold in folds] == ["001-x_1-x_2", "002-x_3", "003-y_1-y_2", "004-y_3-y_4"]
    for fold in folds:
        assert len({person.dataset for person in fold.people}) == 1


def test_a_composite_cohort_learns_from_all() -> None:
    everybody = people("1", "2", dataset="x") + people("1", "2", dataset="y")
    splits = Megc2019Cde().splits(Cohort.of(everybody))
    folds = plan_folds(splits, trains=True, validation="none")
    assert [len(fold.train) for fold in folds] == [3, 3, 3, 3]
    paired = plan_folds(splits, trains=True, validation="pair")
    assert [fold.id for fold in paired] == ["001-x_1-x_2", "002-y_1-y_2"]
    assert paired[0].train == people("1", "2", dataset="y")


@pytest.mark.parametrize("validation", ["held_out", "pair"])
def test_people_that_nobody_tests_may_validate_when_the_tested_are_unseen(validation: Validation) -> None:
    cohort = Cohort.of(people("a", "b", dataset="t"), people(*map(str, range(10)), dataset="l"))
    (fold,) = plan_folds(Megc2021Spotting().splits(cohort), trains=True, validation=validation, seed=3)
    (arm,) = fold.arms
    assert arm.test == people("a", "b", dataset="t")
    assert (len(arm.validation), len(fold.train)) == (2, 8)
    assert {person.dataset for person in (*arm.validation, *fold.train)} == {"l"}
    assert fold.held_out == {*arm.validation, *arm.test}
    seeds = {
        plan_folds(Megc2021Spotting().splits(cohort), trains=True, validation="held_out", seed=s)[0].train
        for s in range(5)
    }
    assert len(seeds) > 1


@given(names)
def test_held_out_people_are_neither_tested_nor_learnt_from(subjects: list[str]) -> None:
    folds = plan({"d": subjects}, trains=True, validation="held_out")
    assert sorted(p.subject for fold in folds for p in fold.test) == sorted(subjects)
    for fold in folds:
        (arm,) = fold.arms
        assert arm.validation
        assert len({*fold.train, *arm.validation, *arm.test}) == len(subjects)
        assert len(fold.train) + len(arm.validation) + len(arm.test) == len(subjects)


@pytest.mark.parametrize(("subjects", "message"), [(["a", "b"], "d has 2 subjects"), (["a"], "d has 1 subject,")])
def test_too_few_subjects_to_train_is_told(subjects: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        plan({"d": subjects}, trains=True)


def test_a_protocol_may_hold_back_training_subjects_and_test_in_groups() -> None:
    splits = [
        Split("x", people("a", "b"), people("c", "d", "e")),
        Split("y", people("c"), people("a", "d", "e")),
    ]
    (fold,) = plan_folds(splits, trains=True, validation="pair")
    arms = (Arm(people("a", "b"), people("c")), Arm(people("c"), people("a", "b")))
    assert fold == Fold("001-x-y", people("d", "e"), arms)
    assert Fold.from_dict(fold.as_dict()) == fold


def test_nobody_to_learn_from_is_told() -> None:
    splits = [Split("x", people("a", "b"))]
    for validation, message in (("none", "one to learn from;"), ("held_out", "one to validate on;")):
        with pytest.raises(UserError, match=message):
            plan_folds(splits, trains=True, validation=validation)


@pytest.mark.parametrize("validation", ["none", "held_out", "pair"])
def test_a_first_stage_is_learnt_from_by_nobody_who_tests_or_validates(validation: Validation) -> None:
    """People of the tested dataset may be of one for training as well; whoever validates is of the tested one."""
    tested = [Person("smic", f"s{i}") for i in range(8)]
    others = [Person("ck", f"c{i}") for i in range(3)]
    splits = with_first_stage(leave_one_subject_out(tested), [*tested[:5], *others])
    folds = plan_folds(splits, trains=True, validation=validation)
    assert sorted(person for fold in folds for person in fold.test) == tested
    for fold in folds:
        assert not set(fold.train) & fold.held_out
        assert set(others) < set(fold.train)
        assert all(person.dataset == "smic" for arm in fold.arms for person in arm.validation)
        assert list(fold.train) == sorted(set(fold.train))
        assert {*fold.train} == {*tested, *others} - fold.held_out
