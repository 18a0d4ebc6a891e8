"""The public lists of a challenge: which videos, clips or questions there are, without any truth.

videos.csv        subject,video,fps,n_frames                      spotting, spot-then-recognise
clips.csv         database,subject,clip                           recognition
questions.jsonl   {"video_id": ..., "video": ..., "question": ...}          questions and answers
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.protocols.base import Protocol
from mebench.protocols.rules.recognition import RecognitionProtocol
from mebench.schema.answers import Answers
from mebench.schema.clips import ClipTable
from mebench.schema.files import PUBLIC, write_atomic
from mebench.schema.json_text import parse_object
from mebench.schema.problems import refuse
from mebench.schema.tables import REQUIRED, Column, format_table, frame, name, positive, read_table
from mebench.schema.truth import Truth, VideoTable
from mebench.tasks.expected import Expected, Task

Rows = list[list[Any]]
"""Rows of JSON types, in the order of the columns above."""

FILES: dict[Task, str] = {
    "spotting": "videos.csv",
    "str": "videos.csv",
    "recognition": "clips.csv",
    "vqa": "questions.jsonl",
}
"""The file of the public list by task."""

_KEYS = ("video_id", "video", "question")
_VIDEO = (
    Column("subject", name, REQUIRED),
    Column("video", name, REQUIRED),
    Column("fps", positive, REQUIRED),
    Column("n_frames", frame, REQUIRED),
)
_CLIP = (Column("database", name, ""), Column("subject", name, REQUIRED), Column("clip", name, REQUIRED))
_COLUMNS = {"videos.csv": _VIDEO, "clips.csv": _CLIP}


def public_rows(truth: Truth | ClipTable | Answers) -> Rows:
    """Return what a truth says in public."""
    if isinstance(truth, ClipTable):
        return [list(clip.key) for clip in truth.clips]
    if isinstance(truth, Answers):
        return [[row.video_id, row.video, row.question] for row in sorted(truth.rows)]
    table = truth.videos
    columns = (table.subject, table.video, table.fps, table.n_frames)
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def expected(rows: Rows, protocol: Protocol) -> Expected:
    """Return the public lists that submissions are held against.

    Parameters
    ----------
    rows : as `public_rows` gives them.
    protocol : says what the rows are, and which classes there are.
    """
    if isinstance(protocol, RecognitionProtocol):
        return Expected(clips=tuple((base, subject, clip) for base, subject, clip in rows), emotions=protocol.classes)
    if protocol.task == "vqa":
        return Expected(questions=tuple((video_id, question) for video_id, _, question in rows))
    return Expected(videos=VideoTable.from_rows([(s, v, fps, n) for s, v, fps, n in rows]))


def write_rows(rows: Rows, task: Task, folder: Path) -> None:
    """Write the public list into a folder, whole or not at all.

    Raises
    ------
    UserError : when the folder cannot be written.
    """
    file = FILES[task]
    if columns := _COLUMNS.get(file):
        text = format_table([column.name for column in columns], rows)
    else:
        text = "".join(json.dumps(dict(zip(_KEYS, row, strict=True))) + "\n" for row in rows)
    write_atomic(folder / file, text, PUBLIC)


def read_rows(task: Task, folder: Path) -> Rows:
    """Read what `write_rows` has written.

    Raises
    ------
    UserError : when the file cannot be read.
    InvalidTable : with every problem of a table.
    """
    path = folder / FILES[task]
    if columns := _COLUMNS.get(path.name):
        table, problems = read_table(path, columns)
        refuse(problems)
        return [list(row) for row in zip(*(table.columns[column.name] for column in columns), strict=True)]
    try:
        # Not splitlines: a question may hold the other line breaks of Unicode.
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [[parse_object(line)[key] for key in _KEYS] for line in lines if line.strip()]
        if all(isinstance(value, str) for row in rows for value in row):
            return rows
    except (OSError, ValueError, KeyError):
        pass
    raise UserError(f"{path} cannot be read: take it from the folder that the organisers hand out.")
