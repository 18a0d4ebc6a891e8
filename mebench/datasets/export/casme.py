"""The layout of CASME, with the quirks of its table.

The loader gives back every onset and offset exactly, and every apex that the clips have. A clip of which only the class
is known gets an emotion of that class.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.export.clip_plan import PlacedClip, WrittenClip, by_person, own_emotion
from mebench.datasets.export.ooxml import Cell, write_xlsx
from mebench.datasets.export.plan import Quirks
from mebench.schema.recordings import Clip

_EMOTIONS = ("contempt", "disgust", "fear", "happiness", "repression", "sadness", "surprise", "tense")
_OF_CLASS = {"negative": "disgust", "positive": "happiness", "surprise": "surprise"}
_HEADER: tuple[Cell, ...] = (
    "Subject", "Filename", None, "OnsetF", "ApexF1", "ApexF2", "OffsetF", None, "AU", "Emotion",
)  # fmt: skip
_EPISODES, _SECTION_A = 9, 92


class CasmeLayout:
    """Writes what `casme` reads."""

    id = "casme"
    grey = False

    def place(self, clips: Sequence[Clip], quirks: Quirks) -> list[PlacedClip]:
        """Name people `sub01` and clips `EP01_1`; numbers are padded from the 93rd clip on, or from the middle."""
        first_padded, placed = min(_SECTION_A, (len(clips) + 1) // 2), list[PlacedClip]()
        for person, own in enumerate(by_person(clips), 1):
            for number, clip in enumerate(own):
                subject, name = f"sub{person:02d}", f"EP{number // _EPISODES + 1:02d}_{number % _EPISODES + 1}"
                pattern = name + ("-{:03d}.jpg" if len(placed) >= first_padded else "-{}.jpg")
                folder = PurePosixPath("CASME_raw_selected", subject, name)
                placed.append(PlacedClip(clip, subject, name, folder, pattern, 1, 0, clip.n_frames))
        if len(placed) > first_padded > 0:
            quirks.add("padding", "file names", f"padded from clip {first_padded + 1} on")
        return placed

    def write_table(self, root: Path, placed: Sequence[PlacedClip], quirks: Quirks) -> list[WrittenClip]:
        """Write `casme.xlsx`, the merged table."""
        rows = [WrittenClip.of(one, own_emotion(one.clip, _EMOTIONS, _OF_CLASS)) for one in placed]
        table: list[Sequence[Cell]] = [_HEADER]
        for index, row in enumerate(rows):
            second = None
            if row.apex is None:
                quirks.add("apex_missing", row.where, "both apexes left empty")
            elif index % 50 == 6 and row.apex < row.offset:
                second = row.apex + 1
                quirks.add("two_apexes", row.where, f"{row.apex} and {second}")
            table.append(_cells(row, second))
        write_xlsx(root / "casme.xlsx", [("Sheet1", table)])
        return rows


def _cells(row: WrittenClip, second: int | None) -> list[Cell]:
    units: Cell = int(row.action_units) if row.action_units.isdecimal() else row.action_units or None
    number = int(row.placed.subject.removeprefix("sub"))
    return [number, row.placed.id, None, row.onset, row.apex, second, row.offset, None, units, row.emotion]
