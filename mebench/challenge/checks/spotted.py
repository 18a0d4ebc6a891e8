"""Whether spotted intervals fit the challenge: known videos, ends in order, nothing twice.

Conventions
-----------
A video without any predicted interval is no error (nothing was found there) and gets a note, and so do intervals that
reach outside their video. Where a format has no types, an interval is a micro-expression, or its duration tells: at
most 0.5 s is micro (thesis section 2.1). Rows are looked at one by one only where a quick look finds something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.ids import IdIndex, Key
from mebench.challenge.checks.resolver import Place, Resolver, check_emotion, is_repeated
from mebench.challenge.checks.rows import SpottedRows
from mebench.metrics.outside import outside_of
from mebench.schema.intervals import Intervals
from mebench.tasks.expected import Expected

_LONGEST_MICRO_SECONDS = 0.5
_FPS = {"samm": 200.0, "cas": 30.0}
"""Frame rates of the two databases, for logs that are read without a list of videos."""


class SpottedChecks:
    """Holds the intervals of one file after the other against the public lists.

    Parameters
    ----------
    expected : the public lists.
    findings : gets the problems and notes.
    """

    def __init__(self, expected: Expected, findings: Findings) -> None:
        videos = expected.videos
        self._expected, self._findings = expected, findings
        self._resolver = Resolver(videos.keys() if videos is not None else None, "video", findings)
        self._lengths = videos.n_frames.tolist() if videos is not None else []
        self._seen: dict[tuple[object, ...], Place] = {}
        self._kept = SpottedRows()
        self._keys: list[Key] = []

    def add(self, rows: SpottedRows) -> None:
        """Add the problems of more intervals, and keep those that have none."""
        if (keys := self._keys_of_all(rows)) is not None:
            self._keys += keys
            self._kept.extend(rows)
            return
        found = [(i, key) for i in range(len(rows)) if (key := self._key(rows, i)) is not None]
        self._keys += [key for _, key in found]
        self._kept.extend(rows.pick([i for i, _ in found]))

    def result(self) -> tuple[Intervals, tuple[Place, ...]]:
        """Return the intervals without problems under the challenge's ids, and the place of each."""
        index = self._resolver.index
        if index and self._keys:
            _note_empty(index.keys, self._keys, self._findings)
            self._note_outside(index)
        places = tuple(zip(self._kept.file, self._kept.line, strict=True))
        return _intervals(self._kept, self._keys, self._expected, self._findings), places

    def _note_outside(self, index: IdIndex) -> None:
        """Tell of intervals that begin before the first frame or end after the last."""
        number = {key: row for row, key in enumerate(index.keys)}
        last = np.array(self._lengths, np.int64)[[number[key] for key in self._keys]]
        onset, offset = np.array(self._kept.onset, np.int64), np.array(self._kept.offset, np.int64)
        note = outside_of(onset, offset, last).sentence("prediction", "predictions", self._expected.outside)
        if not note:
            return
        if (onset == 0).any():
            note += " (where frames count from 0, say first_frame = 0)"
        for row in np.flatnonzero((onset < 1) | (offset > last)).tolist():
            self._findings.note(note, f"{self._kept.file[row]}:{self._kept.line[row]}")

    def _keys_of_all(self, rows: SpottedRows) -> list[Any] | None:
        """Return the video of every interval where no row has a problem, else None; adds no problem."""
        columns = (rows.subject, rows.video, rows.onset, rows.offset, rows.type, rows.score, rows.emotion)
        if not len(rows) or any(None in column for column in columns):
            return None
        if (np.array(rows.offset) < np.array(rows.onset)).any() or not self._has_emotions(rows):
            return None
        asked: list[Any] = list(zip(rows.database, rows.subject, rows.video, strict=True))
        known = {one: self._found(*one) for one in dict.fromkeys(asked)}
        if None in known.values():
            return None
        keys = [known[one] for one in asked]
        ends = zip(keys, rows.onset, rows.offset, rows.type, strict=True)
        intervals = [(*key, onset, offset, kind) for key, onset, offset, kind in ends]
        seen = dict(zip(intervals, zip(rows.file, rows.line, strict=True), strict=True))
        if len(seen) < len(rows) or not self._seen.keys().isdisjoint(seen):
            return None
        for one, key in known.items():
            if one[1:] != key:
                self._resolver.note(*one)
        self._seen.update(seen)
        return keys

    def _has_emotions(self, rows: SpottedRows) -> bool:
        allowed = self._expected.emotions
        return allowed is None or set(rows.emotion) <= {"", *allowed}

    def _found(self, database: str, subject: str, video: str) -> Any:
        """Return the video that an id means, or None where it has to be looked at."""
        index = self._resolver.index
        if index is None:
            return (subject, video) if subject else None
        row = index.find(database, subject, video).row
        return index.keys[row] if row >= 0 else None

    def _key(self, rows: SpottedRows, i: int) -> Key | None:
        """Return the video of one interval under the challenge's ids, or None after adding its problems."""
        place, findings, index = (rows.file[i], rows.line[i]), self._findings, self._resolver.index
        subject, video = rows.subject[i], rows.video[i]
        if subject is None or video is None:
            _check_order(rows, i, findings)
            return None
        row = self._resolver.row(place, rows.database[i], subject, video) if index else -1
        key = index.keys[row] if index and row >= 0 else _own_key(subject, video, findings)
        fits = _check_order(rows, i, findings)
        fits &= check_emotion(place, rows.emotion[i], self._expected, findings)
        fits &= rows.type[i] is not None and rows.score[i] is not None
        interval = (*key, rows.onset[i], rows.offset[i], rows.type[i])
        if not fits or is_repeated(interval, place, self._seen, "interval", findings):
            return None
        return key if row >= 0 or not index else None


