"""Measures of a dataset: how long, how much, and how well its expressions are seen.

These are the durations of Table 5.3, the move-to-neutral ratio of Figure 4.6, and the presence of action units of
Tables 4.1 and 4.2 of the thesis.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from mebench.analysis.action_units import presence_table
from mebench.analysis.durations import DurationSummary, movement_by_person
from mebench.datasets.base import Dataset
from mebench.datasets.openface_beside import OpenFaceFolder
from mebench.datasets.policies import Errata
from mebench.metrics.action_units import Presence
from mebench.metrics.statistics.bootstrap import RESAMPLES, SEED, weights
from mebench.reproduce.measures.values import Value
from mebench.schema.recordings import Video

Tell = Callable[[str], None]


def durations(dataset: Dataset) -> list[Value]:
    """Return the shortest, mean and longest duration of each type, in seconds."""
    found = {kind: DurationSummary.of(seconds) for kind, seconds in dataset.durations().items()}
    return [
        Value(kind.value, f"{name} (s)", getattr(summary, name))
        for name in ("shortest", "mean", "longest")
        for kind, summary in found.items()
    ]


def ratio(dataset: Dataset, place: int = 0) -> list[Value]:
    """Return the means over subjects of both readings of the move-to-neutral ratio.

    Parameters
    ----------
    place : of the dataset among several, whose subjects are drawn independently of each other.
    """
    people = list(movement_by_person(dataset.videos()).values())
    drawn = weights(len(people), RESAMPLES, SEED + place) / max(1, len(people))
    readings = {"to neutral": "to_neutral", "share of the video": "share"}
    found = {score: np.array([getattr(one, name) for one in people]) for score, name in readings.items()}
    return [Value("mean over subjects", score, float(values.mean()), drawn @ values) for score, values in found.items()]


def presence(dataset: Dataset, folder: Path, tell: Tell) -> list[Value]:
    """Return which share of the annotated action units OpenFace has seen, in all videos and in those of one type.

    Parameters
    ----------
    folder : OpenFace's tables, named `VIDEO.csv`.
    tell : is given a sentence for everything that should be known of the tables, and the counts.

    Raises
    ------
    UserError : when a video with events has no table, or one that cannot be used.
    """
    videos = with_tables(dataset.videos(), folder)
    advice = f"Put the table of each video into {folder}, named VIDEO.csv."
    whole = presence_table(videos, advice=advice, tell=tell)
    subjects = sorted({video.subject for video in videos})
    by_subject = [presence_table([v for v in videos if v.subject == subject]) for subject in subjects]
    drawn = weights(len(subjects))
    values = []
    for name, counted in whole.items():
        tell(f"{name}: {counted.matched} of {counted.annotated} action units were seen.")
        matched, annotated = (drawn @ _column([each[name] for each in by_subject], which) for which in _COUNTS)
        draws = np.divide(matched, annotated, out=np.full(len(drawn), np.nan), where=annotated > 0)
        values.append(Value(name, "recall", counted.recall, draws))
    return values


_COUNTS = ("matched", "annotated")


def _column(counts: Sequence[Presence], which: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([getattr(each, which) for each in counts], np.float64)


def with_tables(videos: Sequence[Video], folder: Path) -> list[Video]:
    """Return the videos with the OpenFace tables of a folder instead of those that they had."""
    tables, ignored = OpenFaceFolder(folder), Errata()
    return [tables.attach(dataclasses.replace(video, action_units_csv=None), video.id, ignored) for video in videos]
