"""SAMM: 159 micro-expressions of 29 people at 200 fps in grey, with eight emotions.

A. K. Davison, C. Lansley, N. Costen, K. Tan, M. H. Yap, "SAMM: A Spontaneous Micro-Facial Movement Dataset", IEEE
Transactions on Affective Computing 9(1), 2018.

Layout
------
::

    ROOT/SAMM_Micro_FACS_Codes_v2.xlsx                    or SAMM_20181215_Micro_FACS_Codes_v2.xlsx
    ROOT/SAMM/006/006_1_2/006_05562.jpg ...               SAMM_CROP for cropped faces

The workbook has one sheet, `MICRO_ONLY`, with its header on row 14. Files bear the numbers of the raw recording, which
are not those of SAMM Long Videos: some recordings are shifted there by 100 to 10000 frames.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Literal

from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder
from mebench.datasets.clips.layouts import clips_below, folders_of_subjects, pick_release
from mebench.datasets.clips.policies import AnnotatedClip, Correction
from mebench.datasets.clips.tables import Row, read_rows
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, identifier, text
from mebench.errors import UserError
from mebench.settings import setting

_SUBJECT = re.compile(r"[0-9]{3}")
_CLIP = re.compile(r"([0-9]{3})_[0-9]+_[0-9]+")
_NAME = re.compile(r"([0-9]+)(_[0-9]+_[0-9]+)")
_AMBIGUOUS = re.compile(r"/|\bor\b", re.IGNORECASE)
_COLUMNS = {
    "clip": ("Filename", "File name"),
    "onset": ("Onset Frame", "Onset"),
    "apex": ("Apex Frame", "Apex"),
    "offset": ("Offset Frame", "Offset"),
    "emotion": ("Estimated Emotion", "Emotion"),
}
_MORE = {"subject": ("Subject",), "units": ("Action Units", "AU"), "duration": ("Duration",)}


@dataclasses.dataclass(frozen=True)
class SammConfig(ClipConfig):
    """Settings of `samm`."""

    release: Literal["auto", "raw", "cropped"] = setting(
        "auto", "Which frames to read: whole ones, cropped faces, or whole ones where there are any."
    )


class Samm(ClipDataset):
    """SAMM, as released."""

    id = "samm"
    Config = SammConfig
    usual_fps = 200.0
    promised = {
        "annotated rows": 159,
        "subjects": 29,
        "clips": 159,
        "emotion anger": 57,
        "emotion contempt": 12,
        "emotion disgust": 9,
        "emotion fear": 8,
        "emotion happiness": 26,
        "emotion others": 26,
        "emotion sadness": 6,
        "emotion surprise": 15,
    }
    known_errors = {
        ("013", "013_1_9"): Correction({"onset": 5658.0, "offset": 5793.0}, {"offset": 5739.0}, "two digits swapped")
    }

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find the folders named `006/006_1_2`."""
        found = folders_of_subjects(self.place, _SUBJECT, _CLIP)
        chosen = pick_release(
            self.place,
            found,
            lambda path: "cropped" if "crop" in f"{path.parent.name}/{path.name}".lower() else "raw",
            self.config.release,
            ("raw", "cropped"),
            errata,
        )
        if chosen is None:
            raise UserError(
                f"No folder of frames such as SAMM/006/006_1_2 was found in {self.place}: give --root the folder that "
                "holds SAMM."
            )
        return [
            ClipFolder(match[1], match[0], path)
            for subject, match, path in clips_below(chosen, _SUBJECT, _CLIP)
            if subject[0] == match[1]
        ]

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Read the sheet `MICRO_ONLY`."""
        path = self.workbook("SAMM_Micro_FACS_Codes_v2.xlsx", "SAMM*Micro_FACS_Codes*.xls*", errata=errata)
        rows = [row for row in read_rows(path, _COLUMNS, _MORE, sheets=("MICRO_ONLY",)) if text(row.cells["clip"])]
        return [_row(row, errata) for row in rows]


def _row(row: Row, errata: Errata) -> AnnotatedClip:
    """Read one row; its Filename becomes its name in errata."""
    cells, where = row.cells, row.where
    name = _NAME.fullmatch(text(cells["clip"]))
    if name is None:
        raise UserError(f"{where} holds the Filename {text(cells['clip'])!r}, not one such as 006_1_2: mend it.")
    subject = name[1].zfill(3)
    if text(cells.get("subject")) and identifier(cells["subject"], 3) != subject:
        raise UserError(f"{where} holds subject {text(cells['subject'])} and Filename {name[0]}: mend the workbook.")
    clip = AnnotatedClip(
        subject,
        subject + name[2],
        subject + name[2],
        frame_number(cells["onset"], where),
        frame_number(cells["apex"], where),
        frame_number(cells["offset"], where),
        text(cells["emotion"]),
        text(cells.get("units")),
    )
    if _AMBIGUOUS.search(clip.action_units):
        errata.add("ambiguous_action_units", clip.where, "kept as written", clip.action_units)
    _compare_duration(clip, cells.get("duration"), errata)
    return clip


def _compare_duration(clip: AnnotatedClip, duration: object, errata: Errata) -> None:
    """Report a Duration that is a number and not offset - onset + 1; in the release it is a formula and agrees."""
    if not isinstance(duration, int | float) or not duration > 0 or clip.onset is None or clip.offset is None:
        return
    if clip.offset - clip.onset + 1 != duration:
        detail = f"{clip.onset:g}-{clip.offset:g} and a duration of {duration:g}"
        errata.add("duration", clip.where, "onset and offset are believed", detail)
