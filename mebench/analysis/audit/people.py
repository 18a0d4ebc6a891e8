"""Leaks that show in who learnt, validated and tested: people on both sides, under one id or two, copies of them.

Conventions
-----------
Two ids are one person when they are the same number with the same letters within a dataset (`s1`, `s01`, `S01`), or the
same number within datasets whose releases share their people (`FAMILIES`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from mebench.analysis.audit.audited import AuditedRun
from mebench.analysis.audit.findings import Finding
from mebench.errors import UserError
from mebench.methods.catalogue import METHODS
from mebench.schema.people import Person

FAMILIES = {"samm": "samm", "samm_lv": "samm", "smic": "smic", "smic_e": "smic"}
"""Releases of the same people under the same numbers: SAMM and its long videos, SMIC and its longer clips."""

_COPY = "~"
_TEST = re.compile(r"test(?![a-z])", re.IGNORECASE)
_SHOWN = 6


def subject_overlap(run: AuditedRun) -> Iterator[Finding]:
    """Find people who are learnt from and tested, or learnt from and validating."""
    for one in run.folds:
        fold = one.fold
        tested, validating = set(fold.test), {p for arm in fold.arms for p in arm.validation}
        for person in sorted(tested & set(fold.train)):
            yield Finding("subject_overlap", f"{person} is learnt from and tested", fold.id)
        for person in sorted(validating & set(fold.train)):
            yield Finding("subject_overlap", f"{person} is learnt from and validates", fold.id)


def two_ids(run: AuditedRun) -> Iterator[Finding]:
    """Find people who are tested under one id and learnt from, or validating, under another."""
    for one in run.folds:
        others: dict[tuple[str, str], set[Person]] = {}
        for arm in one.fold.arms:
            for person in (*one.fold.train, *arm.validation):
                others.setdefault(same_person(person), set()).add(person)
        for person in sorted(set(one.fold.test)):
            for other in sorted(others.get(same_person(person), set()) - {person}):
                yield Finding("one_person_two_ids", f"{person} is tested, and {other} is not held back", one.fold.id)


def same_person(person: Person) -> tuple[str, str]:
    """Return what all ids of one person have in common.

    >>> same_person(Person("samm", "006")) == same_person(Person("samm_lv", "6"))
    True
    >>> same_person(Person("casme", "sub01")) == same_person(Person("casme2", "sub01"))
    False
    """
    family = FAMILIES.get(person.dataset)
    plain = re.sub(r"0*([0-9]+)", r"\1", person.subject.casefold())
    if _COPY in plain or family is None:
        return person.dataset, plain
    numbers = re.findall("[0-9]+", plain)
    return family, numbers[-1] if numbers else plain


def selection_on_test(run: AuditedRun) -> Iterator[Finding]:
    """Find whatever is chosen on tested people: by validation, by a paper's settings, or by scores in the log."""
    for one in run.folds:
        for arm in one.fold.arms:
            for person in sorted(set(arm.validation) & set(arm.test)):
                yield Finding("selection_on_test", f"{person} validates and is tested by the same model", one.fold.id)
    if reason := _chosen_by_paper(run):
        yield Finding("selection_on_test", reason)
    for one in run.folds:
        logged = _tests_in_log(one.folder.path / "log.jsonl")
        if logged:
            yield Finding(
                "selection_on_test",
                f"{', '.join(logged[:_SHOWN])} of tested people is logged while learning",
                one.fold.id,
            )


def tested_copies(run: AuditedRun) -> Iterator[Finding]:
    """Find copies that are learnt from while somebody whose recordings went into them is tested or validates.

    Raises
    ------
    UserError : when the run learnt from copies and their folders were not given.
    """
    listed = {entry["id"] for entry in run.stored.config.get("also", ())}
    if missing := sorted(listed - {copies.name for copies in run.copies}):
        raise UserError(f"whose copies {', '.join(missing)} holds is not known: add --also DIR")
    of = {copy: originals for copies in run.copies for copy, originals in copies.of.items()}
    for one in run.folds:
        held = {same_person(person): person for person in sorted(one.fold.held_out)}
        for copy in sorted(set(one.fold.train) & set(of)):
            for original in of[copy]:
                if (person := held.get(same_person(original))) is not None:
                    evidence = f"{copy} is learnt from and was made of {original}"
                    other = "" if person == original else f", tested as {person}"
                    yield Finding("tested_person_synthesised", evidence + other, one.fold.id)


def _chosen_by_paper(run: AuditedRun) -> str:
    config = run.stored.config
    cls = METHODS.get(config["method"]["id"])
    told = {cls.configure(entry["method_settings"]).tuned_on_test() for entry in config["datasets"]}
    return "; ".join(sorted(filter(None, told)))


def _tests_in_log(path: Path) -> list[str]:
    """Return the names of logged values that are those of tested people."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    names = [name for line in lines for name in _names_in(line)]
    return list(dict.fromkeys(name for name in names if _TEST.match(name)))


def _names_in(line: str) -> list[str]:
    try:
        entry = json.loads(line)
    except ValueError:
        return []
    return list(entry) if isinstance(entry, dict) else []
