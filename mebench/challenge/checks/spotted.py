"""Whether spotted intervals fit the challenge: known videos, frames within them, nothing twice.

Conventions
-----------
A video without any predicted interval is no error (nothing was found there) and gets a note. Where a format has no
types, an interval is a micro-expression, or its duration tells: at most 0.5 s is micro (thesis section 2.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.ids import Key
from mebench.challenge.checks.resolver import Place, Resolver, check_emotion, is_repeated
from mebench.challenge.checks.rows import SpottedRows
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
        found = [(i, key) for i in range(len(rows)) if (key := self._key(rows, i)) is not None]
        self._keys += [key for _, key in found]
        self._kept.extend(rows.pick([i for i, _ in found]))

    def result(self) -> tuple[Intervals, tuple[Place, ...]]:
        """Return the intervals without problems under the challenge's ids, and the place of each."""
        index = self._resolver.index
        if index and self._keys:
            _note_empty(index.keys, self._keys, self._findings)
        places = tuple(zip(self._kept.file, self._kept.line, strict=True))
        return _intervals(self._kept, self._keys, self._expected, self._findings), places

    def _key(self, rows: SpottedRows, i: int) -> Key | None:
        """Return the video of one interval under the challenge's ids, or None after adding its problems."""
        place, findings, index = (rows.file[i], rows.line[i]), self._findings, self._resolver.index
        subject, video = rows.subject[i], rows.video[i]
        if subject is None or video is None:
            _check_order(rows, i, None, findings)
            return None
        row = self._resolver.row(place, rows.database[i], subject, video) if index else -1
        key = index.keys[row] if index and row >= 0 else _own_key(subject, video, findings)
        fits = _check_order(rows, i, self._lengths[row] if row >= 0 else None, findings)
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


def _check_order(rows: SpottedRows, i: int, length: int | None, findings: Findings) -> bool:
    """Tell whether an interval begins at 1 or later, does not end before it begins, and ends within the video."""
    onset, offset = rows.onset[i], rows.offset[i]
    place = (rows.file[i], rows.line[i])
    fits = onset is not None and offset is not None
    if onset == 0:
        findings.problem(*place, "onset", "a frame number from 1", onset, "onset_zero")
        fits = False
    if onset is not None and offset is not None and offset < onset:
        findings.problem(*place, "offset", f"a frame not before the onset {onset}", offset, "offset_before_onset")
        fits = False
    last = max(onset or 0, offset or 0)
    if length is not None and last > length:
        column = "offset" if (offset or 0) > length else "onset"
        findings.problem(*place, column, f"at most {length}, the video's last frame", last, "past_the_end")
        fits = False
    return fits


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
