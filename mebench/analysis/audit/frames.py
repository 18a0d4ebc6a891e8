"""Leaks that show in frames: the same are learnt from and tested, or a tested clip is an altered copy of another."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.audit.audited import AuditedRun
from mebench.analysis.audit.findings import Finding
from mebench.analysis.audit.sketches import Sketches, hashed, levels_apart, same_frames, sketches
from mebench.schema.people import joined
from mebench.schema.recordings import Recording

_MOST_LEVELS = 2.0
"""Grey levels in the mean by which an altered copy may differ from the alteration of its original."""
_CLEARER = 4.0
"""How many times nearer a copy must be to the altered original than the original itself is: faces are symmetrical."""

ALTERATIONS: Mapping[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "mirrored": lambda values: values[..., ::-1],
    "upside down": lambda values: values[..., ::-1, :],
    "turned by 90 degrees": lambda values: np.rot90(values, 1, (-2, -1)),
    "turned by 180 degrees": lambda values: np.rot90(values, 2, (-2, -1)),
    "turned by 270 degrees": lambda values: np.rot90(values, 3, (-2, -1)),
}


def duplicated_frames(run: AuditedRun) -> Iterator[Finding]:
    """Find recordings of different people, one learnt from or validating and the other tested, that show the same.

    Raises
    ------
    UserError : when the datasets cannot be opened.
    """
    pairs = _equal_pairs(run)
    for one in run.folds:
        for arm in one.fold.arms:
            held, tested = {*one.fold.train, *arm.validation}, set(arm.test)
            for own, other, count in pairs:
                if own.person in tested and other.person in held - tested:
                    evidence = f"{_name(own)}, tested, shows {count} frames of {_name(other)}, which is not held back"
                    yield Finding("duplicated_frames", evidence, one.fold.id)


def augmented_tests(run: AuditedRun) -> Iterator[Finding]:
    """Find tested recordings that are mirrored or turned copies of others of the same person.

    Raises
    ------
    UserError : when the datasets cannot be opened.
    """
    tested = sorted({person for one in run.folds for person in one.fold.test})
    copies = {person: _altered(sketches(run.recordings([person]), run.frame_cache)) for person in tested}
    for one in run.folds:
        for person in sorted(set(one.fold.test)):
            for copy, (original, how) in copies[person].items():
                evidence = f"{copy}, tested, is {original} {how}"
                yield Finding("augmentation_on_test", evidence, one.fold.id)


def _equal_pairs(run: AuditedRun) -> list[tuple[Recording, Recording, int]]:
    """Return (recording, recording, number of frames that both show) of different people, each pair in both orders."""
    people = {person for one in run.folds for person in one.fold.people}
    every = sketches(run.recordings(people), run.frame_cache)
    return [
        (every.recordings[i], every.recordings[j], count)
        for i, j, count in same_frames(every, every)
        if every.recordings[i].person != every.recordings[j].person
    ]


def _altered(own: Sketches) -> dict[str, tuple[str, str]]:
    """Return original and alteration by the copy, all of one person; the earlier one is taken for the original."""
    names = [joined(one.dataset, *one.key) for one in own.recordings]
    found: dict[str, tuple[str, str]] = {}
    for how, alter in ALTERATIONS.items():
        changed = np.ascontiguousarray(alter(own.values))
        altered = dataclasses.replace(own, values=changed, hashes=hashed(changed))
        for copy, original, count in same_frames(own, altered, most_levels=_MOST_LEVELS):
            apart, itself = (_apart(values, changed[original]) for values in (own.values[copy], own.values[original]))
            whole = count == own.values.shape[1] and apart <= _MOST_LEVELS
            if original < copy and whole and apart * _CLEARER <= itself:
                found.setdefault(names[copy], (names[original], how))
    return found


def _apart(some: NDArray[np.uint8], others: NDArray[np.uint8]) -> float:
    """Return by how many grey levels two recordings' small frames differ, each from its counterpart, in the mean."""
    return float(np.diag(levels_apart(some, others)).mean())


def _name(recording: Recording) -> str:
    return joined(recording.dataset, *recording.key)