def _own_key(subject: str, video: str, findings: Findings) -> Key:
    """Return the ids as they are written; a subject that the format leaves out is what the video's id begins with."""
    if subject:
        return subject, video
    findings.note("subjects were taken from the video ids, for there is no list of videos")
    return video.partition("_")[0] or video, video


def _check_order(rows: SpottedRows, i: int, findings: Findings) -> bool:
    """Tell whether an interval has both ends and does not end before it begins."""
    onset, offset = rows.onset[i], rows.offset[i]
    if onset is None or offset is None:
        return False
    if offset < onset:
        place = (rows.file[i], rows.line[i])
        findings.problem(*place, "offset", f"a frame not before the onset {onset}", offset, "offset_before_onset")
    return offset >= onset


def _note_empty(known: Sequence[Key], keys: Sequence[Key], findings: Findings) -> None:
    predicted = set(keys)
    for key in known:
        if key not in predicted:
            findings.note("no interval was predicted in some videos, which count all the same", "/".join(key))


def _intervals(rows: SpottedRows, keys: Sequence[Key], expected: Expected, findings: Findings) -> Intervals:
    if not keys:
        return Intervals.empty()
    names = ("onset", "offset", "score", "emotion")
    columns: dict[str, Any] = {name: getattr(rows, name) for name in names}
    return Intervals.from_columns(
        subject=[subject for subject, _ in keys],
        video=[video for _, video in keys],
        is_macro=_types(rows, keys, expected, findings),
        **columns,
    )


def _types(rows: SpottedRows, keys: Sequence[Key], expected: Expected, findings: Findings) -> NDArray[np.bool_]:
    """Return which intervals are macro-expressions, by their duration where the format has no types."""
    macro = np.array([kind == "macro" for kind in rows.type])
    untyped = [i for i, kind in enumerate(rows.type) if not kind]
    if not untyped:
        return macro
    if expected.untyped == "micro":
        findings.note("intervals without a type count as micro-expressions")
        return macro
    findings.note(f"intervals without a type count as micro-expressions up to {_LONGEST_MICRO_SECONDS} s")
    videos = expected.videos
    rates = dict(zip(videos.keys(), videos.fps.tolist(), strict=True)) if videos is not None else {}
    for i in untyped:
        fps = rates.get(keys[i]) or _FPS.get(rows.database[i])
        length = (rows.offset[i] or 0) - (rows.onset[i] or 0) + 1
        macro[i] = fps is not None and length / fps > _LONGEST_MICRO_SECONDS
    return macro
