"""Who learns and who is tested: the ways in which protocols divide a cohort.

Conventions
-----------
Folds are over people (`Person`), so subject 6 of two datasets is two people. A split depends on who there is, never on
what is left to do, and on no order. Nobody is on both sides of a split.

    leave one subject out     s1 | s2 s3 s4      s2 | s1 s3 s4      s3 | s1 s2 s4      s4 | s1 s2 s3
    k-fold, k = 2             s1 s3 | s2 s4      s2 s4 | s1 s3
    leave one dataset out     a/* | b/* c/*      b/* | a/* c/*      c/* | a/* b/*
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from mebench.errors import UserError
from mebench.schema.people import Person

_SEED = 20190101


@dataclasses.dataclass(frozen=True)
class Split:
    """One fold: who is tested, and who may be learnt from.

    Attributes
    ----------
    name : unique within the protocol's splits.
    test, train : disjoint and sorted; nobody is to learn from where a method is to be given trained.
    first : whose recordings a first stage of learning may see besides, sorted; nobody who is tested.
    """

    name: str
    test: tuple[Person, ...]
    train: tuple[Person, ...] = ()
    first: tuple[Person, ...] = ()


@dataclasses.dataclass(frozen=True)
class Cohort:
    """Everybody who takes part.

    Attributes
    ----------
    tested : everybody of the tested datasets; they learn from each other where nobody else is to learn from.
    training : everybody of the datasets that are for training alone.
    pairs : (tested dataset, dataset that its model learns from) where each tested dataset has one of its own; else all
        learn from all of `training`.
    """

    tested: tuple[Person, ...]
    training: tuple[Person, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        tested: Iterable[Person],
        training: Iterable[Person] = (),
        pairs: Sequence[tuple[str, str]] = (),
        *,
        overlapping: bool = False,
    ) -> Cohort:
        """Gather people in any order; whoever is named twice is one person.

        Parameters
        ----------
        tested, training, pairs : see the class.
        overlapping : whether somebody may be tested and be of a dataset for training as well, as the people of a
            composite are of the databases that it is made of; the protocol's splits then leave them out where they are
            tested.

        Raises
        ------
        UserError : when somebody is tested and for training alone, and `overlapping` does not allow it.
        """
        found = cls(tuple(sorted(set(tested))), tuple(sorted(set(training))), tuple(pairs))
        if (both := sorted(set(found.tested) & set(found.training))) and not overlapping:
            raise UserError(f"{both[0]} is tested and trained on: name each dataset under --dataset or under --train.")
        return found

    def datasets(self) -> tuple[str, ...]:
        """Return the ids of the tested datasets, sorted."""
        return tuple(sorted({person.dataset for person in self.tested}))

    def of_dataset(self, dataset: str) -> Cohort:
        """Return the tested people of one dataset, and whom its model may learn from besides them."""
        own = {training for tested, training in self.pairs if tested == dataset}
        training = tuple(person for person in self.training if not self.pairs or person.dataset in own)
        return Cohort(tuple(person for person in self.tested if person.dataset == dataset), training)


def leave_one_subject_out(people: Sequence[Person], *, qualified: bool | None = None) -> list[Split]:
    """Return one split a person, who is tested while all others may be learnt from.

    Parameters
    ----------
    people : who there is; order and repeats do not matter.
    qualified : whether names of splits hold the dataset; by default where there are several.
    """
    everybody = sorted(set(people))
    if qualified is None:
        qualified = len({person.dataset for person in everybody}) > 1
    return [
        Split(str(one) if qualified else one.subject, (one,), tuple(p for p in everybody if p != one))
        for one in everybody
    ]


def leave_one_dataset_out(people: Sequence[Person]) -> list[Split]:
    """Return one split a dataset, whose people are tested while those of all others may be learnt from.

    Raises
    ------
    UserError : for fewer than two datasets.
    """
    everybody = sorted(set(people))
    datasets = sorted({person.dataset for person in everybody})
    if len(datasets) < 2:
        raise UserError("Leaving one dataset out needs two datasets or more: add another --dataset.")
    return [
        Split(
            dataset or "unnamed",
            tuple(p for p in everybody if p.dataset == dataset),
            tuple(p for p in everybody if p.dataset != dataset),
        )
        for dataset in datasets
    ]


def k_fold(people: Sequence[Person], folds: int, seed: int = 0) -> list[Split]:
    """Return k splits of about equal size; every person is tested once, and never in two folds.

    Parameters
    ----------
    people : who there is; order and repeats do not matter.
    folds : number of splits k.
    seed : which of the possible divisions.

    Raises
    ------
    UserError : for fewer than two folds, or more folds than people.
    """
    everybody = sorted(set(people))
    if not 2 <= folds <= len(everybody):
        raise UserError(f"{len(everybody)} people cannot be divided into {folds} folds: choose 2 to {len(everybody)}.")
    order = np.random.default_rng([_SEED, seed, folds]).permutation(len(everybody)).tolist()
    parts = [tuple(sorted(everybody[i] for i in order[number::folds])) for number in range(folds)]
    return [
        Split(f"{number}-of-{folds}", part, tuple(p for p in everybody if p not in part))
        for number, part in enumerate(parts, start=1)
    ]


def with_first_stage(splits: Iterable[Split], people: Iterable[Person]) -> list[Split]:
    """Return splits in which a first stage learns from people of other datasets, but never from whom a split tests.

    Parameters
    ----------
    splits : who is tested, and who may be learnt from in the last stage.
    people : everybody of the datasets that are learnt from first; somebody of them may be tested.
    """
    everybody = sorted(set(people))
    return [
        dataclasses.replace(split, first=tuple(person for person in everybody if person not in split.test))
        for split in splits
    ]


def fixed(test: Iterable[Person], train: Iterable[Person] = (), name: str = "unseen") -> list[Split]:
    """Return one split with given people.

    Raises
    ------
    UserError : when somebody is on both sides, or nobody is tested.
    """
    split = Split(name, tuple(sorted(set(test))), tuple(sorted(set(train))))
    if both := sorted(set(split.test) & set(split.train)):
        raise UserError(f"{both[0]} is tested and trained on: keep every person on one side.")
    if not split.test:
        raise UserError("Nobody is to be tested: give a dataset that has subjects.")
    return [split]
