"""The truth that predictions are graded against: `events.csv`, `videos.csv` and, for its name, `truth.json`.

Conventions
-----------
Every scored video stands in `videos.csv`, those without events included: a false positive there counts. Where the
videos of several datasets are pooled, subjects are *qualified*: `samm_lv/006`. In events an offset or apex of 0 means
that the annotation has none; an onset of 0, or an offset after the last frame, is kept as it is written, and the
convention says whether it is clipped (tables that mebench writes of a dataset hold what its policies made of it).
Digests are of the canonical text, so the order of rows does not matter.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.schema.files import read_bounded, write_atomic
from mebench.schema.intervals import Intervals
from mebench.schema.json_text import parse_object
from mebench.schema.people import Person
from mebench.schema.predictions import expression_type, order_problems
from mebench.schema.problems import Problem, refuse
from mebench.schema.recordings import ExpressionType, Video
from mebench.schema.tables import REQUIRED, Column, Table, format_table, frame, name, positive, read_table, text


@dataclasses.dataclass(frozen=True, eq=False)
class VideoTable:
    """The scored videos, sorted by subject and video; every attribute has shape (n,).

    Attributes
    ----------
    subject, video : ids; the pair is unique.
    fps : frames per second, float64.
    n_frames : number of frames, int64.
    """

    subject: NDArray[np.str_]
    video: NDArray[np.str_]
    fps: NDArray[np.float64]
    n_frames: NDArray[np.int64]

    @classmethod
    def from_rows(cls, rows: Sequence[tuple[str, str, float, int]]) -> VideoTable:
        """Make a table of (subject, video, fps, n_frames) rows in any order.

        Raises
        ------
        ValueError : when a video stands there twice.
        """
        ordered = sorted(rows)
        keys = [row[:2] for row in ordered]
        if len(set(keys)) < len(keys):
            raise ValueError("a video is listed twice")
        columns = list(zip(*ordered, strict=True)) or [()] * 4
        dtypes: tuple[Any, ...] = (np.str_, np.str_, np.float64, np.int64)
        return cls(*(np.array(column, dtype) for column, dtype in zip(columns, dtypes, strict=True)))

    def __len__(self) -> int:
        """Return the number of videos."""
        return len(self.video)

    def keys(self) -> list[tuple[str, str]]:
        """Return the (subject, video) pairs."""
        return list(zip(self.subject.tolist(), self.video.tolist(), strict=True))

    def subjects(self) -> tuple[str, ...]:
        """Return the subjects, sorted, each once."""
        return tuple(dict.fromkeys(self.subject.tolist()))


@dataclasses.dataclass(frozen=True)
class TruthCounts:
    """How much a truth holds: what tells an official set from another."""

    videos: int
    macro: int
    micro: int


@dataclasses.dataclass(frozen=True, eq=False)
class Truth:
    """Annotated events of a list of videos.

    Attributes
    ----------
    events : the annotated events.
    videos : every scored video.
    dataset : id of the dataset, those of several joined by `+`.
    """

    events: Intervals
    videos: VideoTable
    dataset: str = ""

    @classmethod
    def from_videos(cls, videos: Sequence[Video]) -> Truth:
        """Gather the truth of videos; subjects are qualified when the videos come from several datasets.

        Raises
        ------
        ValueError : when a video is listed twice.
        """
        return cls.of_named(qualified(videos))

    @classmethod
    def of_named(cls, named: Sequence[Video]) -> Truth:
        """Gather the truth of videos whose subjects are qualified already where they have to be.

        Raises
        ------
        ValueError : when a video is listed twice.
        """
        events = Intervals.concat(Intervals.from_events(v.subject, v.id, v.events) for v in named)
        table = VideoTable.from_rows([(v.subject, v.id, v.fps, v.n_frames) for v in named])
        return cls(events.sorted(), table, "+".join(sorted({v.dataset for v in named})))

    @classmethod
    def read(cls, directory: Path) -> Truth:
        """Read `events.csv`, `videos.csv` and, where it is there, `truth.json` of a folder.

        Raises
        ------
        UserError : when a file is missing.
        InvalidTable : with every problem of both tables.
        """
        if not directory.is_dir():
            raise UserError(
                f"The folder {directory} does not exist: give the folder that holds events.csv and videos.csv."
            )
        videos, problems = read_table(directory / "videos.csv", VIDEO_COLUMNS)
        events, event_problems = read_table(directory / "events.csv", _EVENT_COLUMNS)
        problems += event_problems + order_problems(events, open_offset=True) + _video_problems(events, videos)
        refuse(problems)
        columns = dict(events.columns)
        columns["is_macro"] = [kind is ExpressionType.MACRO for kind in columns.pop("type")]
        rows = list(zip(*(videos.columns[c.name] for c in VIDEO_COLUMNS), strict=True))
        return cls(Intervals.from_columns(**columns).sorted(), VideoTable.from_rows(rows), read_name(directory))

    def write(self, directory: Path) -> None:
        """Write `events.csv`, `videos.csv` and `truth.json`, each whole or not at all.

        Raises
        ------
        UserError : when the folder cannot be written.
        """
        events, videos = self.texts()
        write_atomic(directory / "events.csv", events)
        write_atomic(directory / "videos.csv", videos)
        write_name(directory, self.dataset)

    def texts(self) -> tuple[str, str]:
        """Return the canonical texts of `events.csv` and `videos.csv`."""
        events = self.events.sorted()
        types = np.where(events.is_macro, "macro", "micro")
        columns = (events.subject, events.video, events.onset, _blank(events.apex), events.offset, types)
        rest = (events.emotion, events.action_units)
        event_rows = zip(*(column.tolist() for column in (*columns, *rest)), strict=True)
        videos = self.videos
        video_rows = zip(
            videos.subject.tolist(), videos.video.tolist(), videos.fps.tolist(), videos.n_frames.tolist(), strict=True
        )
        return (
            format_table([c.name for c in _EVENT_COLUMNS], event_rows),
            format_table([c.name for c in VIDEO_COLUMNS], video_rows),
        )

    def digest(self) -> str:
        """Sha256 hex digest of the canonical texts; it does not depend on the order of rows or on the name."""
        return hashlib.sha256("\n".join(self.texts()).encode()).hexdigest()

    def counts(self) -> TruthCounts:
        """Count videos and events of either type."""
        macro = int(self.events.is_macro.sum())
        return TruthCounts(len(self.videos), macro, len(self.events) - macro)

    def datasets(self) -> tuple[str, ...]:
        """Return the ids of the datasets that are pooled here, at least one."""
        return tuple(self.dataset.split("+"))


def qualified(videos: Sequence[Video]) -> list[Video]:
    """Return the videos with subjects written `dataset/subject` when they come from several datasets."""
    if len({video.dataset for video in videos}) < 2:
        return list(videos)
    return [dataclasses.replace(video, subject=str(Person(video.dataset, video.subject))) for video in videos]


def _emotion(cell: str) -> str:
    return text(cell).lower()


def _apex(cell: str) -> int:
    return frame(cell) if cell else 0


_EVENT_COLUMNS = (
    Column("subject", name, REQUIRED),
    Column("video", name, REQUIRED),
    Column("onset", frame, REQUIRED),
    Column("apex", _apex, 0),
    Column("offset", frame, REQUIRED),
    Column("type", expression_type, REQUIRED),
    Column("emotion", _emotion, ""),
    Column("action_units", text, ""),
)
VIDEO_COLUMNS = (
    Column("subject", name, REQUIRED),
    Column("video", name, REQUIRED),
    Column("fps", positive, REQUIRED),
    Column("n_frames", frame, REQUIRED),
)


def _blank(frames: NDArray[np.int64]) -> NDArray[Any]:
    """Write 0 as an empty cell."""
    return np.where(frames == 0, "", frames.astype(np.str_))


def _video_problems(events: Table, videos: Table) -> list[Problem]:
    """Return videos that are listed twice and events of videos that are not listed."""
    keys = list(zip(videos.columns["subject"], videos.columns["video"], strict=True))
    seen: set[tuple[str, str]] = set()
    problems = []
    for row, key in enumerate(keys):
        if key in seen:
            problems.append(videos.problem(row, "video", "each video once", "twice"))
        seen.add(key)
    for row, key in enumerate(zip(events.columns["subject"], events.columns["video"], strict=True)):
        if key not in seen and None not in key:
            problems.append(events.problem(row, "video", "a video of videos.csv", "unknown_video", "/".join(key)))
    return problems


def write_name(directory: Path, dataset: str) -> None:
    """Write `truth.json`, which `read_name` reads, whole or not at all.

    Raises
    ------
    UserError : when the folder cannot be written.
    """
    write_atomic(directory / "truth.json", json.dumps({"dataset": dataset}) + "\n")


def read_name(directory: Path) -> str:
    """Return the dataset that `truth.json` of a folder names, or the name of the folder.

    Raises
    ------
    UserError : when `truth.json` is there and names none.
    """
    path = directory / "truth.json"
    if not path.exists():
        return directory.resolve().name
    try:
        found = parse_object(read_bounded(path))["dataset"]
        if isinstance(found, str):
            return found
    except (OSError, ValueError, KeyError):
        pass
    raise UserError(f'{path} must read {{"dataset": "..."}}: mend or remove it.')
