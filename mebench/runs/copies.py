"""Made copies of people, for training alone: a folder that a generator has written in the layout of a dataset.

    DIR/provenance.json    {"schema": 1, "dataset": {"id": "samm_lv", "settings": {}},
                            "copies": [{"subject": "006", "of": ["samm_lv/006", "samm_lv/011"]}]}
    DIR/...                recordings in the layout that the dataset's loader reads

Conventions
-----------
`of` names everybody whose recordings went into a copy: who was copied, and whose face or style was put on. A copy is
learnt from only in folds that neither test nor validate any of them. A copy is a person of its own, `006~DIR`, with the
settings of the dataset that it is a copy of. Truth and events are those of the copied recording.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.schema.json_text import read_json_object
from mebench.schema.people import Person
from mebench.schema.recordings import Recording

FILE = "provenance.json"
SCHEMA = 1
_FIX = "give --also a folder that a generator has written"


@dataclasses.dataclass(frozen=True)
class Copies:
    """One folder of copies.

    Attributes
    ----------
    name : the folder's name.
    dataset : the opened loader of the layout.
    of : whom each copy was made of, by the copy.
    """

    name: str
    dataset: Any
    of: Mapping[Person, tuple[Person, ...]]

    def recordings(self, kind: str) -> Iterator[Recording]:
        """Yield the copies' recordings under the copies' own names.

        Raises
        ------
        UserError : for a subject of whom the provenance says nothing.
        """
        known = {copy.subject for copy in self.of}
        for recording in self.dataset.recordings(kind):
            subject = _named(recording.subject, self.name)
            if subject not in known:
                raise UserError(f"{FILE} of {self.name} does not say whose copy {recording.subject} is: {_FIX}.")
            yield dataclasses.replace(recording, subject=subject)

    def digest(self, kind: str) -> str:
        """Return the digest of the copies' truth and of whom they were made of."""
        from mebench.settings import digest_of

        plain = sorted((str(copy), sorted(map(str, of))) for copy, of in self.of.items())
        return digest_of("copies", self.dataset.digest(kind), plain)


def _named(subject: str, folder: str) -> str:
    return f"{subject}~{folder}"


def read_copies(folder: Path) -> Copies:
    """Read the provenance of a folder and open its recordings.

    Raises
    ------
    UserError : when the folder is none of copies, or its provenance cannot be read.
    """
    if not folder.is_dir():
        raise UserError(f"The folder {folder} does not exist: {_FIX}.")
    plain = read_json_object(folder / FILE, _FIX)
    try:
        if plain["schema"] != SCHEMA:
            raise ValueError(f"schema {plain['schema']}, not {SCHEMA}")
        id, settings = plain["dataset"]["id"], dict(plain["dataset"].get("settings", {}))
        dataset = DATASETS.get(id).open(folder, settings)
        of = {
            Person(id, _named(row["subject"], folder.name)): tuple(map(Person.parse, row["of"]))
            for row in plain["copies"]
        }
        if not of or not all(of.values()):
            raise ValueError("a copy of nobody")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"{folder / FILE} does not say whose copies these are ({error}): {_FIX}.") from error
    return Copies(folder.name, dataset, of)


def check_originals(copies: Copies, cohort: Collection[Person]) -> None:
    """Refuse a copy that is said to be made of somebody who is not there: whom to leave out with it is not known.

    Parameters
    ----------
    copies : one folder.
    cohort : everybody of the run's datasets; people of datasets that take no part may be named.

    Raises
    ------
    UserError : for a person who is nobody of a dataset that takes part, or of a dataset that nobody knows.
    """
    present = {person.dataset for person in cohort}
    known = present | {entry.id for entry in DATASETS.entries()}
    for copy, originals in sorted(copies.of.items()):
        for person in originals:
            if person not in cohort and (person.dataset in present or person.dataset not in known):
                raise UserError(
                    f"{FILE} of {copies.name} says that {copy.subject} is a copy of {person}, who is nobody of the "
                    "run's datasets: name whom it was made of, or run with the datasets and settings that have them."
                )
