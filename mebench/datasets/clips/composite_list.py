"""The official list of the MEGC2019 composite, in any of its three public spellings.

Conventions
-----------
::

    casme2,sub01,EP02_01f,1                                                    no header; perhaps blank rows between
    data,subject,clip,label                                                    a header above the same
    dataset,sub,filename_o,label,apex,imagename,sub_filename                   SAMM's people padded, columns left empty

All have 442 rows. A class is a number: 0 negative, 1 positive, 2 surprise. Subjects and clips are returned as in the
first spelling: `sub01`, `6` and `s01`, `s01_ne_01` where another one may say `s1_ne_01`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mebench.datasets.clips.smic_names import parse_name
from mebench.datasets.folders import search_files, subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.files import read_bounded

DATABASES = ("casme2", "samm", "smic")
"""The databases of the composite, as the list names them."""

_NAMES = ("combined_3class_gt*.csv", "combined_3_class*gt*.csv", "combined_3_class*.csv")
_COLUMNS = 4
_HEADERS = ("dataset", "data", "database")


class Listed(NamedTuple):
    """One clip of the list; its class by name."""

    database: str
    subject: str
    clip: str
    emotion: str


def find_list(place: Path, given: str | None, errata: Errata) -> Path:
    """Return the list: that of the setting, or the one in the root or a folder in it.

    Raises
    ------
    UserError : when there is none.
    """
    if given is not None:
        return Path(given)
    by_pattern = [search_files([place, *subfolders(place)], pattern) for pattern in _NAMES]
    found = [path for paths in by_pattern for path in paths]
    if not found:
        raise UserError(
            f"No list named combined_3class_gt.csv was found in {place}: put the organisers' list there, which the "
            "repository MEGC2019 of Facial-Micro-ExpressionGC publishes, or name it with the setting list=PATH."
        )
    for other in sorted({path.name for path in found} - {found[0].name}):
        errata.add("several_lists", other, f"{found[0].name} is read")
    return found[0]


def read_list(path: Path, errata: Errata) -> list[Listed]:
    """Read the list, whichever spelling it has.

    Raises
    ------
    UserError : when it is empty, naming the first row that is not of the list, or a clip that is listed twice.
    """
    try:
        lines = list(csv.reader(read_bounded(path).decode("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path} cannot be read as a list of clips ({error}): copy it again.") from error
    rows = [(number, [c.strip() for c in cells]) for number, cells in enumerate(lines, 1) if any(map(str.strip, cells))]
    if len(rows) < len(lines):
        errata.add("blank_rows", path.name, "passed over", f"{len(lines) - len(rows)} of {len(lines)} rows")
    if rows and rows[0][1][0].lower() in _HEADERS:
        errata.add("list_header", path.name, "read by position", ",".join(rows[0][1]))
        rows = rows[1:]
    if not rows:
        raise UserError(f"{path} holds no clips: copy the list again.")
    found = [_listed(cells, f"Row {number} of {path}") for number, cells in rows]
    _refuse_repeated(found, path)
    return found


def tally_composite(listed: Sequence[Listed]) -> dict[str, int]:
    """Count listed clips, people and classes, in full and by database."""
    counts = {
        "listed clips": len(listed),
        "subjects": len({row[:2] for row in listed}),
        **{name: sum(row.emotion == name for row in listed) for name in COMPOSITE_CLASSES},
    }
    for database in DATABASES:
        mine = [row for row in listed if row.database == database]
        counts[f"{database} clips"] = len(mine)
        counts[f"{database} subjects"] = len({row.subject for row in mine})
        counts |= {f"{database} {name}": sum(row.emotion == name for row in mine) for name in COMPOSITE_CLASSES}
    return counts


def _listed(cells: list[str], where: str) -> Listed:
    database, subject, clip, label = [*cells, "", "", "", ""][:_COLUMNS]
    if database.lower() not in DATABASES or not subject or not clip or label not in ("0", "1", "2"):
        raise UserError(
            f"{where} is {','.join(cells)!r}, not a database ({', '.join(DATABASES)}), a subject, a clip and a class "
            "from 0 to 2: copy the list again."
        )
    if database.lower() == "samm" and subject.isdecimal():
        subject = str(int(subject))
    name = parse_name(clip) if database.lower() == "smic" else None
    if name is not None:
        subject, clip = name.subject, name.clip
    return Listed(database.lower(), subject, clip, COMPOSITE_CLASSES[int(label)])


def _refuse_repeated(found: list[Listed], path: Path) -> None:
    seen: set[tuple[str, ...]] = set()
    for row in found:
        if row[:3] in seen:
            raise UserError(f"{path} lists {'/'.join(row[:3])} twice: copy the list again.")
        seen.add(row[:3])
