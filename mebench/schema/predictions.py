"""The predictions table, in which every method and every submission ends.

    subject,video,onset,offset,type[,score][,emotion]

Conventions
-----------
Frame numbers are 1-based and inclusive at both ends; an offset before its onset is an error of the format, not a miss.
An interval may begin before frame 1 or end after the last frame (a peak minus and plus k): the convention says whether
it is clipped.
Scores are confidences of any finite range; an empty cell is an absent score. Written files are sorted and
byte-identical for equal tables.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mebench.schema.files import write_atomic
from mebench.schema.intervals import Intervals
from mebench.schema.problems import Problem, refuse
from mebench.schema.recordings import ExpressionType
from mebench.schema.tables import (
    REQUIRED,
    Column,
    Table,
    Unreadable,
    any_frame,
    format_table,
    name,
    number_or_nan,
    plain_numbers,
    read_table,
    text,
)

_SYNONYMS = {
    **dict.fromkeys(("micro", "me", "mie", "microexpression"), ExpressionType.MICRO),
    **dict.fromkeys(("macro", "mae", "macroexpression"), ExpressionType.MACRO),
}


def expression_type(cell: str) -> ExpressionType:
    """Return the type that a cell means: micro, me, mie, micro-expression, macro, mae, macro-expression, in any case.

    Raises
    ------
    Unreadable : for anything else.
    """
    key = cell.lower().translate({ord(c): None for c in "-_ "})
    if key not in _SYNONYMS:
        raise Unreadable("micro or macro (me, mae and the like are read too)")
    return _SYNONYMS[key]


def _columns(typed: bool) -> tuple[Column, ...]:
    return (
        Column("subject", name, REQUIRED),
        Column("video", name, REQUIRED),
        Column("onset", any_frame, REQUIRED),
        Column("offset", any_frame, REQUIRED),
        Column("type", expression_type, REQUIRED if typed else ExpressionType.MICRO),
        Column("score", number_or_nan, float("nan"), plain_numbers),
        Column("emotion", lambda cell: text(cell).lower(), ""),
    )


def read_predictions(path: Path, *, typed: bool = True) -> tuple[Intervals, tuple[int, ...]]:
    """Read a predictions table.

    Parameters
    ----------
    path : the file.
    typed : whether the column `type` must be there; spot-then-recognise tables may lack it, their rows count as micro.

    Returns
    -------
    The intervals in file order, and the line of the file in which each of them stands.

    Raises
    ------
    UserError : when the file cannot be opened.
    InvalidTable : with every problem of the table.
    """
    table, problems = read_table(path, _columns(typed))
    problems += order_problems(table)
    refuse(problems)
    columns = dict(table.columns)
    columns["is_macro"] = [kind is ExpressionType.MACRO for kind in columns.pop("type")]
    return Intervals.from_columns(**columns), tuple(table.lines)


def order_problems(table: Table, *, open_offset: bool = False) -> list[Problem]:
    """Return the rows whose offset lies before the onset.

    Parameters
    ----------
    table : a table with the columns onset and offset; cells that could not be read hold None and are passed over.
    open_offset : whether an offset of 0 means that the annotation has none.
    """
    onsets, offsets = table.columns["onset"], table.columns["offset"]
    ends = enumerate(zip(onsets, offsets, strict=True))
    return [
        table.problem(row, "offset", f"a frame not before the onset {onset}", "offset_before_onset")
        for row, (onset, offset) in ends
        if onset is not None and offset is not None and offset < onset and not (open_offset and offset == 0)
    ]


def format_predictions(predictions: Intervals) -> str:
    """Return the CSV text of a table in canonical order; `score` and `emotion` only where any row has one."""
    table = predictions.sorted()
    columns = [
        table.subject.tolist(),
        table.video.tolist(),
        table.onset.tolist(),
        table.offset.tolist(),
        np.where(table.is_macro, "macro", "micro").tolist(),
    ]
    header = ["subject", "video", "onset", "offset", "type"]
    if np.isfinite(table.score).any():
        header.append("score")
        columns.append(["" if score != score else score for score in table.score.tolist()])
    if (table.emotion != "").any():
        header.append("emotion")
        columns.append(table.emotion.tolist())
    return format_table(header, zip(*columns, strict=True))


def write_predictions(predictions: Intervals, path: Path) -> None:
    """Write a predictions table, whole or not at all.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    write_atomic(path, format_predictions(predictions))
