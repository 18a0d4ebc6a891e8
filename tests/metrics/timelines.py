"""ASCII timelines to intervals: one character a frame, `[AA]` from bracket to bracket, both inclusive.

The first line of a case is the truth. Upper-case letters inside brackets are macro-expressions, lower-case are micro:

    truth      [AAAA]   [b]
    predicted   [AAA]  [b]
"""

from __future__ import annotations

import re

from mebench.schema.intervals import Intervals
from mebench.schema.truth import VideoTable

EVENT = re.compile(r"\[([A-Za-z]*)\]|\|")


def line(text, subject="s", video="v", scores=()):
    """Return the intervals of one line; column 0 is frame 1, `|` is an event of one frame."""
    rows = []
    for found in EVENT.finditer(text):
        letters = found.group(1) or "m"
        kind = "macro" if letters[0].isupper() else "micro"
        rows.append((subject, video, found.start() + 1, found.end(), kind))
    with_scores = [(*row, score) for row, score in zip(rows, scores, strict=False)] + rows[len(scores) :]
    return Intervals.from_rows(with_scores)


def videos(*names, n_frames=10_000, fps=30.0):
    """Return a video table of (subject, video) names."""
    return VideoTable.from_rows([(s, v, fps, n_frames) for s, v in names or [("s", "v")]])
