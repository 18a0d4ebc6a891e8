"""Tables of spotted intervals: MEGC2022 and 2023, spot-then-recognise, and mebench's own.

vid,pred_onset,pred_offset,type                                MEGC2022: samm_pred.csv, cas_pred.csv
vid,onset,offset,type                                          MEGC2023: the same two files
subject,video,onset,offset,emotion                             MEGC2024 and 2025, spot-then-recognise
subject,video,onset,offset,type[,score][,emotion]              mebench's own
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import SpottedRows
from mebench.challenge.reading.formats.cells import emotion, emotion_or_none, expression, frame, identifier, score
from mebench.challenge.reading.formats.delimited import Column, Layout, read_delimited
from mebench.challenge.reading.formats.files import DataFile

FRAME_TOPIC = "frames were read as whole numbers"
_TYPE_TOPIC = "types were read as micro or macro"
_QUIET = frozenset({"me", "mae"})


def _frame(name: str, key: str = "") -> Column:
    return Column(name, frame, key, topic=FRAME_TOPIC, numeric=True)


_TYPE = Column("type", expression, topic=_TYPE_TOPIC, quiet=_QUIET)
_OPTIONAL_TYPE = dataclasses.replace(_TYPE, required=False)
_SCORE = Column("score", score, required=False, numeric=True)
_VIDEO = (Column("subject", identifier), Column("video", identifier), _frame("onset"), _frame("offset"))
_OPTIONAL_EMOTION = Column("emotion", emotion_or_none, required=False)
_EMOTION = Column("emotion", emotion, topic="emotions were read in lower case")

OWN = Layout("mebench", (*_VIDEO, _TYPE, _SCORE, _OPTIONAL_EMOTION))
YEAR_2022 = Layout(
    "megc2022",
    (Column("vid", identifier, "video"), _frame("pred_onset", "onset"), _frame("pred_offset", "offset"), _TYPE, _SCORE),
)
YEAR_2023 = Layout("megc2023", (Column("vid", identifier, "video"), _frame("onset"), _frame("offset"), _TYPE, _SCORE))
STR = Layout("str", (*_VIDEO, _EMOTION, _OPTIONAL_TYPE, _SCORE))

Layouts = Sequence[Layout]
_FROM_ZERO = "frames are counted from 0 here, so 1 was added to every frame number"
INTERVALS = (OWN, YEAR_2022, YEAR_2023)
"""The tables of intervals with a type."""


def read_spotted(file: DataFile, lines: Sequence[str], layouts: Layouts, findings: Findings) -> tuple[str, SpottedRows]:
    """Read a table of intervals.

    Returns
    -------
    The name of its layout, empty when the header cannot be read, and its rows.
    """
    rows = read_delimited(file, lines, layouts, findings)
    if rows is None:
        return "", SpottedRows()
    n = len(rows.lines)
    columns: dict[str, list[Any]] = {
        "file": [file.name] * n,
        "line": rows.lines,
        "database": [file.database] * n,
        "subject": [""] * n,
        "type": [""] * n,
        "score": [float("nan")] * n,
        "emotion": [""] * n,
    }
    return rows.layout, SpottedRows(**{**columns, **rows.columns})


def counted_from_one(rows: SpottedRows, file: str, findings: Findings) -> SpottedRows:
    """Return the rows of a file that counts frames from 0 with the numbers that the frames' files have, and note it."""
    if len(rows):
        findings.note(_FROM_ZERO, file)
    onset, offset = ([None if end is None else end + 1 for end in ends] for ends in (rows.onset, rows.offset))
    return dataclasses.replace(rows, onset=onset, offset=offset)
