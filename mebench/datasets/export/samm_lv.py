"""The layout of SAMM Long Videos, with the quirks of its workbook.

The quirks are chosen so that the loader's default policies give back every event's interval: exactly, or within a tenth
of its length where an onset of 0 or an offset beyond the last frame cannot be undone. Some apexes are lost, and all
emotions, for which the workbook has no column.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.export.ooxml import Cell, Formula, write_xlsx
from mebench.datasets.export.plan import Placed, Quirks, WrittenRow, by_subject
from mebench.schema.recordings import ExpressionType, Video

SUBJECTS = tuple(f"{n:03d}" for n in (*range(6, 27), 28, *range(30, 38)))
"""Subjects of the release."""

_COLUMNS = (
    "Subject", "Filename", "Inducement Code", "Onset", "Apex", "Offset", "Duration", "Type", "Action Units", "Notes",
)  # fmt: skip
_PREAMBLE: tuple[tuple[str, ...], ...] = (
    ("Long videos with macro- and micro-movements",),
    ("Written by mebench in the form of the SAMM Long Videos workbook",),
    (),
    ('"/" = or',),
    ('"A2" = asymmetric',),
    ('"L2 or R2" = unilateral',),
    (),
    ("NOTE: Subjects with Apex Frame not annotated were labelled as -1.",),
    (),
)
_FRACTIONS = (0.4, -0.2, 0.2, -0.4)
_TYPES = {ExpressionType.MACRO: "Macro", ExpressionType.MICRO: "Micro - 1/2"}


class SammLvLayout:
    """Writes what `samm_lv` reads."""

    id = "samm_lv"
    grey = True

    def place(self, videos: Sequence[Video], quirks: Quirks) -> list[Placed]:
        """Name subjects after those of the release and videos 1, 2...; frame names of every third have 5 digits."""
        names = [*SUBJECTS, *(f"{n:03d}" for n in range(38, 1000))]
        placed: list[Placed] = []
        for subject, own in zip(names, by_subject(videos).values(), strict=False):
            for stimulus, video in enumerate(own, 1):
                id, width = f"{subject}_{stimulus}", 5 if len(placed) % 3 == 2 else 4
                folder = PurePosixPath("SAMM_longvideos", "SAMM_longvideos", id)
                placed.append(Placed(video, subject, id, folder, f"{id}_{{:0{width}d}}.jpg"))
        quirks.add("nested_folder", "SAMM_longvideos", "frames lie in SAMM_longvideos/SAMM_longvideos")
        if len(placed) > 2:
            quirks.add("padding", "file names", "4 digits, 5 in every third video")
        return placed

    def write_workbook(self, root: Path, placed: Sequence[Placed], quirks: Quirks) -> None:
        """Write `SAMM_LongVideos_V2_Release.xlsx`."""
        rows = [row for video in placed for row in _rows(video)]
        bend(rows, quirks)
        table: list[Sequence[Cell]] = [*_PREAMBLE, _COLUMNS]
        table += [_cells(row, number) for number, row in enumerate(rows, len(table) + 1)]
        write_xlsx(root / "SAMM_LongVideos_V2_Release.xlsx", [("FACS_Movement_Only", table)])


def _rows(placed: Placed) -> list[WrittenRow]:
    return [
        WrittenRow(placed, f"{placed.id}_{k}", e.onset, e.apex, e.offset, e.type, e.emotion, e.action_units)
        for k, e in enumerate(placed.video.events, 1)
    ]


def _cells(row: WrittenRow, number: int) -> list[Cell]:
    apex = -1 if row.apex is None else row.apex
    duration = Formula(f"SUM(F{number}-D{number})+1", row.length)
    code = row.placed.id.rpartition("_")[2]
    kind, units = _TYPES[row.type], row.action_units
    return [row.placed.subject, row.name, code, row.onset, apex, row.offset, duration, kind, units, None]


def bend(rows: list[WrittenRow], quirks: Quirks) -> None:
    """Put the release's quirks into the rows, which are changed in place, and note each."""
    _share_names(rows, quirks)
    for index, row in enumerate(rows):
        if row.apex is None or index % 40 == 3:
            row.apex = None
            quirks.add("apex_missing", row.name, "apex -1")
    macros = [row for row in rows if row.type == ExpressionType.MACRO]
    _lose_onsets(macros, quirks)
    _run_past_the_end(rows, quirks)
    for index, row in enumerate(macros):
        if row.onset and index % 5 in (0, 2):
            fractions = [_FRACTIONS[(index + shift) % 4] for shift in range(3)]
            quirks.add("fractional_frame", row.name, f"frames moved by {fractions}")
            row.onset, row.offset = round(row.onset + fractions[0], 1), round(row.offset + fractions[2], 1)
            row.apex = None if row.apex is None else round(row.apex + fractions[1], 1)


def _lose_onsets(macros: list[WrittenRow], quirks: Quirks) -> None:
    """Write onset 0 for some macro-expressions that begin with their video, a thirtieth of all at most."""
    early = [row for row in macros if row.onset - 1 <= row.length // 10]
    for row in early[: max(1, len(macros) // 30)]:
        quirks.add("onset_zero", row.name, f"onset {row.onset} written as 0")
        row.onset = 0


def _share_names(rows: list[WrittenRow], quirks: Quirks) -> None:
    """Give one macro- and one micro-expression of a video the same Filename, once."""
    for row, following in itertools.pairwise(rows):
        if row.placed is following.placed and row.type != following.type:
            quirks.add("duplicate_filename", row.name, f"{following.name} written as {row.name}")
            following.name = row.name
            return


def _run_past_the_end(rows: list[WrittenRow], quirks: Quirks) -> None:
    """Let up to two events that end with their video end after it."""
    last = [row for row in rows if row.placed.video.n_frames - row.offset <= row.length // 10]
    for row in last[:2]:
        quirks.add(
            "beyond_end", row.name, f"offset {row.offset} of {row.placed.video.n_frames} frames written 97 later"
        )
        row.offset = row.placed.video.n_frames + 97
