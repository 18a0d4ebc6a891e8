"""What the loaders of still images share: from a list of files and labels to clips of one frame and a report.

A loader yields a `Still` for each picture; whether a picture is there is found by listing its folder once, never by
asking for each file. Everything else happens here.

Conventions
-----------
The one frame of a still is its onset, apex and offset. Emotions are the release's own names in lower case;
`schema.label_maps` says which class each one is of. A release that does not say who is seen makes every picture a
person of its own, so that folds over people are folds over pictures, and `check` says so.
"""

from __future__ import annotations

import abc
import functools
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from mebench.datasets.base import CheckReport, Count, Dataset
from mebench.datasets.finding import PassedOver, assumed
from mebench.datasets.images.table import Still, Stills, StillTable
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.frames.no_video import IMAGE_SUFFIXES
from mebench.schema.recordings import Clip

MISSING = ("missing_image", "left out")
"""Kind and policy of a picture that a list names and no folder holds."""


class StillDataset(Dataset):
    """Still images with labels.

    Class attributes
    ----------------
    assumptions : what no file of a copy says and no published text settles: what is assumed of what.
    """

    tasks: ClassVar[tuple[str, ...]] = ("recognition",)
    assumptions: ClassVar[Mapping[str, str]] = {}

    @abc.abstractmethod
    def stills(self, errata: Errata) -> Iterable[Still]:
        """Yield every picture in any order, the chosen ones alone.

        Raises
        ------
        UserError : when the copy has another layout.
        """

    def promised(self) -> Mapping[str, int]:
        """Return the counts of the release under the chosen settings, by the names of `check`."""
        return {}

    def clips(self) -> Sequence[Clip]:
        """Return every still, sorted by subject and id; the files are listed once, and none is opened."""
        return Stills(self.id, self.table)

    def check(self) -> CheckReport:
        """Compare the counts with those of the release; list every erratum and what was assumed."""
        people = self.table.subjects()
        found = {"images": len(self.table)} | ({} if people is None else {"subjects": people})
        found |= {f"images of {emotion}": number for emotion, number in self.table.counts().items()}
        promised = self.promised()
        counts = [Count(name, number, promised.get(name)) for name, number in found.items()]
        counts += [Count(name, 0, number) for name, number in promised.items() if name not in found]
        return CheckReport(self.id, tuple(counts), tuple(self._read[1]))

    @property
    def place(self) -> Path:
        """The root that the user gave."""
        assert self.root is not None, "Dataset.open has refused a missing root"
        return self.root

    @property
    def table(self) -> StillTable:
        """The list of stills."""
        return self._read[0]

    @functools.cached_property
    def _read(self) -> tuple[StillTable, Errata]:
        errata = Errata()
        try:
            table = StillTable.of(self.stills(errata))
        except ValueError as error:
            raise UserError(
                f"{self.place} holds the picture {error} of one person twice: remove one of them."
            ) from error
        if not len(table):
            raise UserError(f"{self.place} holds no picture of {self.id} that the settings ask for: change them.")
        if table.subject is None:
            errata.add("unknown_people", self.id, "every picture counts as a person of its own")
        for what, value in self.assumptions.items():
            assumed(errata, what, value)
        return table, errata


class OnDisk:
    """Tells which files of a list are there, from one listing of each folder, and counts those that are not.

    Parameters
    ----------
    errata : gets one erratum for all of them when `close` is called.
    """

    def __init__(self, errata: Errata) -> None:
        self._known: dict[str, frozenset[str]] = {}
        self._passed = PassedOver(errata)

    def has(self, folder: str, name: str) -> bool:
        """Tell whether a folder holds a file; a folder that is not there holds none."""
        if folder not in self._known:
            try:
                self._known[folder] = frozenset(os.listdir(folder))
            except OSError:
                self._known[folder] = frozenset()
        found = name in self._known[folder]
        if not found:
            self._passed.add(*MISSING, os.path.join(folder, name))
        return found

    def close(self) -> None:
        """Report what was not there."""
        self._passed.close()


def pictures(folder: Path | str) -> list[str]:
    """Return the names of the pictures in a folder, sorted; hidden files, such as a Mac's, are passed over.

    Raises
    ------
    UserError : when the folder cannot be listed.
    """
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be listed ({error.strerror}): check its permissions.") from error
    return sorted(n for n in names if not n.startswith(".") and os.path.splitext(n)[1].lower() in IMAGE_SUFFIXES)
