"""MMEW: 300 micro-expressions at 90 fps, with seven emotions.

X. Ben et al., "Video-Based Facial Micro-Expression Analysis: A Survey of Datasets, Features and Algorithms", IEEE
Transactions on Pattern Analysis and Machine Intelligence 44(9), 2022.

Layout
------
The page of the release and the copies in use differ; both are taken::

    ROOT/S03/happiness/S03-01-002/1.jpg ...
    ROOT/MMEW_Final/Micro_Expression/happiness/S03-01-002/1.jpg ...
    ROOT/MMEW_Final/MMEW_Micro_Exp.xlsx                                     also _v2.xlsx, (20).xlsx

A clip is person, emotion and sample by number; its frames count from 1 in the workbook and on disk. The folder of the
emotion `others` may be called `repression`. Macro-expressions, still faces beside the clips, are not read.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mebench.datasets.base import CheckReport
from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder, LoadedClips
from mebench.datasets.clips.mmew_macro import PROMISED, macro_stills
from mebench.datasets.clips.policies import AnnotatedClip, spelt_alike
from mebench.datasets.clips.tables import Row, number_in, read_rows
from mebench.datasets.clips.unconfirmed import with_unconfirmed
from mebench.datasets.folders import search_folders, subfolders
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, text
from mebench.errors import UserError
from mebench.frames.stills import StillFrames
from mebench.schema.recordings import Clip
from mebench.settings import setting

_CLIP = re.compile(r"S0*([0-9]+)-([0-9]+)-([0-9]+)", re.IGNORECASE)
_MACRO = re.compile("macro", re.IGNORECASE)
_DEEPEST = 4
_COLUMNS = {
    "subject": ("Subject",),
    "clip": ("Filename",),
    "onset": ("OnsetFrame", "Onset", "OnsetF"),
    "apex": ("ApexFrame", "Apex", "ApexF"),
    "offset": ("OffsetFrame", "Offset", "OffsetF"),
    "emotion": ("Estimated Emotion", "Emotion"),
}
_OPTIONAL = {"units": ("Action Units", "AU", "AUs"), "remarks": ("remarks", "remark")}
_REPORTED = frozenset({33, *range(35, 43), 142, 143, 145, 146, 148, 154, 156})
"""Rows of the release, counted from 0, whose apex or offset others have found wrong."""
_ALIKE = {"repression": "others", "other": "others", "happy": "happiness", "sad": "sadness", "angry": "anger"}


@dataclasses.dataclass(frozen=True)
class MmewConfig(ClipConfig):
    """Settings of `mmew`."""

    expressions: Literal["micro", "macro"] = setting(
        "micro", "Micro-expressions, 300 clips, or macro-expressions, 900 still faces with the emotion of their folder."
    )


class Mmew(ClipDataset):
    """MMEW, as released."""

    id = "mmew"
    Config = MmewConfig
    usual_fps = 90.0
    promised = {
        "annotated rows": 300,
        "emotion anger": 8,
        "emotion disgust": 72,
        "emotion fear": 16,
        "emotion happiness": 36,
        "emotion others": 66,
        "emotion sadness": 13,
        "emotion surprise": 89,
    }
    told = {"subjects": 36}

    def check(self) -> CheckReport:
        """Compare the counts with those of the release; list every erratum."""
        report = super().check()
        return report if self.record is not None else with_unconfirmed(report, self.told)

    def promises(self, rows: Sequence[AnnotatedClip]) -> Mapping[str, int]:
        """Return the counts of the micro- or of the macro-expressions."""
        return PROMISED if self.config.expressions == "macro" else self.promised

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find the folders named `S03-01-002`, wherever they lie but under macro-expressions."""
        if not self._folders:
            raise UserError(
                f"No folder of frames such as Micro_Expression/happiness/S03-01-002 was found in {self.place}: "
                "give --root the folder that holds MMEW."
            )
        return self._folders

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Read the workbook of micro-expressions."""
        path = self.workbook("MMEW_Micro_Exp.xlsx", "MMEW_Micro*.xls*", "*MMEW*.xls*", errata=errata)
        read = [row for row in read_rows(path, _COLUMNS, _OPTIONAL) if text(row.cells["clip"])]
        rows = [_row(row, errata) for row in read]
        if len(rows) == self.promised["annotated rows"]:
            for number in sorted(_REPORTED):
                errata.add(
                    "disputed", rows[number].where, "taken as it stands", "others have found its apex or offset wrong"
                )
        self._compare_emotions(rows, errata)
        return rows

    @functools.cached_property
    def _loaded(self) -> LoadedClips:
        if self.config.expressions == "micro":
            return super()._loaded
        errata = Errata()
        found = macro_stills(self.place, errata)
        rows = spelt_alike(found.values(), errata)
        clips = [
            Clip(self.id, row.subject, row.clip, self.fps, StillFrames(path), row.emotion, 1, 1, 1)
            for path, row in zip(found, rows, strict=True)
        ]
        return LoadedClips(tuple(sorted(clips, key=lambda clip: clip.key)), tuple(rows), errata)

    @functools.cached_property
    def _folders(self) -> list[ClipFolder]:
        above = search_folders(self.place, lambda children: any(_CLIP.fullmatch(c.name) for c in children), _DEEPEST)
        return [
            ClipFolder(f"S{int(match[1]):02d}", _plain_clip(match), path)
            for folder in above
            if not any(map(_MACRO.search, folder.relative_to(self.place).parts))
            for path in subfolders(folder)
            if (match := _CLIP.fullmatch(path.name))
        ]

    def _compare_emotions(self, rows: Sequence[AnnotatedClip], errata: Errata) -> None:
        """Report clips that lie in the folder of another emotion than their row has."""
        lies_in = {folder.key: folder.path.parent for folder in self._folders}
        for row in rows:
            folder = lies_in.get(row.key)
            if folder is not None and folder != self.place and _alike(folder.name) != _alike(row.emotion):
                errata.add("emotion_of_folder", row.where, "the row counts", f"{row.emotion} in {folder.name}")


def _alike(emotion: str) -> str:
    plain = emotion.strip().casefold()
    return _ALIKE.get(plain, plain)


def _plain_clip(match: re.Match[str]) -> str:
    return f"S{int(match[1]):02d}-{match[2]}-{match[3]}"


def _row(row: Row, errata: Errata) -> AnnotatedClip:
    """Read one row; `S03-01-002` becomes its name in errata, a remark one of them."""
    cells, name = row.cells, text(row.cells["clip"])
    match = _CLIP.fullmatch(Path(name).stem)
    if match is None:
        raise UserError(
            f"{row.where} holds the Filename {name!r} where one such as S03-01-002 should be: mend the workbook."
        )
    clip, person = _plain_clip(match), int(match[1])
    if text(cells["subject"]) and number_in(cells["subject"], row.where) != person:
        errata.add("subject_of_filename", clip, f"S{person:02d}, by the Filename", f"Subject {text(cells['subject'])}")
    if remark := text(cells.get("remarks")):
        errata.add("remark", clip, "kept", remark)
    onset, apex, offset = (frame_number(cells[field], row.where) for field in ("onset", "apex", "offset"))
    units = text(cells.get("units"))
    return AnnotatedClip(f"S{person:02d}", clip, clip, onset, apex, offset, text(cells["emotion"]), units)
