"""CelebA: 202,599 faces of 10,177 well-known people with 40 attributes; CelebA-HQ: 30,000 of them in high quality.

Z. Liu, P. Luo, X. Wang, X. Tang, "Deep Learning Face Attributes in the Wild", ICCV 2015; T. Karras et al., "Progressive
Growing of GANs", ICLR 2018; C.-H. Lee et al., "MaskGAN", CVPR 2020 (CelebAMask-HQ).
Licence: for research that is not commercial; https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html.

Layout
------
::

    ROOT/img_align_celeba/000001.jpg            178x218        (also Img/img_align_celeba, or nested twice)
    ROOT/Anno/list_attr_celeba.txt              a count, the names of the attributes, and -1 or 1 for each
    ROOT/Anno/identity_CelebA.txt               who is seen
    ROOT/Eval/list_eval_partition.txt           0 training, 1 validation, 2 test
    ROOT/CelebA-HQ-img/0.jpg                    1024x1024
    ROOT/CelebA-HQ-to-CelebA-mapping.txt        a header, then idx, orig_idx and orig_file

A picture of CelebA-HQ is of the part and person of the one that it was made of. There are no emotions; `Smiling` is one
of the attributes. Tables are looked for anywhere near the pictures.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from mebench.datasets.finding import PassedOver, find_file, find_folder
from mebench.datasets.images.base import StillDataset, pictures
from mebench.datasets.images.table import Still
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.settings import setting

T = TypeVar("T")
PARTS = ("training", "validation", "test")
"""By the numbers of the list of parts."""
PROMISED = {"aligned": (162_770, 19_867, 19_962), "hq": (24_183, 2_993, 2_824)}
PEOPLE = 10_177
MAPPING = "CelebA-HQ-to-CelebA-mapping.txt"
_FOLDERS = {"aligned": "img_align_celeba", "hq": "CelebA-HQ-img"}


@dataclasses.dataclass(frozen=True)
class CelebAConfig:
    """Settings of `celeba`."""

    release: Literal["auto", "aligned", "hq"] = setting(
        "auto", "The aligned pictures, those of CelebA-HQ, or the aligned ones where there are any."
    )
    part: Literal["all", "training", "validation", "test"] = setting("all", "Which part.", source="the official list")


class CelebA(StillDataset):
    """CelebA and CelebA-HQ."""

    id = "celeba"
    tasks = ("generation", "recognition")
    Config = CelebAConfig

    def stills(self, errata: Errata) -> Iterator[Still]:
        """Yield the pictures of the chosen release and part."""
        folder = self._folder[1]
        originals, people = self._originals(), self._people(errata)
        parts = self._parts()
        passed = PassedOver(errata)
        for name in pictures(folder):
            original = name if originals is None else originals.get(name.rpartition(".")[0])
            if original is None:
                passed.add("not_in_mapping", "left out", name)
                continue
            if parts is not None and original not in parts:
                passed.add("no_part", "left out", name)
            elif parts is None or parts[original] == self.config.part:
                yield Still(str(folder), name, subject=_person(people, original, passed) if people else "")
        passed.close()

    def promised(self) -> Mapping[str, int]:
        """Return the number of pictures; of people where all aligned pictures are read."""
        release, of_part = self._folder[0], PROMISED[self._folder[0]]
        if self.config.part != "all":
            return {"images": of_part[PARTS.index(self.config.part)]}
        whole = release == "aligned" and find_file(self.place, "identity_CelebA.txt") is not None
        return {"images": sum(of_part)} | ({"subjects": PEOPLE} if whole else {})

    def attributes(self) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
        """Return the names of the attributes, and which each still has, in the order of `clips`; shape (n, 40).

        Raises
        ------
        UserError : when the list is missing, or lacks a picture.
        """
        path = self._need("list_attr_celeba.txt")
        names: tuple[str, ...] = ()
        found: dict[str, NDArray[np.bool_]] = {}
        for number, cells in enumerate(_lines(path)):
            if number == 1:
                names = tuple(cells)
            elif number > 1:
                found[cells[0]] = np.array([cell == "1" for cell in cells[1:]])
        originals, table = self._originals(), self.table
        files = [table.still(i).file for i in range(len(table))]
        try:
            rows = [found[f if originals is None else originals[f.rpartition(".")[0]]] for f in files]
        except KeyError as error:
            raise UserError(f"{path} lacks the picture {error}: download it again.") from error
        return names, np.array(rows)

    @functools.cached_property
    def _folder(self) -> tuple[str, Path]:
        """The release that is read, and its folder."""
        releases = tuple(_FOLDERS) if self.config.release == "auto" else (self.config.release,)
        for release in releases:
            if (folder := find_folder(self.place, _FOLDERS[release])) is not None:
                return release, folder
        what = " or ".join(_FOLDERS[release] for release in releases)
        raise UserError(f"No folder {what} was found in {self.place}: give --root the folder that holds CelebA.")

    def _originals(self) -> dict[str, str] | None:
        """Return the file of CelebA that each picture of CelebA-HQ was made of; None for CelebA itself."""
        if self._folder[0] == "aligned":
            return None
        path = find_file(self.place, MAPPING)
        if path is None and self.config.part == "all":
            return {name.rpartition(".")[0]: name for name in pictures(self._folder[1])}
        return _pairs(self._need(MAPPING), lambda cells: (cells[0], cells[2]), header=True)

    def _people(self, errata: Errata) -> dict[str, str] | None:
        path = find_file(self.place, "identity_CelebA.txt")
        if path is None or (self._folder[0] == "hq" and find_file(self.place, MAPPING) is None):
            errata.add("no_identities", self._folder[1].name, "nobody is known", "identity_CelebA.txt is not there")
            return None
        return _pairs(path, lambda cells: (cells[0], cells[1]))

    def _parts(self) -> dict[str, str] | None:
        """Return the part of every file, None where all are asked for."""
        if self.config.part == "all":
            return None
        path = self._need("list_eval_partition.txt")
        return _pairs(path, lambda cells: (cells[0], PARTS[int(cells[1])]))

    def _need(self, name: str) -> Path:
        path = find_file(self.place, name)
        if path is None:
            raise UserError(f"The list {name} was not found in {self.place}: put it beside the pictures.")
        return path


def _person(people: Mapping[str, str], original: str, passed: PassedOver) -> str:
    """Return who is seen; somebody of their own where the list does not say."""
    if original not in people:
        passed.add("no_identity", "counts as a person of its own", original)
        return f"unknown_{original.rpartition('.')[0]}"
    return people[original]


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as file:
        yield from filter(None, map(str.split, file))


def _pairs(path: Path, pair: Callable[[list[str]], tuple[str, T]], *, header: bool = False) -> dict[str, T]:
    """Return what each line of a list says, by its key.

    Raises
    ------
    UserError : for a list that cannot be read, or a line that is none of it.
    """
    try:
        found = _lines(path)
        if header:
            next(found, None)
        return dict(map(pair, found))
    except (OSError, ValueError, IndexError) as error:
        raise UserError(f"{path} cannot be read as a list of CelebA ({error}): download it again.") from error
