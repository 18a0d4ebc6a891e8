"""Predictions as they were written, before their videos, clips or questions are known."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass
class SpottedRows:
    """Intervals as they were written, before their videos are known; a cell with a problem is None.

    Attributes
    ----------
    file, line : where each row stands.
    database : what the file's name or a heading says, empty where nothing does.
    subject : empty where the format names the video only.
    video, onset, offset : the interval.
    type : `micro` or `macro`, empty where the format has no types.
    score, emotion : NaN and empty where absent.
    """

    file: list[str] = dataclasses.field(default_factory=list)
    line: list[int] = dataclasses.field(default_factory=list)
    database: list[str] = dataclasses.field(default_factory=list)
    subject: list[str | None] = dataclasses.field(default_factory=list)
    video: list[str | None] = dataclasses.field(default_factory=list)
    onset: list[int | None] = dataclasses.field(default_factory=list)
    offset: list[int | None] = dataclasses.field(default_factory=list)
    type: list[str | None] = dataclasses.field(default_factory=list)
    score: list[float | None] = dataclasses.field(default_factory=list)
    emotion: list[str | None] = dataclasses.field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.line)

    def extend(self, other: SpottedRows) -> None:
        """Append the rows of another file."""
        for field in dataclasses.fields(self):
            getattr(self, field.name).extend(getattr(other, field.name))

    def pick(self, rows: Sequence[int]) -> SpottedRows:
        """Return some of the rows."""
        columns = (getattr(self, field.name) for field in dataclasses.fields(self))
        return SpottedRows(*([column[i] for i in rows] for column in columns))


@dataclasses.dataclass
class LabelRows:
    """Labels as they were written; a cell with a problem is None.

    Attributes
    ----------
    file, line : where each row stands.
    database, subject, clip : which clip; the database is empty where nothing says it.
    emotion : the label.
    probabilities : by class.
    """

    file: list[str] = dataclasses.field(default_factory=list)
    line: list[int] = dataclasses.field(default_factory=list)
    database: list[str | None] = dataclasses.field(default_factory=list)
    subject: list[str | None] = dataclasses.field(default_factory=list)
    clip: list[str | None] = dataclasses.field(default_factory=list)
    emotion: list[str | None] = dataclasses.field(default_factory=list)
    probabilities: dict[str, list[float | None]] = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.line)

    def append(self, file: str, line: int, clip: Sequence[str | None], label: str | None) -> None:
        """Append one row; `clip` is its database, subject and name."""
        self.file.append(file)
        self.line.append(line)
        self.database.append(clip[0])
        self.subject.append(clip[1])
        self.clip.append(clip[2])
        self.emotion.append(label)


@dataclasses.dataclass
class AnswerRows:
    """Answers as they were written; only rows without problems.

    Attributes
    ----------
    file, line : where each row stands.
    video_id, video, question, answer : the four texts.
    """

    file: list[str] = dataclasses.field(default_factory=list)
    line: list[int] = dataclasses.field(default_factory=list)
    video_id: list[str] = dataclasses.field(default_factory=list)
    video: list[str] = dataclasses.field(default_factory=list)
    question: list[str] = dataclasses.field(default_factory=list)
    answer: list[str] = dataclasses.field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of answers."""
        return len(self.line)

    def extend(self, other: AnswerRows) -> None:
        """Append the rows of another file."""
        for field in dataclasses.fields(self):
            getattr(self, field.name).extend(getattr(other, field.name))


@dataclasses.dataclass(frozen=True, slots=True)
class LogAssertion:
    """What a log says about the truth.

    Attributes
    ----------
    file, line : where it stands.
    database, video : of which video.
    onset, offset : the interval that is said to be true.
    """

    file: str
    line: int
    database: str
    video: str
    onset: int
    offset: int
