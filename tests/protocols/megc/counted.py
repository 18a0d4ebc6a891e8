"""Truths and predictions of given counts, for numbers that papers print."""

from __future__ import annotations

from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.truth import Truth, VideoTable

NAN = float("nan")


def counted(sets, emotion=""):
    """Return predictions and truth of several sets.

    Parameters
    ----------
    sets : hits, predictions and truths by dataset id; all are micro-expressions of one video of one subject.
    emotion : what truths and predictions say.
    """
    found, true, videos = [], [], []
    for name, (hits, predicted, truths) in sets.items():
        key = (f"{name}/s", "v")
        videos.append((*key, 30.0, 100_000))
        true += [IntervalRow(*key, 100 * i + 1, 100 * i + 10, "micro", NAN, emotion) for i in range(truths)]
        starts = [100 * i + 1 if i < hits else 100 * i + 51 for i in range(predicted)]
        found += [IntervalRow(*key, start, start + 9, "micro", NAN, emotion) for start in starts]
    name = "+".join(sets)
    return Intervals.from_rows(found), Truth(Intervals.from_rows(true), VideoTable.from_rows(videos), name)


def long_videos(name, videos, macro, micro):
    """Return a truth with so many videos and events, spread over five subjects."""
    keys = [(f"s{i % 5}", f"v{i:03d}") for i in range(videos)]
    table = VideoTable.from_rows([(*key, 30.0, 100_000) for key in keys])
    kinds = ["macro"] * macro + ["micro"] * micro
    rows = [(*keys[i % videos], 100 * i + 1, 100 * i + 10, kind) for i, kind in enumerate(kinds)]
    return Truth(Intervals.from_rows(rows).sorted(), table, name)
