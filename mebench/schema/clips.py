"""The truth of recognition: a list of clips, each with its emotion.

    database,subject,clip[,onset,apex,offset],emotion[,action_units]            clips.csv

Conventions
-----------
A subject is one of its database: the pair `database/subject` is who is left out, so subject 6 of two databases is two
people. Frame numbers are 1-based and inclusive; 0 means none. The official composite list of MEGC2019 has no header and
numbers its classes; it is read as it is and never recomputed from the emotions of the databases.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mebench.errors import UserError
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.files import write_atomic
from mebench.schema.people import Person
from mebench.schema.problems import refuse
from mebench.schema.recordings import Clip
from mebench.schema.tables import (
    REQUIRED,
    Column,
    Unreadable,
    format_table,
    frame,
    name,
    read_table,
    repeated,
    text,
)
from mebench.schema.truth import read_name, write_name

COMPOSITE = "combined_3class_gt.csv"
"""Name of the official composite list of MEGC2019."""


class ClipRow(NamedTuple):
    """One clip; `emotion` is in lower case, frames are 0 and action units empty where absent."""

    database: str
    subject: str
    clip: str
    emotion: str
    onset: int = 0
    apex: int = 0
    offset: int = 0
    action_units: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the clip: database, subject, clip."""
        return self[:3]

    @property
    def person(self) -> str:
        """The qualified subject, `database/subject`; the subject alone where no database is named."""
        return str(Person(self.database, self.subject))


@dataclasses.dataclass(frozen=True)
class ClipTable:
    """Every clip of a truth, sorted by its key.

    Attributes
    ----------
    clips : the clips; each key is there once.
    dataset : id of the whole, such as `megc2019`.
    """

    clips: tuple[ClipRow, ...]
    dataset: str = ""

    @classmethod
    def from_rows(cls, rows: Sequence[ClipRow], dataset: str = "") -> ClipTable:
        """Gather clips in any order.

        Raises
        ------
        ValueError : when a clip is listed twice.
        """
        ordered = tuple(sorted(rows))
        if len({clip.key for clip in ordered}) < len(ordered):
            raise ValueError("a clip is listed twice")
        return cls(ordered, dataset)

    @classmethod
    def read(cls, directory: Path) -> ClipTable:
        """Read `clips.csv`, or the official `combined_3class_gt.csv`, of a folder.

        Raises
        ------
        UserError : when neither file is there.
        InvalidTable : with every problem of the table.
        """
        own, official = directory / "clips.csv", directory / COMPOSITE
        if own.exists():
            table, problems = read_table(own, _COLUMNS)
        elif official.exists():
            table, problems = read_table(official, _COMPOSITE_COLUMNS, header=_COMPOSITE_HEADER)
        else:
            raise UserError(f"{directory} has no clips.csv: give the folder that holds it, or {COMPOSITE}.")
        refuse(problems + repeated(table, ("database", "subject", "clip")))
        rows = zip(*(table.columns[field] for field in ClipRow._fields), strict=True)
        return cls.from_rows([ClipRow(*row) for row in rows], read_name(directory))

    def write(self, directory: Path) -> None:
        """Write `clips.csv` and `truth.json`, each whole or not at all.

        Raises
        ------
        UserError : when the folder cannot be written.
        """
        write_atomic(directory / "clips.csv", self.text())
        write_name(directory, self.dataset)

    def text(self) -> str:
        """Return the canonical text of `clips.csv`."""
        header = [column.name for column in _COLUMNS]
        rows = ([getattr(clip, field) for field in header] for clip in sorted(self.clips))
        return format_table(header, rows)

    def digest(self) -> str:
        """Sha256 hex digest of the canonical text."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def databases(self) -> tuple[str, ...]:
        """Return the databases, sorted, each once."""
        return tuple(sorted({clip.database for clip in self.clips}))

    def subjects(self) -> tuple[str, ...]:
        """Return the qualified subjects, sorted, each once: the folds of leave-one-subject-out."""
        return tuple(sorted({clip.person for clip in self.clips}))


def clip_table(clips: Sequence[Clip]) -> ClipTable:
    """Return the truth of clips; a clip that names no database is of the one that its dataset is.

    Raises
    ------
    ValueError : when a clip is listed twice.
    """
    rows = [
        ClipRow(c.database or c.dataset, c.subject, c.id, c.emotion, c.onset, c.apex, c.offset, c.action_units)
        for c in clips
    ]
    return ClipTable.from_rows(rows, "+".join(sorted({clip.dataset for clip in clips})))


def emotion(cell: str) -> str:
    """Return a cell as an emotion in lower case, which may not be empty."""
    if not cell:
        raise Unreadable("an emotion")
    return text(cell).lower()


def _numbered(cell: str) -> str:
    if cell not in ("0", "1", "2"):
        raise Unreadable("a class: 0 negative, 1 positive, 2 surprise")
    return COMPOSITE_CLASSES[int(cell)]


def _blank_frame(cell: str) -> int:
    return frame(cell) if cell else 0


_COLUMNS = (
    Column("database", name, REQUIRED),
    Column("subject", name, REQUIRED),
    Column("clip", name, REQUIRED),
    Column("onset", _blank_frame, 0),
    Column("apex", _blank_frame, 0),
    Column("offset", _blank_frame, 0),
    Column("emotion", emotion, REQUIRED),
    Column("action_units", text, ""),
)
_COMPOSITE_HEADER = ("database", "subject", "clip", "emotion")
_COMPOSITE_COLUMNS = tuple(
    dataclasses.replace(column, read=_numbered) if column.name == "emotion" else column for column in _COLUMNS
)
