"""EmotioNet: faces found on the web with the action units that they show.

C. F. Benitez-Quiroz, R. Srinivasan, A. M. Martinez, "EmotioNet: An accurate, real-time algorithm for the automatic
annotation of a million facial expressions in the wild", CVPR 2016.
Licence: for research, on request at http://cbcsl.ece.ohio-state.edu/EmotionNetChallenge; the release is a list of
addresses, so that copies hold what could still be downloaded.

Layout
------
::

    ROOT/imgs/N_0000000437_00540.jpg        in a folder of any name
    ROOT/*.xlsx or *.csv                    the release's table: the address, and a column for each action unit
    ROOT/train_ids.csv, ROOT/test_ids.csv   the names of the parts, as GANimation has them

In the table 1 is active, 0 is not, and 999 is not known. A picture is that row whose address ends in its name. What
GANimation keeps in `aus_openface.pkl` is not read, because opening a pickle runs whatever somebody wrote into it. There
are no emotions.
"""

from __future__ import annotations

import csv
import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.finding import PassedOver, find_file
from mebench.datasets.folders import search_files, subfolders
from mebench.datasets.images.base import MISSING, StillDataset, pictures
from mebench.datasets.images.table import Still
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import read_sheets, text
from mebench.errors import UserError
from mebench.settings import setting

UNKNOWN = "999"
_UNIT = re.compile(r"\s*'?AU\s*_?\s*(\d+)\s*'?\s*", re.IGNORECASE)
_IDS = {"training": "train_ids.csv", "test": "test_ids.csv"}
_PICKLE = "aus_openface.pkl"


@dataclasses.dataclass(frozen=True)
class EmotioNetConfig:
    """Settings of `emotionet`."""

    part: Literal["all", "training", "test"] = setting(
        "all", "Which part, by train_ids.csv and test_ids.csv.", source="GANimation"
    )


class EmotioNet(StillDataset):
    """EmotioNet, as far as it was downloaded."""

    id = "emotionet"
    tasks = ("generation", "recognition")
    Config = EmotioNetConfig
    assumptions = {
        "the columns of the table": "URL is in the name of that of the address, AU and a number name an action unit",
        "999 in the table": "it is not known whether the action unit is active",
    }

    def stills(self, errata: Errata) -> Iterator[Still]:
        """Yield the pictures of the chosen part, with their action units where a table has them."""
        if find_file(self.place, _PICKLE) is not None:
            policy = "not read: opening a pickle runs whatever was written into it"
            errata.add("pickle", _PICKLE, policy, "the tables of OpenFace that it was made of can be read")
        wanted, units = self._wanted(), self._units(errata)
        passed = PassedOver(errata)
        found = set()
        for folder in self._folders():
            for name in pictures(folder):
                stem = name.rpartition(".")[0]
                if wanted is None or stem in wanted:
                    found.add(stem)
                    if units and stem not in units:
                        passed.add("not_in_table", "without action units", name)
                    yield Still(str(folder), name, action_units=units.get(stem, ""))
        for stem in sorted((wanted or set()) - found):
            passed.add(*MISSING, stem)
        passed.close()

    def _folders(self) -> list[Path]:
        level = [self.place]
        for _ in range(3):
            if found := [folder for folder in level if pictures(folder)]:
                return found
            level = [child for folder in level for child in subfolders(folder)]
        raise UserError(
            f"No picture such as imgs/N_0000000437_00540.jpg was found in {self.place}: give --root the folder "
            "that holds EmotioNet."
        )

    def _wanted(self) -> set[str] | None:
        """Return the names of the chosen part, None where all are asked for."""
        if self.config.part == "all":
            return None
        path = find_file(self.place, _IDS[self.config.part])
        if path is None:
            raise UserError(f"{_IDS[self.config.part]} was not found in {self.place}: put it there, or use part=all.")
        return {_stem(line) for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()}

    def _units(self, errata: Errata) -> Mapping[str, str]:
        """Return the active action units of every picture in the tables of the release."""
        passed = PassedOver(errata)
        found: dict[str, str] = {}
        for path in search_files([self.place, *subfolders(self.place)], "*.xlsx", "*.csv"):
            if path.name not in _IDS.values():
                found.update(_table(path, passed))
        passed.close()
        if not found:
            errata.add("no_table", self.place.name, "without action units", "no table with a column URL was found")
        return found


def _table(path: Path, passed: PassedOver) -> Iterator[tuple[str, str]]:
    """Yield name and active action units of every row of a table; nothing of one that is no table of EmotioNet."""
    rows = _rows(path)
    header = [text(cell).strip("'") for cell in next(rows, [])]
    address = next((i for i, name in enumerate(header) if "url" in name.lower()), None)
    units = {i: int(match[1]) for i, name in enumerate(header) if (match := _UNIT.fullmatch(name))}
    if address is None or not units:
        return
    for cells in rows:
        values = [text(cell) for cell in cells]
        if len(values) <= address or not values[address]:
            continue
        stem = _stem(values[address])
        if any(values[i] == UNKNOWN for i in units if i < len(values)):
            passed.add("unknown_unit", "counts as not active", stem)
        active = sorted(unit for i, unit in units.items() if i < len(values) and values[i] == "1")
        yield stem, "+".join(map(str, active))


def _rows(path: Path) -> Iterator[list[Any]]:
    if path.suffix.lower() == ".csv":
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
            yield from csv.reader(file)
    else:
        for rows in list(read_sheets(path).values())[:1]:
            yield from rows


def _stem(address: str) -> str:
    name = address.strip().strip("'\",").replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[0] or name
