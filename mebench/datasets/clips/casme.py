"""CASME: 189 usable micro-expressions of 19 people at 60 fps, recorded in two sections.

W.-J. Yan, Q. Wu, Y.-J. Liu, S.-J. Wang, X. Fu, "CASME Database: A Dataset of Spontaneous Micro-Expressions Collected
From Neutralized Faces", FG 2013.

Layout
------
::

    ROOT/CASME_raw_selected/sub01/EP01_5/EP01_5-1.jpg ...        unpadded in section A, `-001` in section B
    ROOT/Cropped/sub01/EP01_5/reg_EP01_5-1.jpg ...
    ROOT/casme.xlsx                                              or one workbook or sheet for each section

Assumed, since no workbook of the release could be read: its names (every workbook whose sheets name the columns is
read), that one table has the columns of the merged table in public use (Subject, Filename, OnsetF, ApexF1, ApexF2,
OffsetF, AU, Emotion), and 19 people. The page of the release says 195 clips; 189 are in use.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder
from mebench.datasets.clips.layouts import clips_below, folders_of_subjects, pick_release
from mebench.datasets.clips.policies import AnnotatedClip
from mebench.datasets.clips.tables import Row, number_in, read_rows
from mebench.datasets.folders import search_files, subfolders
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, text
from mebench.errors import UserError
from mebench.settings import setting

_SUBJECT = re.compile(r"sub0*([0-9]+)", re.IGNORECASE)
_CLIP = re.compile(r"EP[0-9]+_[0-9]+[a-z]?", re.IGNORECASE)
_COLUMNS = {
    "subject": ("Subject",),
    "clip": ("Filename", "File name"),
    "onset": ("OnsetF", "OnsetFrame", "Onset"),
    "apex1": ("ApexF1", "ApexF", "ApexFrame", "Apex"),
    "offset": ("OffsetF", "OffsetFrame", "Offset"),
    "emotion": ("Emotion", "Estimated Emotion"),
}
_MORE = {"apex2": ("ApexF2",), "units": ("AU", "AUs", "Action Units")}
_MERGED, _FAULTY = 189, (40, 42, 43, 54, 140)
"""Rows of the merged table, and which of them, from 0, are said to have errors in their files."""


@dataclasses.dataclass(frozen=True)
class CasmeConfig(ClipConfig):
    """Settings of `casme`."""

    release: Literal["auto", "raw", "cropped"] = setting(
        "auto", "Which frames to read: whole ones, cropped faces, or whole ones where there are any."
    )
    two_apexes: Literal["first", "second", "middle"] = setting(
        "first", "Rows with two apexes (ApexF1, ApexF2): the first, the second, or halfway between them."
    )


class Casme(ClipDataset):
    """CASME, as released."""

    id = "casme"
    Config = CasmeConfig
    usual_fps = 60.0

    def promises(self, rows: Sequence[AnnotatedClip]) -> Mapping[str, int]:
        """Return what the rows in use come to; the people are not promised, since their number is not confirmed."""
        number = 195 if len(rows) == 195 else _MERGED
        return {"annotated rows": number, "clips": number}

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find the folders named `sub01/EP01_5`."""
        chosen = pick_release(
            self.place,
            folders_of_subjects(self.place, _SUBJECT, _CLIP),
            lambda path: "cropped" if "crop" in f"{path.parent.name}/{path.name}".lower() else "raw",
            self.config.release,
            ("raw", "cropped"),
            errata,
        )
        if chosen is None:
            raise UserError(
                f"No folder of frames such as CASME_raw_selected/sub01/EP01_5 was found in {self.place}: give --root "
                "the folder that holds CASME."
            )
        return [
            ClipFolder(f"sub{int(subject[1]):02d}", path.name, path)
            for subject, _, path in clips_below(chosen, _SUBJECT, _CLIP)
        ]

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Read every sheet that names the columns."""
        rows = [
            self._row(row, errata)
            for path in self._workbooks(errata)
            for row in read_rows(path, _COLUMNS, _MORE, every=True)
            if text(row.cells["clip"])
        ]
        if len(rows) == _MERGED:
            for index in _FAULTY:
                errata.add("reported_file_error", rows[index].where, "kept as annotated", f"row {index} from 0")
        return rows

    def _workbooks(self, errata: Errata) -> list[Path]:
        """Return the user's workbook, or every one that can be the release's."""
        if self.config.workbook is not None:
            return [Path(self.config.workbook)]
        files = search_files([self.place, *subfolders(self.place)], "*.xls", "*.xlsx")
        found = [path for path in files if _names_columns(path)]
        if not found:
            raise UserError(
                f"No workbook with the columns Subject, Filename, OnsetF, ApexF1, OffsetF and Emotion was found in "
                f"{self.place}: put the release's workbooks there, or name one with the setting workbook=PATH."
            )
        if len(found) > 1:
            errata.add("several_workbooks", ", ".join(p.name for p in found), "all are read, as sections of one table")
        return found

    def _row(self, row: Row, errata: Errata) -> AnnotatedClip:
        cells, where = row.cells, row.where
        subject, clip = f"sub{number_in(cells['subject'], where):02d}", text(cells["clip"])
        first, second = frame_number(cells["apex1"], where), frame_number(cells.get("apex2"), where)
        apex = first
        if second and first and second != first:
            apex = {"first": first, "second": second, "middle": float((first + second) // 2)}[self.config.two_apexes]
            errata.add("two_apexes", f"{subject}/{clip}", f"the {self.config.two_apexes}", f"{first:g} and {second:g}")
        return AnnotatedClip(
            subject,
            clip,
            f"{subject}/{clip}",
            frame_number(cells["onset"], where),
            apex or second,
            frame_number(cells["offset"], where),
            text(cells["emotion"]),
            text(cells.get("units")),
        )


def _names_columns(path: Path) -> bool:
    """Tell whether a sheet of a workbook has the columns of the table."""
    try:
        next(read_rows(path, _COLUMNS, _MORE), None)
    except UserError:
        return False
    return True
