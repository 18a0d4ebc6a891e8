"""Runs on disk, as a runner leaves them, graded by mebench's own matching."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mebench.metrics.conventions import Convention
from mebench.metrics.intervals import ratios, tally
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import write_predictions
from mebench.schema.scorecard import (
    Counts,
    DatasetRef,
    MethodRef,
    ProtocolRef,
    Score,
    Scorecard,
    SubjectRow,
    VideoRow,
)
from mebench.schema.truth import Truth, VideoTable

VIDEOS = [("s1", "a", 30.0, 900), ("s1", "b", 30.0, 900), ("s2", "a", 30.0, 600)]
EVENTS = [
    ("s1", "a", 100, 160, "macro", float("nan"), "happiness", 130, "6+12"),
    ("s1", "a", 400, 410, "micro"),
    ("s2", "a", 50, 110, "macro"),
]
HALF = [
    ("s1", "a", 102, 165, "macro", 0.9),
    ("s1", "a", 700, 720, "micro", 0.4),
    ("s2", "a", 300, 360, "macro", 0.2),
]
"""One true positive, two false positives, two false negatives."""


def make_truth(videos: list[tuple] = VIDEOS, events: list[tuple] = EVENTS) -> Truth:
    return Truth(Intervals.from_rows(events).sorted(), VideoTable.from_rows(videos), "fake")


def scoped(counts: np.ndarray) -> dict[str, Counts]:
    """Counts by scope from an array (2, 3): micro, macro; tp, fp, fn."""
    micro, macro = counts.tolist()
    return {"overall": Counts(*counts.sum(axis=0).tolist()), "macro": Counts(*macro), "micro": Counts(*micro)}


def grade(
    predictions: Intervals, truth: Truth, method: MethodRef, convention: Convention, ci95: tuple[float, float] | None
) -> Scorecard:
    counts = tally(predictions, truth.events, truth.videos, convention).counts
    pooled = scoped(counts.sum(axis=0))
    scores = []
    for scope, c in pooled.items():
        for metric, value in zip(("precision", "recall", "f1"), ratios(np.array([c.tp, c.fp, c.fn])), strict=True):
            scores.append(Score(metric, scope, float(value), ci95, defined=c.tp + c.fp + c.fn > 0))
    keys = truth.videos.keys()
    subjects = {s: counts[[k[0] == s for k in keys]].sum(axis=0) for s in truth.videos.subjects()}
    return Scorecard(
        protocol=ProtocolRef("megc2020-spotting", "1"),
        convention=convention.as_dict(),
        dataset=DatasetRef(truth.dataset, truth.digest()),
        method=method,
        counts=pooled,
        scores=tuple(scores),
        by_subject=tuple(SubjectRow(s, scoped(c)) for s, c in subjects.items()),
        by_video=tuple(VideoRow(*key, scoped(c)) for key, c in zip(keys, counts, strict=True)),
        reason="2 macro-expressions, the official set has 300",
        environment={"python": "3.11"},
    )


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Path]:
    """Make a run's folder and return it."""
    made = iter(range(1000))

    def make(
        method: str = "au_sum",
        config: Mapping[str, Any] | None = None,
        *,
        rows: list[tuple] = HALF,
        truth: Truth | None = None,
        convention: Convention | None = None,
        ci95: tuple[float, float] | None = (0.1, 0.5),
        keep: bool = True,
        **changes: Any,
    ) -> Path:
        folder = tmp_path / f"run{next(made)}"
        truth = truth or make_truth()
        predictions = Intervals.from_rows(rows)
        card = grade(predictions, truth, MethodRef(method, config or {}, "d1"), convention or Convention(), ci95)
        card.replace(**changes).write(folder / "scorecard.json")
        if keep:
            truth.write(folder / "truth")
            write_predictions(predictions, folder / "predictions.csv")
            (folder / "folds/f1").mkdir(parents=True)
            rng = np.random.default_rng(0)
            names = zip(truth.videos.keys(), truth.videos.n_frames.tolist(), strict=True)
            np.savez(folder / "folds/f1/scores.npz", **{"/".join(k): rng.random((n, 2), np.float32) for k, n in names})
        return folder

    return make
