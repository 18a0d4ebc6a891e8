"""Part C of CAS(ME)^3: 165 micro-expressions of 30 people in a mock crime, without apexes.

The release has two lists. `CAS(ME)3_part_C.xls` counts 160 micro-expressions of 28 people without emotions;
`CAS(ME)3_part_C_ME.xlsx` has 165 of 30 people with emotions and action units, and is the one that its authors name and
that is read here.

Layout
------
How the frames are named has not been published. Two trees are taken::

    ROOT/part_C/4/color/1.jpg ...          a folder for each person, whose name ends in the person's number
    ROOT/ME_C/04/1/color/1234.jpg ...      clips cut out by person and `count`

What was assumed is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mebench.datasets.clips.cut_out import Cut
from mebench.datasets.clips.layouts import folders_within
from mebench.datasets.clips.policies import AnnotatedClip
from mebench.datasets.clips.tables import Row, number_in, read_rows
from mebench.datasets.folders import scan_frames, search_files, subfolders
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, text
from mebench.errors import UserError

WORKBOOK = "CAS(ME)3_part_C_ME.xlsx"
PROMISED: Mapping[str, int] = {
    "annotated rows": 165,
    "subjects": 30,
    "emotion negative": 99,
    "emotion others": 20,
    "emotion positive": 16,
    "emotion surprise": 30,
}
_PART = re.compile(r"part[_ -]?c(?![a-z])", re.IGNORECASE)
_CUT = re.compile(r"me[_ -]c", re.IGNORECASE)
_COLUMNS = {
    "subject": ("sub", "Subject"),
    "count": ("count",),
    "onset": ("onset",),
    "offset": ("offset",),
    "emotion": ("emotion",),
}


def recordings(root: Path, errata: Errata) -> Mapping[tuple[str, str], Path]:
    """Return the folder of frames of each person, by (subject, ""), or of each clip, by (subject, count).

    Raises
    ------
    UserError : when there is neither tree, or a person has two folders.
    """
    tree, cut = _tree(root)
    found: dict[tuple[str, str], Path] = {}
    for person in subfolders(tree):
        number = re.search(r"([0-9]+)\D*$", person.name)
        if number is None:
            continue
        inside = [(clip.name.lstrip("0"), clip) for clip in subfolders(person)] if cut else [("", person)]
        for count, folder in inside:
            frames = next(_with_frames(folder), None)
            other = None if frames is None else found.setdefault((_subject(int(number[1])), count), frames)
            if other != frames:
                raise UserError(f"{other} and {frames} are of the same person: remove one of them.")
    what = "clips cut out by person and count" if cut else "a recording for each person, its frames numbered from 1"
    errata.add("assumed_layout", tree.name, what, "how the frames are named has not been published")
    return found


def cuts(path: Path, root: Path, errata: Errata) -> list[Cut]:
    """Read the rows of the workbook.

    Raises
    ------
    UserError : when it has another form.
    """
    _report_other_list(path, errata)
    _, cut = _tree(root)
    rows = [_row(row, errata) for row in read_rows(path, _COLUMNS, {"units": ("au", "AUs")}, sheets=("mockCrimeME",))]
    return [Cut((row.subject, row.clip if cut else ""), row) for row in rows]


def _tree(root: Path) -> tuple[Path, bool]:
    """Return the folder of the people's folders, and whether it holds clips cut out."""
    for pattern in (_PART, _CUT):
        for folder in folders_within(root, 2):
            if pattern.match(folder.name) and any(next(_with_frames(person), None) for person in subfolders(folder)):
                return folder, pattern is _CUT
    raise UserError(
        f"No folder of frames such as part_C/4/color was found in {root}: give --root the folder that holds "
        "CAS(ME)^3, with a folder in part_C for each person whose name ends in the person's number."
    )


def _with_frames(folder: Path, depth: int = 3) -> Iterator[Path]:
    """Yield the folders at or below one that hold frames, `color` before the others and depth never."""
    if scan_frames(folder).numbers:
        yield folder
    elif depth:
        inner = [path for path in subfolders(folder) if path.name.lower() != "depth"]
        for path in sorted(inner, key=lambda path: path.name.lower() != "color"):
            yield from _with_frames(path, depth - 1)


def _report_other_list(path: Path, errata: Errata) -> None:
    """Say that the list of 160 micro-expressions is not the one that is read."""
    for other in search_files([path.parent], "*part*c.xls*"):
        detail = "it has 165 micro-expressions with emotions, the other one 160 without"
        errata.add("two_lists", other.name, f"{path.name} is read", detail)


def _subject(number: int) -> str:
    return f"{number:02d}"


def _row(row: Row, errata: Errata) -> AnnotatedClip:
    """Read one row; `04/1` becomes its name in errata."""
    cells = row.cells
    subject = _subject(number_in(cells["subject"], row.where))
    clip = text(cells["count"])
    units = text(cells.get("units"))
    if "\uff0c" in units:
        errata.add("chinese_comma", f"{subject}/{clip}", "read as a comma", units)
    units = "+".join(part.strip() for part in re.split("[,\uff0c]", units))
    marks = (frame_number(cells["onset"], row.where), None, frame_number(cells["offset"], row.where))
    return AnnotatedClip(subject, clip, f"{subject}/{clip}", *marks, text(cells["emotion"]), units)
