"""The layout of SAMM, in grey, with the quirks of its workbook.

The loader gives back every onset and offset exactly. A few apexes are written as -1, and a clip of which only the class
is known gets the emotion that is most frequent in that class.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.export.clip_plan import PlacedClip, WrittenClip, by_person, own_emotion
from mebench.datasets.export.ooxml import Cell, Formula, write_xlsx
from mebench.datasets.export.plan import Quirks
from mebench.schema.recordings import Clip

_EMOTIONS = ("anger", "contempt", "disgust", "fear", "happiness", "others", "sadness", "surprise")
_OF_CLASS = {"negative": "anger", "positive": "happiness", "surprise": "surprise"}
_PREAMBLE: tuple[Sequence[Cell], ...] = (
    ("Micro-expressions",),
    (),
    ('"/" = or',),
    ('"A2" = asymmetric',),
    ('"L2 or R2" = unilateral',),
    ("NOTE: Subjects with Apex Frame not annotated were labelled as -1.",),
    *[()] * 7,
)
_HEADER: tuple[Cell, ...] = (
    "Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame", "Offset Frame", "Duration", "Micro",
    "Action Units", "Estimated Emotion", "Objective Classes", "Notes",
)  # fmt: skip
_FIRST_SUBJECT, _MOVEMENTS = 6, 9


class SammLayout:
    """Writes what `samm` reads."""

    id = "samm"
    grey = True

    def place(self, clips: Sequence[Clip], quirks: Quirks) -> list[PlacedClip]:
        """Name people from `006` on and clips `006_1_1`; files bear the numbers of a raw recording."""
        placed: list[PlacedClip] = []
        for person, own in enumerate(by_person(clips), _FIRST_SUBJECT):
            for number, clip in enumerate(own):
                subject = f"{person:03d}"
                name = f"{subject}_{number // _MOVEMENTS + 1}_{number % _MOVEMENTS + 1}"
                first, pattern = 562 + 1000 * (len(placed) % 11), subject + "_{:05d}.jpg"
                folder = PurePosixPath("SAMM", subject, name)
                placed.append(PlacedClip(clip, subject, name, folder, pattern, first, 0, clip.n_frames))
        return placed

    def write_table(self, root: Path, placed: Sequence[PlacedClip], quirks: Quirks) -> list[WrittenClip]:
        """Write `SAMM_Micro_FACS_Codes_v2.xlsx`, its header on row 14."""
        rows = [WrittenClip.of(one, own_emotion(one.clip, _EMOTIONS, _OF_CLASS)) for one in placed]
        for index, row in enumerate(rows):
            if row.apex is None or index % 50 == 3:
                quirks.add("apex_missing", row.placed.id, f"apex {row.apex or 'none'} written as -1")
                row.apex = None
        others = sum(row.emotion == "others" for row in rows)
        if others:
            quirks.add("emotion_spelling", "Other", f"others written as Other in {others} rows")
        table: list[Sequence[Cell]] = [*_PREAMBLE, _HEADER]
        table += [_cells(row, number) for number, row in enumerate(rows, len(table) + 1)]
        write_xlsx(root / "SAMM_Micro_FACS_Codes_v2.xlsx", [("MICRO_ONLY", table)])
        return rows


def _cells(row: WrittenClip, number: int) -> list[Cell]:
    subject, code, _ = row.placed.id.split("_")
    duration = Formula(f"SUM(F{number}-D{number})+1", row.offset - row.onset + 1)
    units: Cell = int(row.action_units) if row.action_units.isdecimal() else row.action_units or None
    emotion = "Other" if row.emotion == "others" else row.emotion.capitalize()
    apex = -1 if row.apex is None else row.apex
    return [
        subject, row.placed.id, code, row.onset, apex, row.offset, duration, "Micro - 1/2", units, emotion, None, None
    ]  # fmt: skip
