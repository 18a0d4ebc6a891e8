"""The layout of CASME II, with the quirks of its workbook.

The loader gives back every onset and offset exactly. A few apexes and action units are lost on purpose, and a clip of
which only the class is known gets the emotion that is most frequent in that class.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.export.clip_plan import PlacedClip, WrittenClip, by_person, own_emotion
from mebench.datasets.export.ooxml import Cell, write_xlsx
from mebench.datasets.export.plan import Quirks
from mebench.schema.recordings import Clip

_EMOTIONS = ("disgust", "fear", "happiness", "others", "repression", "sadness", "surprise")
_OF_CLASS = {"negative": "disgust", "positive": "happiness", "surprise": "surprise"}
_HEADER: tuple[Cell, ...] = (
    "Subject", "Filename", None, "OnsetFrame", "ApexFrame", "OffsetFrame", None, "Action Units", "Estimated Emotion",
)  # fmt: skip
_EPISODES = 9


class Casme2Layout:
    """Writes what `casme2` reads."""

    id = "casme2"
    grey = False

    def place(self, clips: Sequence[Clip], quirks: Quirks) -> list[PlacedClip]:
        """Name people `sub01` and clips `EP01_01f`; files bear the numbers of a recording that began earlier."""
        root = PurePosixPath("CASME2_RAW_selected", "CASME2_RAW_selected")
        quirks.add("nested_folder", str(root), "the folder lies in one of the same name")
        placed: list[PlacedClip] = []
        for person, own in enumerate(by_person(clips), 1):
            for number, clip in enumerate(own):
                subject = f"sub{person:02d}"
                name = f"EP{number // _EPISODES + 1:02d}_{number % _EPISODES + 1:02d}f"
                first = 21 + 37 * len(placed) % 160
                folder = root / subject / name
                placed.append(PlacedClip(clip, subject, name, folder, "img{}.jpg", first, 0, clip.n_frames))
        return placed

    def write_table(self, root: Path, placed: Sequence[PlacedClip], quirks: Quirks) -> list[WrittenClip]:
        """Write `CASME2-coding-20140508.xlsx`."""
        rows = [WrittenClip.of(one, own_emotion(one.clip, _EMOTIONS, _OF_CLASS)) for one in placed]
        units = bend(rows, quirks)
        table: list[Sequence[Cell]] = [_HEADER, *(_cells(row, unit) for row, unit in zip(rows, units, strict=True))]
        write_xlsx(root / "CASME2-coding-20140508.xlsx", [("Sheet1", table), ("Sheet2", []), ("Sheet3", [])])
        return rows


def bend(rows: Sequence[WrittenClip], quirks: Quirks) -> list[str]:
    """Put the release's quirks into the rows, which are changed in place, and note each.

    Returns
    -------
    What is written as the action units of each row.
    """
    for row in rows[7::50]:
        if row.apex is not None:
            quirks.add("apex_at_end", row.where, f"apex {row.apex} written as the offset, {row.offset}")
            row.apex = row.offset
    for index, row in enumerate(rows):
        if row.apex is None or index % 50 == 4:
            quirks.add("apex_missing", row.where, f"apex {'none' if row.apex is None else row.apex} written as /")
            row.apex = None
    units = [row.action_units for row in rows]
    for index in range(9, len(rows), 50):
        quirks.add("unknown_action_units", rows[index].where, f"{units[index] or 'none'} written as ?")
        rows[index].action_units, units[index] = "", "?"
    return units


def _cells(row: WrittenClip, units: str) -> list[Cell]:
    """The nine columns; action units that are one number are written as a number, as in the release."""
    codes: Cell = int(units) if units.isdecimal() else units or None
    subject, apex = row.placed.subject.removeprefix("sub"), "/" if row.apex is None else row.apex
    return [subject, row.placed.id, None, row.onset, apex, row.offset, None, codes, row.emotion]
