"""Grading a SAMM-LV-sized table (147 videos, 502 truths, 1,000 predictions) with 10,000 bootstrap resamples.

The contestant is the loop that papers publish: every prediction against every truth of its video, then resampling
subject by subject. Both count the same true positives, which is checked before anything is timed.
"""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np

from benchmarks.measure import Row, interleaved
from mebench.metrics.statistics.bootstrap import RESAMPLES
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.truth import Truth, VideoTable

SUBJECTS, VIDEOS, TRUTHS, PREDICTIONS, FRAMES = 30, 147, 502, 1_000, 7_000
LIMIT_SECONDS = 0.050
"""In-process budget of matching and bootstrap together."""


def samm_lv_sized(scale: int = 1, seed: int = 0) -> tuple[Intervals, Intervals, VideoTable]:
    """Return (predictions, truth, videos) of the size of SAMM-LV, times `scale`, subjects included."""
    rng = np.random.default_rng(seed)
    subjects = SUBJECTS * scale
    names = [(f"{v % subjects:03d}", f"{v % subjects:03d}_{v}") for v in range(VIDEOS * scale)]
    truth = _random_rows(rng, names, TRUTHS * scale)
    hits = [row._replace(onset=row.onset + int(rng.integers(-9, 10))) for row in truth[: TRUTHS * scale // 3]]
    hits = [row for row in hits if 1 <= row.onset <= row.offset]
    predictions = hits + _random_rows(rng, names, PREDICTIONS * scale - len(hits))
    videos = VideoTable.from_rows([(subject, video, 200.0, FRAMES) for subject, video in names])
    return Intervals.from_rows(predictions), Intervals.from_rows(truth), videos


def _random_rows(rng: np.random.Generator, names: list[tuple[str, str]], count: int) -> list[IntervalRow]:
    rows = []
    for _ in range(count):
        subject, video = names[rng.integers(len(names))]
        macro = bool(rng.random() < 0.68)
        length = int(rng.integers(101, 900) if macro else rng.integers(30, 101))
        onset = int(rng.integers(1, FRAMES - length))
        rows.append(IntervalRow(subject, video, onset, onset + length - 1, "macro" if macro else "micro"))
    return rows


def graded(predictions: Intervals, truth: Truth) -> int:
    """Grade as mebench does, the whole scorecard with every interval; return the true positives."""
    return Megc2020Spotting().score(Predicted(predictions), truth).counts["overall"].tp


def plain_loop(predictions: Intervals, truth: Intervals, resamples: int) -> int:
    """Match greedily and bootstrap in plain Python loops; return the true positives."""
    by_video = defaultdict(list)
    for i in range(len(truth)):
        by_video[truth.subject[i], truth.video[i], truth.is_macro[i]].append([truth.onset[i], truth.offset[i], False])
    counts = defaultdict(lambda: [0, 0, 0])
    for i in range(len(truth)):
        counts[truth.subject[i]][2] += 1
    for i in range(len(predictions)):
        counts[predictions.subject[i]][1] += 1
        for event in by_video[predictions.subject[i], predictions.video[i], predictions.is_macro[i]]:
            shared = min(event[1], predictions.offset[i]) - max(event[0], predictions.onset[i]) + 1
            union = max(event[1], predictions.offset[i]) - min(event[0], predictions.onset[i]) + 1
            if not event[2] and shared / union >= 0.5:
                event[2] = True
                counts[predictions.subject[i]][0] += 1
                break
    subjects, scores, rng = sorted(counts), [], random.Random(0)
    for _ in range(resamples):
        tp = n = m = 0
        for subject in rng.choices(subjects, k=len(subjects)):
            tp, n, m = tp + counts[subject][0], n + counts[subject][1], m + counts[subject][2]
        scores.append(2 * tp / (n + m))
    scores.sort()
    return sum(count[0] for count in counts.values())


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` runs it fewer times."""
    predictions, events, videos = samm_lv_sized()
    truth = Truth(events, videos)
    if graded(predictions, truth) != plain_loop(predictions, events, 10):
        raise AssertionError("both contestants must count the same true positives")
    seconds = interleaved(
        {
            "mebench": lambda: graded(predictions, truth),
            "loop": lambda: plain_loop(predictions, events, RESAMPLES),
        },
        rounds=1 if smoke else 5,
    )
    detail = f"{seconds['mebench'] * 1e3:.1f} ms against {seconds['loop'] * 1e3:.0f} ms, {RESAMPLES} resamples"
    budget = seconds["mebench"] / LIMIT_SECONDS
    return [
        Row("grading: plain Python loop / mebench", seconds["loop"] / seconds["mebench"], detail=detail),
        Row("grading: mebench / its budget of 50 ms", budget, target=1.0, at_most=True, detail=detail),
    ]
