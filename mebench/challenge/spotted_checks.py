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

from mebench.challenge.findings import Findings
from mebench.challenge.formats.log import FPS
from mebench.challenge.formats.spotted import SpottedRows
from mebench.challenge.ids import Key
from mebench.challenge.shared_checks import Place, Resolver, check_emotion, is_repeated
from mebench.schema.intervals import Intervals
from mebench.tasks.expected import Expected

_LONGEST_MICRO_SECONDS = 0.5


def check_spotted(rows: SpottedRows, expected: Expected, findings: Findings) -> tuple[Intervals, tuple[Place, ...]]:
    """Add the problems of intervals.

    Returns
    -------
    The intervals without problems under the challenge's ids, and the place of each.
    """
    videos = expected.videos
    resolver = Resolver(videos.keys() if videos is not None else None, "video", findings)
    lengths = videos.n_frames.tolist() if videos is not None else []
    seen: dict[tuple[object, ...], Place] = {}
    kept, keys = [], []
    for i in range(len(rows)):
        place = (rows.file[i], rows.line[i])
        subject, video = rows.subject[i], rows.video[i]
        if subject is None or video is None:
            _check_order(rows, i, None, findings)
            continue
        row = resolver.row(place, rows.database[i], subject, video) if resolver.index else -1
        key = resolver.index.keys[row] if resolver.index and row >= 0 else _own_key(subject, video, findings)
        fits = _check_order(rows, i, lengths[row] if row >= 0 else None, findings)
        fits &= check_emotion(place, rows.emotion[i], expected, findings)
        interval = (*key, rows.onset[i], rows.offset[i], rows.type[i])
        fits &= rows.type[i] is not None and rows.score[i] is not None
        if fits and not is_repeated(interval, place, seen, "interval", findings) and (row >= 0 or not resolver.index):
            kept.append(i)
            keys.append(key)
    if resolver.index and keys:
        _note_empty(resolver.index.keys, keys, findings)
    return _intervals(rows, kept, keys, expected, findings), tuple((rows.file[i], rows.line[i]) for i in kept)


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


def _intervals(
    rows: SpottedRows, kept: Sequence[int], keys: Sequence[Key], expected: Expected, findings: Findings
) -> Intervals:
    if not kept:
        return Intervals.empty()
    names = ("onset", "offset", "score", "emotion")
    columns: dict[str, Any] = {name: [getattr(rows, name)[i] for i in kept] for name in names}
    return Intervals.from_columns(
        subject=[subject for subject, _ in keys],
        video=[video for _, video in keys],
        is_macro=_types(rows, kept, keys, expected, findings),
        **columns,
    )


def _types(
    rows: SpottedRows, kept: Sequence[int], keys: Sequence[Key], expected: Expected, findings: Findings
) -> NDArray[np.bool_]:
    """Return which intervals are macro-expressions, by their duration where the format has no types."""
    macro = np.array([rows.type[i] == "macro" for i in kept])
    untyped = [j for j, i in enumerate(kept) if not rows.type[i]]
    if not untyped:
        return macro
    if expected.untyped == "micro":
        findings.note("intervals without a type count as micro-expressions")
        return macro
    findings.note(f"intervals without a type count as micro-expressions up to {_LONGEST_MICRO_SECONDS} s")
    videos = expected.videos
    rates = dict(zip(videos.keys(), videos.fps.tolist(), strict=True)) if videos is not None else {}
    for j in untyped:
        i = kept[j]
        fps = rates.get(keys[j]) or FPS.get(rows.database[i])
        length = (rows.offset[i] or 0) - (rows.onset[i] or 0) + 1
        macro[j] = fps is not None and length / fps > _LONGEST_MICRO_SECONDS
    return macro
