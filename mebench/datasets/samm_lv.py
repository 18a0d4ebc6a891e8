"""SAMM Long Videos: 147 grey videos at 200 fps with 343 macro- and 159 micro-expressions.

C. H. Yap, C. Kendrick, M. H. Yap, "SAMM Long Videos: A Spontaneous Facial Micro- and Macro-Expressions Dataset",
FG 2020 (arXiv 1911.01519); thesis section 3.1.

Layout
------
::

    ROOT/SAMM_LongVideos_V{1,2,3}_Release.xlsx
    ROOT/SAMM_longvideos/006_1/006_1_0001.jpg ...     subject_stimulus, flat; padding differs between videos

The workbook has one sheet, `FACS_Movement_Only`, with its header on row 10. Subject and Filename are text. The video is
the first two fields of Filename. Intervals are the same in every version of the workbook; six apexes are not.
The workbook holds no emotions.
"""

from __future__ import annotations

import collections
import dataclasses
import re
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.folders import search_files, search_folders, subfolders
from mebench.datasets.long_videos import LongVideoConfig, LongVideoDataset, VideoFolder
from mebench.datasets.policies import AnnotatedRow, Errata, inclusive_length
from mebench.datasets.workbook import (
    cell,
    find_header,
    frame_number,
    identifier,
    kind_of_expression,
    read_sheets,
    rows_with_content,
    text,
)
from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType
from mebench.settings import setting

_VIDEO = re.compile(r"([0-9]{3})_([0-9]+)")
_SHEET = "FACS_Movement_Only"
_WORKBOOK = "SAMM_LongVideos_V*_Release.xls*"
_COLUMNS = ("Subject", "Filename", "Onset", "Apex", "Offset", "Type", "Action Units")


@dataclasses.dataclass(frozen=True)
class SammLvConfig(LongVideoConfig):
    """Settings of `samm_lv`."""

    duplicate_row: Literal["keep", "first"] = setting(
        "keep", "Rows with the same Filename and Type: all kept, or the first. Filename alone is no key (037_4_1)."
    )


class SammLv(LongVideoDataset):
    """SAMM Long Videos, as released."""

    id = "samm_lv"
    Config = SammLvConfig
    usual_fps = 200.0
    published_length = staticmethod(inclusive_length)
    promised = {
        "annotated rows": 502,
        "subjects": 30,
        "videos": 147,
        "videos with rows": 147,
        "macro-expressions": 343,
        "videos with macro-expressions": 130,
        "subjects with macro-expressions": 29,
        "micro-expressions": 159,
        "videos with micro-expressions": 79,
        "subjects with micro-expressions": 29,
    }

    def folders(self, errata: Errata) -> list[VideoFolder]:
        """Find the folders named `006_1` in `SAMM_longvideos`, however deep an unpacking program has nested it."""
        found = next(search_folders(self.place, _holds_videos), None)
        if found is None:
            raise UserError(
                f"No folder of frames such as SAMM_longvideos/006_1 was found in {self.place}: "
                "give --root the folder that holds SAMM_longvideos."
            )
        if found.name == found.parent.name:
            errata.add("nested_folder", f"{found.parent.name}/{found.name}", "the inner folder is read")
        return [
            VideoFolder(match[1], f"{match[1]}_{match[2]}", path)
            for path in subfolders(found)
            if (match := _VIDEO.fullmatch(path.name))
        ]

    def rows(self, errata: Errata) -> list[AnnotatedRow]:
        """Read the sheet `FACS_Movement_Only`."""
        path = self._workbook(errata)
        sheets = read_sheets(path)
        name = _SHEET if _SHEET in sheets else next(iter(sheets))
        table = sheets[name]
        header, columns = find_header(table, _COLUMNS, f"sheet {name} of {path}")
        rows = [
            _row([cell(cells, columns[c]) for c in _COLUMNS], f"Row {number} of {path.name}")
            for number, cells in rows_with_content(table, header + 1)
            if text(cell(cells, columns["Filename"]))
        ]
        return self._without_duplicates(rows, errata)

    def _workbook(self, errata: Errata) -> Path:
        if self.config.workbook is not None:
            return Path(self.config.workbook)
        places = [self.place, *(f for f in subfolders(self.place) if not _VIDEO.fullmatch(f.name))]
        found = search_files(places, _WORKBOOK)
        if not found:
            raise UserError(
                f"No workbook named {_WORKBOOK} was found in {self.place}: put the release's workbook there, "
                "or name it with the setting workbook=PATH."
            )
        newest = max(found, key=lambda path: path.name.lower())
        for other in found:
            if other.name != newest.name:
                errata.add("several_workbooks", other.name, f"{newest.name} is read")
        return newest

    def _without_duplicates(self, rows: list[AnnotatedRow], errata: Errata) -> list[AnnotatedRow]:
        """Report Filenames that stand twice, and apply `duplicate_row` to those of the same Type."""
        seen: dict[str, collections.Counter[ExpressionType]] = collections.defaultdict(collections.Counter)
        kept: list[AnnotatedRow] = []
        for row in rows:
            before = seen[row.where]
            same, first = before[row.type] > 0, not before
            before[row.type] += 1
            if same and self.config.duplicate_row == "first":
                errata.add("duplicate_row", row.where, "left out", f"{row.type} again")
                continue
            if same:
                errata.add("duplicate_row", row.where, "kept", f"{row.type} again")
            elif not first:
                errata.add("duplicate_filename", row.where, "told apart by Type", f"{row.type} as well")
            kept.append(row)
        return kept


def _holds_videos(children: list[Path]) -> bool:
    return any(_VIDEO.fullmatch(child.name) for child in children)


def _row(cells: list[Any], where: str) -> AnnotatedRow:
    """Read one row of the columns `_COLUMNS`; the row's Filename becomes its name in errata."""
    subject_cell, name_cell, onset, apex, offset, kind, action_units = cells
    name = text(name_cell)
    match = re.match(r"([0-9]+)_([0-9]+)", name)
    if match is None:
        raise UserError(f"{where} holds the Filename {name!r} where one such as 006_1_2 should be: mend the workbook.")
    subject = match[1].zfill(3)
    if text(subject_cell) and identifier(subject_cell, 3) != subject:
        raise UserError(f"{where} holds subject {text(subject_cell)} and Filename {name}: mend the workbook.")
    return AnnotatedRow(
        subject,
        f"{subject}_{match[2]}",
        name,
        frame_number(onset, where),
        frame_number(apex, where),
        frame_number(offset, where),
        kind_of_expression(kind, where),
        action_units=text(action_units),
    )
