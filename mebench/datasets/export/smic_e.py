"""The layout of SMIC-E's high-speed camera, with the quirks of its workbook; three classes.

The loader gives back every onset, offset and class exactly. Apexes and action units are lost: the workbook has none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.export.clip_plan import PlacedClip, WrittenClip, class_of
from mebench.datasets.export.ooxml import Cell, Formula, write_xlsx
from mebench.datasets.export.plan import Quirks
from mebench.datasets.export.smic import SmicLayout
from mebench.schema.recordings import Clip

_HEADER: tuple[Cell, ...] = (
    "Subject", "Filename", None, "OnsetF", "OffsetF", "Onset2F", "Offset2F", "Onset3F", "Offset3F", None, "FirstF",
    "LastF", "TotalMF1", "TotalMF2", "TotalMF3", "TotalVL", "Emotion",
)  # fmt: skip
_FIRST = 17581000


class SmicELayout:
    """Writes what `smic_e` reads."""

    id = "smic_e"
    grey = False

    def place(self, clips: Sequence[Clip], quirks: Quirks) -> list[PlacedClip]:
        """Name people and clips as in SMIC, and keep the frames around the expression."""
        root = PurePosixPath("SMIC-E_raw image", "HS_long", "SMIC-HS-E")
        return [
            dataclasses.replace(
                one,
                folder=root / one.subject / one.id,
                first=1 if index % 5 == 2 else _FIRST + 607 * index,
                start=0,
                stop=one.clip.n_frames,
            )
            for index, one in enumerate(SmicLayout().place(clips, Quirks()))
        ]

    def write_table(self, root: Path, placed: Sequence[PlacedClip], quirks: Quirks) -> list[WrittenClip]:
        """Write `SMIC-HS-E_annotation.xlsx` beside the folder of people."""
        rows = [WrittenClip.of(one, class_of(one.clip)) for one in placed]
        table: list[Sequence[Cell]] = [_HEADER]
        for index, row in enumerate(rows):
            quirks.add("apex_missing", row.placed.id, f"apex {'none' if row.apex is None else row.apex} left out")
            row.apex, row.action_units = None, ""
            table.append(_cells(row, index, quirks))
        table += [(), (None, "lengths are counted with both ends")]
        name = "SMIC-HS-E_annotation.xlsx"
        quirks.add("text_rows", name, "a sentence stands below the last row")
        write_xlsx(root / "SMIC-E_raw image" / "HS_long" / name, [("HS", table), ("Sheet3", [])])
        return rows


def _cells(row: WrittenClip, index: int, quirks: Quirks) -> list[Cell]:
    """Return the cells of a row; where files count from 1 the table has the numbers of the recording all the same."""
    placed, number = row.placed, index + 2
    shift = 0
    if placed.first == 1:
        shift = _FIRST + 607 * index - 1
        quirks.add("renumbered", placed.id, f"files count from 1, the table from {shift + 1}")
    onset, offset, first = row.onset + shift, row.offset + shift, placed.first + shift
    last = first + placed.stop - 1
    third: tuple[Cell, Cell] = (None, None)
    if index % 9 == 4:
        third = (-399, 1)
        quirks.add("no_event", f"{placed.id} (3)", "what a formula has left stands in Onset3F and Offset3F")
    begin: Cell = first
    if index % 9 == 6 and not shift:
        begin = f"MISSING <-{first}"
        quirks.add("first_frame_missing", placed.id, f"{first} written as {begin}")
    name = f"s{int(placed.subject[1:])}_{placed.id.partition('_')[2]}"
    lengths = (Formula(f"E{number}-D{number}+1", offset - onset + 1), None, None, last - first + 1)
    return [
        int(placed.subject[1:]), name, None, onset, offset, None, None, *third, None, begin, last, *lengths, row.emotion
    ]  # fmt: skip
