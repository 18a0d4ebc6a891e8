"""CASME II: 255 or 256 micro-expressions of 26 people at 200 fps, with seven emotions.

W.-J. Yan et al., "CASME II: An Improved Spontaneous Micro-Expression Database and the Baseline Evaluation", PLoS ONE
9(1), 2014.

Layout
------
::

    ROOT/CASME2-coding-20140508.xlsx         or ...-20190701.xlsx, ...-updated.xlsx, CASME2_label_Ver_2.xls
    ROOT/CASME2_RAW_selected/sub01/EP02_01f/img46.jpg ...       onset to offset and a little more, unpadded
    ROOT/CASME2-RAW/sub01/EP02_01f/img1.jpg ...                 the whole recording
    ROOT/Cropped/sub01/EP02_01f/reg_img46.jpg ...               registered faces; also Cropped-updated/Cropped

All three bear the numbers of the whole recording, which are those of the workbook. The table of 2014 has 255 rows;
later ones have sub24/EP02_07 as well. Which one was read is among the errata.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder
from mebench.datasets.clips.layouts import clips_below, folders_of_subjects, pick_release
from mebench.datasets.clips.policies import AnnotatedClip, ClipPolicies, Correction, corrected
from mebench.datasets.clips.tables import Row, number_in, read_rows
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, text
from mebench.errors import UserError
from mebench.settings import setting

_SUBJECT = re.compile(r"sub0*([0-9]+)", re.IGNORECASE)
_CLIP = re.compile(r"EP[0-9]+_[0-9]+[a-z]?", re.IGNORECASE)
_LATER_ROW = ("sub24", "ep02_07")
_COLUMNS = {
    "subject": ("Subject",),
    "clip": ("Filename", "File name"),
    "onset": ("OnsetFrame", "OnsetF"),
    "apex": ("ApexFrame", "ApexF"),
    "offset": ("OffsetFrame", "OffsetF"),
    "emotion": ("Estimated Emotion", "Emotion"),
}
_UNITS = {"units": ("Action Units", "AU", "AUs")}
_DISPUTED = {
    ("sub07", "ep06_01"): Correction(
        {"onset": 15.0, "offset": 68.0}, {"onset": 56.0, "apex": None, "offset": 116.0}, "re-annotated by others"
    ),
    ("sub12", "ep09_02"): Correction(
        {"onset": 16.0, "offset": 101.0}, {"onset": 161.0, "apex": None, "offset": 206.0}, "re-annotated by others"
    ),
}


@dataclasses.dataclass(frozen=True)
class Casme2Config(ClipConfig):
    """Settings of `casme2`."""

    release: Literal["auto", "raw_selected", "raw", "cropped"] = setting(
        "auto", "Which frames to read: the selected ones, whole recordings, cropped faces, or the first that is there."
    )
    disputed: Literal["keep", "reannotated"] = setting(
        "keep",
        "Two rows whose interval others have moved (sub07/EP06_01, sub12/EP09_02): as released, or as moved.",
        source="Xia et al., public annotations of apexes (2020)",
    )


class Casme2(ClipDataset):
    """CASME II, as released."""

    id = "casme2"
    Config = Casme2Config
    usual_fps = 200.0
    promised = {
        "annotated rows": 255,
        "subjects": 26,
        "clips": 255,
        "emotion disgust": 63,
        "emotion fear": 2,
        "emotion happiness": 32,
        "emotion others": 99,
        "emotion repression": 27,
        "emotion sadness": 7,
        "emotion surprise": 25,
    }

    def promises(self, rows: Sequence[AnnotatedClip]) -> Mapping[str, int]:
        """Return the counts of the table of 2014, or of a later one where the rows have what it adds."""
        if not _is_later(rows):
            return self.promised
        return {**self.promised, "annotated rows": 256, "clips": 256, "emotion disgust": 64}

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find the folders named `sub01/EP02_01f`."""
        found = folders_of_subjects(self.place, _SUBJECT, _CLIP)
        chosen = pick_release(
            self.place, found, _release, self.config.release, ("raw_selected", "raw", "cropped"), errata
        )
        if chosen is None:
            raise UserError(
                f"No folder of frames such as CASME2_RAW_selected/sub01/EP02_01f was found in {self.place}: "
                "give --root the folder that holds CASME II."
            )
        return [
            ClipFolder(f"sub{int(subject[1]):02d}", path.name, path)
            for subject, _, path in clips_below(chosen, _SUBJECT, _CLIP)
        ]

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Read the coding workbook, say which one it is, and apply `disputed`."""
        example = "CASME2-coding-20190701.xlsx"
        path = self.workbook(example, "CASME2-coding*.xls*", "CASME2_label*.xls*", "CASME2*cod*.xls*", errata=errata)
        rows = [_row(row) for row in read_rows(path, _COLUMNS, _UNITS) if text(row.cells["clip"])]
        which = "a table later than 2014, with sub24/EP02_07" if _is_later(rows) else "the table of 2014"
        errata.add("table_version", path.name, f"{len(rows)} rows", which)
        return self._disputed(rows, errata)

    def _disputed(self, rows: list[AnnotatedClip], errata: Errata) -> list[AnnotatedClip]:
        moved = corrected(rows, _DISPUTED, ClipPolicies(), Errata())
        keep = self.config.disputed == "keep"
        for row, other in zip(rows, moved, strict=True):
            if row != other:
                detail = f"{row.onset:g}-{row.offset:g}, by others {other.onset:g}-{other.offset:g}"
                errata.add("disputed", row.where, "kept as released" if keep else "moved", detail)
        return rows if keep else moved


def _is_later(rows: Sequence[AnnotatedClip]) -> bool:
    return any(row.key == _LATER_ROW for row in rows)


def _release(folder: Path) -> str:
    """Return which release a folder of subjects is, by its name and that of the folder around it."""
    names = f"{folder.parent.name}/{folder.name}".lower()
    if "crop" in names:
        return "cropped"
    return "raw_selected" if "select" in names else "raw"


def _row(row: Row) -> AnnotatedClip:
    """Read one row; `sub01/EP02_01f` becomes its name in errata."""
    cells = row.cells
    subject, clip = f"sub{number_in(cells['subject'], row.where):02d}", text(cells["clip"])
    return AnnotatedClip(
        subject,
        clip,
        f"{subject}/{clip}",
        frame_number(cells["onset"], row.where),
        frame_number(cells["apex"], row.where),
        frame_number(cells["offset"], row.where),
        text(cells["emotion"]),
        text(cells.get("units")),
    )
