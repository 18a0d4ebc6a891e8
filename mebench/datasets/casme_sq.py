"""CAS(ME)^2: 98 videos at 30 fps with 300 macro- and 57 micro-expressions.

F. Qu, S.-J. Wang, W.-J. Yan, H. Li, S. Wu, X. Fu, "CAS(ME)^2: A Database for Spontaneous Macro-Expression and
Micro-Expression Spotting and Recognition", IEEE Transactions on Affective Computing 9(4), 2018; thesis section 3.1.

Layout
------
::

    ROOT/CAS(ME)^2/CAS(ME)^2code_final.xlsx                                      or ...code_final(Updated).xlsx
    ROOT/CAS(ME)^2/rawpic/s15/15_0101disgustingteeth/img001.jpg ...              the whole frames
    ROOT/CAS(ME)2_longVideoFaceCropped/longVideoFaceCropped/s27/27_0505funnyinnovations/img_1.jpg ...   faces, MEGC2021

The workbook has three sheets without headers: the events, their subjects row by row, and the stimulus of each code of
four digits. A video is (folder of the subject, code); its id is `15_0101`, which both releases share.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.folders import search_files, search_folders, subfolders
from mebench.datasets.long_videos import LongVideoConfig, LongVideoDataset, VideoFolder
from mebench.datasets.policies import AnnotatedRow, Errata, mirrored_difference
from mebench.datasets.workbook import (
    Table,
    cell,
    frame_number,
    identifier,
    kind_of_expression,
    read_sheets,
    rows_with_content,
    text,
)
from mebench.errors import UserError
from mebench.settings import setting

_VIDEO = re.compile(r"([0-9]+)_([0-9]{4})(?!\d).*")
_SUBJECT = re.compile(r"s[0-9]+", re.IGNORECASE)
_WORKBOOK = "*code_final*.xls*"


@dataclasses.dataclass(frozen=True)
class CasmeSqConfig(LongVideoConfig):
    """Settings of `casme_sq`."""

    apex_outside: Literal["missing", "clamp"] = setting(
        "clamp", "Apex before the onset or after the offset: none, or moved to the nearer end of the event."
    )
    release: Literal["auto", "rawpic", "cropped"] = setting(
        "auto", "Which frames to read: whole ones, the cropped faces of MEGC2021, or whole ones where there are any."
    )


class CasmeSq(LongVideoDataset):
    """CAS(ME)^2, as released."""

    id = "casme_sq"
    Config = CasmeSqConfig
    usual_fps = 30.0
    published_length = staticmethod(mirrored_difference)
    promised = {
        "annotated rows": 357,
        "subjects": 22,
        "videos": 98,
        "videos with rows": 95,
        "macro-expressions": 300,
        "videos with macro-expressions": 89,
        "subjects with macro-expressions": 20,
        "micro-expressions": 57,
        "videos with micro-expressions": 33,
        "subjects with micro-expressions": 14,
    }

    def folders(self, errata: Errata) -> list[VideoFolder]:
        """Find the folders named `s15/15_0101...` in `rawpic` or `longVideoFaceCropped`."""
        found = list(search_folders(self.place, _holds_subjects))
        whole = [folder for folder in found if "cropped" not in folder.name.lower()]
        cropped = [folder for folder in found if "cropped" in folder.name.lower()]
        chosen = {"auto": whole + cropped, "rawpic": whole, "cropped": cropped}[self.config.release]
        if not chosen:
            what = "longVideoFaceCropped/s15" if self.config.release == "cropped" else "rawpic/s15"
            raise UserError(
                f"No folder of frames such as {what}/15_0101disgustingteeth was found in {self.place}: "
                "give --root the folder that holds CAS(ME)^2."
            )
        for other in found:
            if other != chosen[0]:
                errata.add("several_releases", other.name, f"{chosen[0].name} is read")
        if chosen[0].name == chosen[0].parent.name:
            errata.add("nested_folder", f"{chosen[0].name}/{chosen[0].name}", "the inner folder is read")
        return [
            VideoFolder(subject.name.lower(), f"{match[1]}_{match[2]}", path)
            for subject in subfolders(chosen[0])
            if _SUBJECT.fullmatch(subject.name)
            for path in subfolders(subject)
            if (match := _VIDEO.fullmatch(path.name))
        ]

    def rows(self, errata: Errata) -> list[AnnotatedRow]:
        """Read the three sheets."""
        path = self._workbook(errata)
        sheets = list(read_sheets(path).values())
        if len(sheets) < 3:
            raise UserError(f"{path} has {len(sheets)} sheets where the release has 3: copy it again from the release.")
        subjects = _subjects(sheets[1])
        codes = {text(cell(row, 1)).lower(): identifier(cell(row, 0), 4) for _, row in rows_with_content(sheets[2])}
        return [
            _row(row, subjects, codes, f"Row {number} of the first sheet of {path.name}")
            for number, row in rows_with_content(sheets[0])
        ]

    def _workbook(self, errata: Errata) -> Path:
        if self.config.workbook is not None:
            return Path(self.config.workbook)
        found = search_files([self.place, *subfolders(self.place)], _WORKBOOK)
        if not found:
            raise UserError(
                f"No workbook named CAS(ME)^2code_final.xlsx was found in {self.place}: put the release's workbook "
                "there, or name it with the setting workbook=PATH."
            )
        updated = [path for path in found if "updated" in path.name.lower()]
        chosen = (updated or found)[0]
        for other in found:
            if other != chosen:
                errata.add(
                    "several_workbooks", other.name, f"{chosen.name} is read, which differs in action units only"
                )
        return chosen


def _holds_subjects(children: list[Path]) -> bool:
    """Tell whether a folder holds s15, s16... with long videos in them, which the folders of short clips have not."""
    return any(
        _SUBJECT.fullmatch(child.name) and any(_VIDEO.fullmatch(video.name) for video in subfolders(child))
        for child in children
    )


def _subjects(table: Table) -> dict[str, str]:
    """Map the participant's number (third column of the second sheet) to its folder (second column)."""
    return {text(cell(row, 2)): text(cell(row, 1)).lower() for _, row in rows_with_content(table)}


def _row(cells: list[Any], subjects: dict[str, str], codes: dict[str, str], where: str) -> AnnotatedRow:
    """Read one row of the first sheet; `s15/anger1_1` becomes its name in errata."""
    participant, name = text(cell(cells, 0)), text(cell(cells, 1))
    stimulus = name.rpartition("_")[0].lower() or name.lower()
    if participant not in subjects or stimulus not in codes:
        raise UserError(
            f"{where} is about participant {participant!r} and stimulus {stimulus!r}, which the naming rules in the "
            "second and third sheets do not hold: copy the workbook again from the release."
        )
    subject = subjects[participant]
    return AnnotatedRow(
        subject,
        f"{subject.removeprefix('s')}_{codes[stimulus]}",
        f"{subject}/{name}",
        frame_number(cell(cells, 2), where),
        frame_number(cell(cells, 3), where),
        frame_number(cell(cells, 4), where),
        kind_of_expression(cell(cells, 7), where),
        text(cell(cells, 6)).lower(),
        text(cell(cells, 5)),
    )
