"""Which people train, validate and test in every fold.

Conventions
-----------
A plan is made from the protocol's splits of the full cohort, never from what is left to do, so the ids of the folds are
the same in every start of a run. Who validates is a property of the method and of the splits:

`none`      nobody: the method learns a fixed number of epochs and chooses nothing.
`held_out`  a seeded share of the people to learn from, who then are not learnt from.
`pair`      two splits are left out at once, each validating while the other tests (thesis section 5.4.4, Algorithm 1).
            Where the tested people are ones that nobody learns from, a share is held out instead.

Methods that do not train have one fold for each split.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from mebench.errors import UserError
from mebench.protocols.splits import Split
from mebench.schema.people import Person

Validation = Literal["none", "held_out", "pair"]

HELD_OUT = 0.2
"""Share of the people to learn from who validate instead, at least one (mebench's choice)."""

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")
_SEED = 20210503


@dataclasses.dataclass(frozen=True)
class Arm:
    """One trained model of a fold: the people that choose its epoch and thresholds, and those that test it."""

    validation: tuple[Person, ...]
    test: tuple[Person, ...]


@dataclasses.dataclass(frozen=True)
class Fold:
    """A unit of work that is done or not done.

    Attributes
    ----------
    id : name of the fold's folder, unique within the run and stable between starts.
    train : people to learn from; disjoint from those of every arm.
    arms : one or two arms; two arms are each other's reverse and share one training.
    """

    id: str
    train: tuple[Person, ...]
    arms: tuple[Arm, ...]

    @property
    def test(self) -> tuple[Person, ...]:
        """Everybody whom this fold tests."""
        return tuple(person for arm in self.arms for person in arm.test)

    @property
    def held_out(self) -> frozenset[Person]:
        """Everybody who tests or validates: of whom no copy may be learnt from."""
        return frozenset().union(*(arm.validation + arm.test for arm in self.arms))

    @property
    def people(self) -> frozenset[Person]:
        """Everybody whose recordings this fold reads."""
        return self.held_out.union(self.train)

    def as_dict(self) -> dict[str, Any]:
        """Return the fold as plain JSON types."""
        return {
            "id": self.id,
            "train": _plain(self.train),
            "arms": [{"validation": _plain(arm.validation), "test": _plain(arm.test)} for arm in self.arms],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Fold:
        """Return the fold that `as_dict` has written."""
        arms = tuple(Arm(_people(arm["validation"]), _people(arm["test"])) for arm in plain["arms"])
        return cls(plain["id"], _people(plain["train"]), arms)


def _plain(people: Iterable[Person]) -> list[str]:
    return list(map(str, people))


def _people(plain: Iterable[str]) -> tuple[Person, ...]:
    return tuple(map(Person.parse, plain))


def plan_folds(
    splits: Sequence[Split], *, trains: bool, validation: Validation = "none", seed: int = 0
) -> tuple[Fold, ...]:
    """Plan the folds of a run.

    Parameters
    ----------
    splits : the protocol's splits of the full cohort.
    trains : whether the method learns from training people.
    validation : who chooses epochs and thresholds.
    seed : which people are held out.

    Returns
    -------
    The folds; each split is tested exactly once.

    Raises
    ------
    UserError : when there are too few people to learn from.
    """
    if not trains:
        return tuple(Fold(_name(i, (s,)), (), (Arm((), s.test),)) for i, s in enumerate(splits, 1))
    if validation == "pair" and all(_learns_from_tested(split, splits) for split in splits):
        return tuple(_pairs(splits))
    if validation == "none":
        return tuple(
            Fold(_name(i, (s,)), _with_first(_enough(s), (s,)), (Arm((), s.test),)) for i, s in enumerate(splits, 1)
        )
    return tuple(_hold_out(i, split, seed) for i, split in enumerate(splits, 1))


def with_copies(plan: Sequence[Fold], originals: Mapping[Person, tuple[Person, ...]]) -> tuple[Fold, ...]:
    """Let made copies of people be learnt from in every fold that neither tests nor validates anybody in them.

    Parameters
    ----------
    plan : the folds without copies.
    originals : everybody whose recordings went into a copy, by the copy.
    """
    return tuple(
        dataclasses.replace(
            fold,
            train=fold.train + tuple(sorted(copy for copy, of in originals.items() if not fold.held_out & set(of))),
        )
        for fold in plan
    )


def _learns_from_tested(split: Split, splits: Sequence[Split]) -> bool:
    """Tell whether a split learns from people that another split tests, so that two can be left out at once."""
    return not split.train or any(set(split.train) & set(other.test) for other in splits)


def _enough(split: Split, least: int = 1) -> tuple[Person, ...]:
    if len(split.train) < least:
        what = "one to learn from and one to validate on" if least > 1 else "one to learn from"
        raise UserError(
            f"{_count([split])} leave too few people to learn from: a method that trains needs {what}; give a "
            "dataset with more subjects, or add --train ID."
        )
    return split.train


def _with_first(
    train: Sequence[Person], splits: Sequence[Split], held_out: Collection[Person] = ()
) -> tuple[Person, ...]:
    """Return whom to learn from, with those of a first stage; nobody who is held out is among them."""
    first = set.intersection(*(set(split.first) for split in splits)) - set(held_out)
    return tuple(sorted({*train} | first))


def _hold_out(number: int, split: Split, seed: int) -> Fold:
    """Let a seeded share of the people to learn from validate instead."""
    people = _enough(split, 2)
    order = np.random.default_rng([_SEED, seed, len(people)]).permutation(len(people)).tolist()
    n = max(1, min(round(HELD_OUT * len(people)), len(people) - 1))
    chosen = {people[i] for i in order[:n]}
    validation = tuple(person for person in people if person in chosen)
    train = tuple(person for person in people if person not in chosen)
    return Fold(_name(number, (split,)), _with_first(train, (split,), chosen), (Arm(validation, split.test),))


def _pairs(splits: Sequence[Split]) -> list[Fold]:
    """Leave neighbours out in pairs, among the splits that learn from the same people."""
    folds: list[Fold] = []
    for group in _groups(splits):
        for i in range(0, len(group), 2):
            pair = group[i : i + 2]
            folds.append(_pair(len(folds) + 1, pair if len(pair) == 2 else [group[0], pair[0]], len(pair)))
    return folds


def _groups(splits: Sequence[Split]) -> list[list[Split]]:
    """Gather the splits whose people learn from each other, in the order of their first."""
    groups: list[tuple[set[Person], list[Split]]] = []
    for split in splits:
        people = set(split.test + split.train)
        joined = [group for group in groups if group[0] & people]
        merged = (people.union(*(group[0] for group in joined)), [s for group in joined for s in group[1]] + [split])
        groups = [group for group in groups if group not in joined]
        groups.append(merged)
    return [group for _, group in groups]


def _pair(number: int, pair: Sequence[Split], arms: int) -> Fold:
    """Return a fold of two splits; an odd last split is paired with the first of all, which then only validates."""
    a, b = pair
    held_out = {*a.test, *b.test}
    train = tuple(sorted({*a.train} & {*b.train} - held_out))
    if not train or a is b:
        datasets = " and ".join(sorted({person.dataset for split in pair for person in split.test}))
        raise UserError(
            f"{datasets} has {_count(pair)}, but a method that trains needs one to train on, one to validate on "
            "and one to test on: give a dataset of at least 3 subjects."
        )
    both = (Arm(a.test, b.test), Arm(b.test, a.test))
    return Fold(_name(number, pair[-arms:]), _with_first(train, pair, held_out), both[:arms])


def _count(splits: Sequence[Split]) -> str:
    number = len({person for split in splits for person in split.test})
    return f"{number} subject{'s' * (number != 1)}"


def _name(number: int, splits: Sequence[Split]) -> str:
    """Name a fold `001-A-B`: the number makes it unique whatever is in the people's names."""
    return "-".join([f"{number:03d}", *(_UNSAFE.sub("_", split.name) for split in splits)])
