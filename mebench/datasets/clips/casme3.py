"""CAS(ME)^3: micro-expressions cut out of recordings at 30 fps, of parts A and C.

J. Li et al., "CAS(ME)3: A Third Generation Facial Spontaneous Micro-Expression Database with Depth Information and High
Ecological Validity", IEEE Transactions on Pattern Analysis and Machine Intelligence 45(3), 2023.

Layout
------
::

    ROOT/part_A/spNO.1/a/color/1.jpg ...                                     also part_A_split/part_A/..., RGB/...
    ROOT/annotation/partA/cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx          or ..._v1.xls, by the setting `annotation`
    ROOT/part_C/...                                                          see `casme3_part_c`
    ROOT/annotation/partC/CAS(ME)3_part_C_ME.xlsx

The two versions of part A's annotation differ in 61 events that became macro-expressions, so a result says which one it
is of: `annotation` stands among the settings of a run. A clip is named after its recording and the frame that it is
annotated from, such as `a_112`. Depth is not read.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mebench.datasets.base import CheckReport, Count
from mebench.datasets.clips import casme3_part_c as part_c
from mebench.datasets.clips.cut_out import Cut, CutOutConfig, CutOutDataset
from mebench.datasets.clips.policies import AnnotatedClip, Correction
from mebench.datasets.clips.tables import Row, number_in, read_rows
from mebench.datasets.folders import search_folders, subfolders
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, text
from mebench.errors import UserError
from mebench.settings import setting

_SUBJECT = re.compile(r"spNO\.?\s*0*([0-9]+)", re.IGNORECASE)
_RECORDING = re.compile(r"[a-z]", re.IGNORECASE)
_OTHER_PARTS = re.compile(r"(part[_ -]?[bc]|me[_ -][ac])(?![a-z])", re.IGNORECASE)
_COLUMNS = {
    "subject": ("Subject",),
    "recording": ("Filename",),
    "onset": ("Onset",),
    "apex": ("Apex",),
    "offset": ("Offset",),
    "emotion": ("emotion",),
}
_LONG = 0.5
"""Seconds up to which an expression is a micro-expression by the rules of MEGC."""


@dataclasses.dataclass(frozen=True)
class Casme3Config(CutOutConfig):
    """Settings of `casme3`."""

    part: Literal["A", "C"] = setting("A", "A: watched emotional videos, 94 people; C: a mock crime, 30 people.")
    annotation: Literal["v2", "v1"] = setting(
        "v2", "Version of part A's annotation: 860 micro-expressions, or 921 of which 61 were macro-expressions."
    )


class Casme3(CutOutDataset):
    """CAS(ME)^3, as released."""

    id = "casme3"
    Config = Casme3Config
    usual_fps = 30.0
    known_errors = {
        ("spno.216", "d_3647"): Correction(
            {"onset": 3647.0}, {"onset": 2647.0}, "it lies after its offset, by one digit"
        ),
        ("spno.216", "e_0"): Correction(
            {"onset": 0.0, "apex": 0.0}, {"onset": 1.0, "apex": 1.0}, "files are numbered from 1, there is no frame 0"
        ),
    }

    def promises(self, rows: Sequence[AnnotatedClip]) -> Mapping[str, int]:
        """Return the counts of the part; of version 1 the emotions have not been published."""
        if self.config.part == "C":
            return part_c.PROMISED
        return _PROMISED[self.config.annotation]

    def check(self) -> CheckReport:
        """Compare the counts with those of the release; list every erratum."""
        report = super().check()
        if self.config.part == "C" or self.record is not None:
            return report
        with_rows = len({cut.recording for cut in self._read[0]})
        videos = Count("recordings with rows", with_rows, {"v1": 474, "v2": 463}[self.config.annotation])
        return dataclasses.replace(report, counts=(*report.counts, videos))

    def whole(self, errata: Errata) -> Mapping[tuple[str, str], Path]:
        """Find the folders `spNO.1/a/color` of part A, or those of part C."""
        if self.config.part == "C":
            return part_c.recordings(self.place, errata)
        found: dict[tuple[str, str], Path] = {}
        for above in self._trees(errata):
            for subject in filter(lambda folder: _SUBJECT.fullmatch(folder.name), subfolders(above)):
                for recording in filter(lambda folder: _RECORDING.fullmatch(folder.name), subfolders(subject)):
                    key = (_subject(subject.name), recording.name.lower())
                    other = found.setdefault(key, frames_of(recording))
                    if other != frames_of(recording):
                        raise UserError(f"{other} and {recording} are the same recording: remove one of them.")
        return found

    def cuts(self, errata: Errata) -> list[Cut]:
        """Read the sheet of micro-expressions with their emotions."""
        if self.config.part == "C":
            return part_c.cuts(self.workbook(part_c.WORKBOOK, "*part*_c_me*.xls*", errata=errata), self.place, errata)
        version = self.config.annotation
        example = f"cas(me)3_part_A_ME_label_JpgIndex_{version}.xls{'x' if version == 'v2' else ''}"
        path = self.workbook(example, f"*part*a*me_label*{version}*.xls*", errata=errata)
        errata.add("annotation_version", path.name, "is read", f"annotation={version}")
        found = [_cut(row) for row in read_rows(path, _COLUMNS, {"units": ("AU",)}, sheets=("label",))]
        self._report_long(found, errata)
        _report_capitals(found, errata)
        return found

    def _trees(self, errata: Errata) -> list[Path]:
        """Return the folders with `spNO.1`, `spNO.2` and so on, those of other parts and of cut-out copies aside."""
        found = list(search_folders(self.place, lambda children: any(_SUBJECT.fullmatch(c.name) for c in children)))
        chosen = []
        for folder in found:
            other = next(filter(_OTHER_PARTS.match, folder.relative_to(self.place).parts), None)
            if other is None:
                chosen.append(folder)
            else:
                errata.add("other_part", other, "not read", "part A is")
        if not chosen:
            raise UserError(
                f"No folder of frames such as part_A/spNO.1/a/color was found in {self.place}: give --root the folder "
                "that holds CAS(ME)^3."
            )
        return chosen

    def _report_long(self, cuts: Sequence[Cut], errata: Errata) -> None:
        """Report micro-expressions of more than half a second, of which the release has many."""
        for _, row in cuts:
            if row.onset is not None and row.offset is not None:
                seconds = (row.offset - row.onset + 1) / self.fps
                if seconds > _LONG:
                    errata.add("long_micro_expression", row.where, "kept", f"{seconds:.2f} s")


_PROMISED: Mapping[str, Mapping[str, int]] = {
    "v2": {
        "annotated rows": 860,
        "subjects": 94,
        "emotion anger": 64,
        "emotion disgust": 250,
        "emotion fear": 86,
        "emotion happiness": 55,
        "emotion others": 161,
        "emotion sadness": 57,
        "emotion surprise": 187,
    },
    "v1": {"annotated rows": 921, "subjects": 95},
}


def frames_of(recording: Path) -> Path:
    """Return the folder of a recording's colour frames, `color` where there is one."""
    return next((folder for folder in subfolders(recording) if folder.name.lower() == "color"), recording)


