"""Which subjects train, validate and test in every fold.

Conventions
-----------
A plan is made from the protocol's splits of the full cohort, never from what is left to do, so the ids of the folds are
the same in every start of a run. Methods that train leave two of the splits out at once, each validating while the
other tests (thesis section 5.4.4, Algorithm 1); methods that do not train have one fold for each split.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mebench.errors import UserError
from mebench.protocols.base import Split

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


@dataclasses.dataclass(frozen=True)
class Arm:
    """One trained model of a fold: the subjects that choose its epoch and thresholds, and those that test it."""

    validation: tuple[str, ...]
    test: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Fold:
    """A unit of work that is done or not done.

    Attributes
    ----------
    id : name of the fold's folder, unique within the run and stable between starts.
    dataset : id of the dataset whose subjects these are.
    train : subjects to learn from; disjoint from those of every arm.
    arms : one or two arms; two arms are each other's reverse and share one training.
    """

    id: str
    dataset: str
    train: tuple[str, ...]
    arms: tuple[Arm, ...]

    @property
    def test(self) -> tuple[str, ...]:
        """Every subject that this fold tests."""
        return tuple(subject for arm in self.arms for subject in arm.test)

    @property
    def subjects(self) -> frozenset[str]:
        """Every subject whose videos this fold reads."""
        return frozenset(self.train).union(*(arm.validation + arm.test for arm in self.arms))

    def as_dict(self) -> dict[str, Any]:
        """Return the fold as plain JSON types."""
        return {
            "id": self.id,
            "dataset": self.dataset,
            "train": list(self.train),
            "arms": [{"validation": list(arm.validation), "test": list(arm.test)} for arm in self.arms],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Fold:
        """Take up what `as_dict` returned."""
        arms = tuple(Arm(tuple(arm["validation"]), tuple(arm["test"])) for arm in plain["arms"])
        return cls(plain["id"], plain["dataset"], tuple(plain["train"]), arms)


def plan_folds(splits: Mapping[str, Sequence[Split]], *, trains: bool) -> tuple[Fold, ...]:
    """Plan the folds of every dataset; a method is trained and tested within each dataset.

    Parameters
    ----------
    splits : the protocol's splits of the full cohort, by dataset id.
    trains : whether the method learns from training subjects.

    Returns
    -------
    The folds; each split is tested exactly once.

    Raises
    ------
    UserError : when a dataset has too few subjects to leave two out and still train.
    """
    folds: list[Fold] = []
    for dataset, parts in splits.items():
        plan = _leave_two_out(dataset, parts) if trains else _leave_one_out(dataset, parts)
        folds += [dataclasses.replace(fold, id=f"{dataset}-{fold.id}") for fold in plan] if len(splits) > 1 else plan
    return tuple(folds)


def _leave_one_out(dataset: str, splits: Sequence[Split]) -> list[Fold]:
    """One fold for each split, with nobody to learn from."""
    return [Fold(_name(i, (s,)), dataset, (), (Arm((), s.test_subjects),)) for i, s in enumerate(splits, 1)]


def _leave_two_out(dataset: str, splits: Sequence[Split]) -> list[Fold]:
    """Leave neighbours out in pairs; an odd last split is paired with the first, which then only validates."""
    folds = []
    for i in range(0, len(splits), 2):
        pair = splits[i : i + 2]
        a, b = pair if len(pair) == 2 else (splits[0], pair[0])
        held_out = {*a.test_subjects, *b.test_subjects}
        train = tuple(sorted({*a.train_subjects} & {*b.train_subjects} - held_out))
        if not train or a is b:
            raise UserError(
                f"{dataset} has {_count(splits)}, but a method that trains needs one to train on, one to validate on "
                "and one to test on: give a dataset of at least 3 subjects."
            )
        arms = (Arm(a.test_subjects, b.test_subjects), Arm(b.test_subjects, a.test_subjects))
        folds.append(Fold(_name(i // 2 + 1, pair), dataset, train, arms[: len(pair)]))
    return folds


def _count(splits: Sequence[Split]) -> str:
    number = len({subject for split in splits for subject in split.test_subjects})
    return f"{number} subject{'s' * (number != 1)}"


def _name(number: int, splits: Sequence[Split]) -> str:
    """Name a fold `001-A-B`: the number makes it unique whatever is in the subjects' names."""
    return "-".join([f"{number:03d}", *(_UNSAFE.sub("_", split.name) for split in splits)])
