"""What every protocol does alike: folds, reasons, and reading by its task."""

from __future__ import annotations

import itertools

import pytest

from mebench.errors import UserError
from mebench.protocols.base import Protocol
from mebench.protocols.megc.megc2021_spotting import Megc2021Spotting
from mebench.protocols.splits import Cohort
from mebench.schema.people import Person

PEOPLE = [Person("a", "1"), Person("a", "2"), Person("b", "1"), Person("b", "2"), Person("b", "3")]


class Apart(Megc2021Spotting):
    id = "apart"


class Together(Megc2021Spotting):
    id = "together"
    together = True


class Unseen(Megc2021Spotting):
    id = "unseen"
    unseen = True


@pytest.mark.parametrize("kind", [Apart, Together, Unseen])
@pytest.mark.parametrize("training", [(), (Person("c", "1"), Person("c", "2"))])
def test_everybody_is_tested_once_and_never_by_what_has_learnt_from_them(kind, training):
    splits = kind().splits(Cohort.of(PEOPLE, training))
    assert sorted(itertools.chain.from_iterable(split.test for split in splits)) == PEOPLE
    assert all(not set(split.test) & set(split.train) for split in splits)
    assert len({split.name for split in splits}) == len(splits)


@pytest.mark.parametrize("kind", [Apart, Together, Unseen])
def test_the_order_of_people_never_matters(kind):
    folds = [
        {(split.test, frozenset(split.train)) for split in kind().splits(Cohort.of(order))}
        for order in (PEOPLE, PEOPLE[::-1])
    ]
    assert folds[0] == folds[1]


def test_people_learn_from_their_own_dataset_or_from_all():
    apart, together = (kind().splits(Cohort.of(PEOPLE)) for kind in (Apart, Together))
    assert sorted(len(split.train) for split in apart) == [1, 1, 2, 2, 2]
    assert [len(split.train) for split in together] == [4] * 5


def test_what_a_run_cannot_follow_is_told():
    assert Apart().supports(["a"]) is None
    assert Apart().supports(["a", "b"], "recognition") == "apart is for spotting, a and b is for recognition"
    assert "tests on a set that nobody has trained on" in (Unseen().supports(["a"]) or "")
    assert Unseen().supports(["a"], training=["c"]) is None
    assert Unseen().supports(["a"], trains=False) is None


def test_files_and_presets_are_those_of_the_task(tmp_path, truth):
    truth.write(tmp_path)
    assert Apart().read_truth(tmp_path).digest() == truth.digest()
    assert Apart.preset("softnet") is Apart.presets()["softnet"]
    with pytest.raises(UserError, match="no convention 'soft' of spotting"):
        Apart.preset("soft")


def test_a_protocol_without_rules_of_grading_is_none():
    with pytest.raises(TypeError, match="abstract"):
        type("Half", (Protocol,), {"id": "half"})()