def _subject(cell: str) -> str:
    """Return a subject as the release spells it, `spNO.1`."""
    match = _SUBJECT.fullmatch(cell)
    return f"spNO.{int(match[1])}" if match else cell


def _cut(row: Row) -> Cut:
    """Read one row; `spNO.1/a_112` becomes its name in errata."""
    cells = row.cells
    subject = f"spNO.{number_in(cells['subject'], row.where)}"
    recording = text(cells["recording"])
    onset, apex, offset = (frame_number(cells[name], row.where) for name in ("onset", "apex", "offset"))
    if not recording or onset is None:
        raise UserError(f"{row.where} has no Filename or no Onset: mend the workbook.")
    clip = f"{recording.lower()}_{onset:.10g}"
    annotated = AnnotatedClip(
        subject, clip, f"{subject}/{clip}", onset, apex, offset, text(cells["emotion"]), text(cells.get("units"))
    )
    return Cut((subject, recording), annotated)


def _report_capitals(cuts: list[Cut], errata: Errata) -> None:
    """Spell recordings in small letters as the folders are (spNO.11 and spNO.14 have a `J`), emotions too."""
    for index, (key, row) in enumerate(cuts):
        subject, recording = key
        if recording != recording.lower():
            errata.add("capital_filename", row.where, "case does not count", recording)
        if row.emotion != row.emotion.lower():
            errata.add("capital_emotion", row.where, "case does not count", row.emotion)
        cuts[index] = Cut((subject, recording.lower()), row)
