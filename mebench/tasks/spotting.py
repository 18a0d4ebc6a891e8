"""Spotting: intervals with a type, in long videos that are all scored.

events.csv         subject,video,onset,apex,offset,type,emotion,action_units
videos.csv         subject,video,fps,n_frames
predictions.csv    subject,video,onset,offset,type[,score][,emotion]
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.metrics.intervals import video_index
from mebench.metrics.outside import outside_of
from mebench.schema.intervals import Intervals
from mebench.schema.people import joined
from mebench.schema.predictions import read_predictions, write_predictions
from mebench.schema.recordings import Video
from mebench.schema.tables import Column
from mebench.schema.truth import VIDEO_COLUMNS, Truth, VideoTable
from mebench.tasks.base import R, Rows, Task
from mebench.tasks.expected import Expected
from mebench.tasks.strict_form import (
    column,
    is_flag,
    is_frame,
    is_name,
    is_number,
    object_of,
    require,
    with_nan,
    without_nan,
)

_PLAIN = {
    "subject": is_name,
    "video": is_name,
    "onset": is_frame,
    "offset": is_frame,
    "is_macro": is_flag,
    "score": is_number,
    "emotion": is_name,
}


class Spotting(Task[Truth, Intervals]):
    """Find onset and offset of every macro- and micro-expression."""

    id = "spotting"
    title = "spotting"
    item = "video"
    items = "videos"
    truth_files = ("events.csv", "videos.csv")
    item_form = "subject/video"
    truth_words = "events.csv and videos.csv"
    truth_example = (
        "events.csv: subject,video,onset,apex,offset,type,emotion,action_units\n"
        "videos.csv: subject,video,fps,n_frames (every scored video, those without events included)"
    )
    suffixes = (".csv", ".tsv", ".txt", ".log")
    public_file = "videos.csv"
    public_columns: ClassVar[tuple[Column, ...]] = VIDEO_COLUMNS
    convention: ClassVar[type[Convention]] = SpottingConvention
    columns: ClassVar[tuple[str, ...]] = ("f1", "precision", "recall", "frame_f1", "auc")
    protocols = ("megc2020-spotting", "megc2021-spotting", "megc2022-spotting")
    recordings = "videos"
    typed: ClassVar[bool] = True

    def truth_of(self, recordings: Sequence[Video]) -> Truth:
        """Return the events of videos; see `Task.truth_of`."""
        return Truth.of_named(recordings)

    def named(self, recording: R, *, several: bool) -> R:
        """Return a video whose subject is written `dataset/subject` where several datasets are tested."""
        return dataclasses.replace(recording, subject=str(recording.person)) if several else recording

    def size(self, truth: Truth) -> dict[str, int]:
        """Return the number of videos and of their frames."""
        return {"videos": len(truth.videos), "frames": int(truth.videos.n_frames.sum())}

    def notes(self, truth: Truth, outside: str) -> tuple[str, ...]:
        """Tell of events that reach outside their video; an offset of 0 is none."""
        events, videos = truth.events, truth.videos
        last = videos.n_frames[video_index(events, videos)]
        found = outside_of(events.onset, np.where(events.offset == 0, events.onset, events.offset), last)
        return tuple(filter(None, (found.sentence("event of the truth", "events of the truth", outside),)))

    def facts(self, truth: Truth) -> dict[str, tuple[tuple[object, ...], tuple[object, ...]]]:
        """Return length and frame rate, and the events, of every video."""
        videos = truth.videos
        events: dict[str, list[object]] = {}
        for row in truth.events.rows():
            what = (row.onset, row.apex, row.offset, str(row.type), row.emotion, row.action_units)
            events.setdefault(joined(row.subject, row.video), []).append(what)
        rows = zip(self.names(truth), videos.n_frames.tolist(), videos.fps.tolist(), strict=True)
        return {name: ((n, fps), tuple(events.get(name, ()))) for name, n, fps in rows}

    def read_truth(self, folder: Path) -> Truth:
        """Read `events.csv` and `videos.csv`; see `Task.read_truth`."""
        return Truth.read(folder)

    def read_predictions(self, path: Path, classes: Sequence[str] = ()) -> tuple[Intervals, Sequence[int]]:
        """Read a table of intervals; see `Task.read_predictions`."""
        return read_predictions(path, typed=self.typed)

    def write_predictions(self, predictions: Intervals, path: Path) -> None:
        """Write a table of intervals; see `Task.write_predictions`."""
        write_predictions(predictions, path)

    def pool(self, parts: Iterable[Intervals]) -> Intervals:
        """Return all intervals, sorted; see `Task.pool`."""
        return Intervals.concat(parts).sorted()

    def names(self, truth: Truth) -> list[str]:
        """Return the videos, `subject/video`; see `Task.names`."""
        return [joined(*key) for key in truth.videos.keys()]  # noqa: SIM118  no mapping

    def restrict(self, truth: Truth, names: Collection[str]) -> Truth:
        """Return the truth of some videos."""
        rows = [i for i, name in enumerate(self.names(truth)) if name in names]
        table = truth.videos
        videos = VideoTable(table.subject[rows], table.video[rows], table.fps[rows], table.n_frames[rows])
        return dataclasses.replace(truth, events=self.restrict_predictions(truth.events, names), videos=videos)

    def restrict_predictions(self, predictions: Intervals, names: Collection[str]) -> Intervals:
        """Return the intervals of some videos."""
        pairs = zip(predictions.subject.tolist(), predictions.video.tolist(), strict=True)
        return predictions.select(np.array([joined(*pair) in names for pair in pairs], dtype=bool))

    def text(self, truth: Truth) -> str:
        """Return the text of `events.csv`."""
        return truth.texts()[0]

    def public_rows(self, truth: Truth) -> Rows:
        """Return subject, video, frames per second and length of every video."""
        table = truth.videos
        columns = (table.subject, table.video, table.fps, table.n_frames)
        return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def expected(self, rows: Rows, classes: Sequence[str] = ()) -> Expected:
        """Return the videos; see `Task.expected`."""
        videos = VideoTable.from_rows([(s, v, fps, n) for s, v, fps, n in rows])
        return Expected(videos=videos)

    def plain(self, predictions: Intervals) -> dict[str, Any]:
        """Return the columns; see `Task.plain`."""
        columns = {name: getattr(predictions, name).tolist() for name in _PLAIN}
        return {**columns, "score": list(map(without_nan, columns["score"]))}

    def from_plain(self, raw: Any) -> Intervals:
        """Return the intervals of columns; see `Task.from_plain`."""
        columns = object_of(raw, tuple(_PLAIN))
        read = {name: column(columns[name], check) for name, check in _PLAIN.items()}
        require(len({len(values) for values in read.values()}) == 1)
        return Intervals.from_columns(**{**read, "score": list(map(with_nan, read["score"]))})
