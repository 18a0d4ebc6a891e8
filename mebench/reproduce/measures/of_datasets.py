"""Measures of a dataset: how long, how much, and how well its expressions are seen.

These are the durations of Table 5.3, the move-to-neutral ratio of Figure 4.6, and the presence of action units of
Tables 4.1 and 4.2, and the classes of Figure 7.1 of the thesis.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.action_units import presence_table
from mebench.analysis.durations import DurationSummary, movement_by_person
from mebench.datasets.base import Dataset
from mebench.datasets.openface_beside import OpenFaceFolder
from mebench.datasets.policies import Errata
from mebench.faces.openface import PRESENCE_UNITS, OpenFaceTable
from mebench.metrics.action_units import Presence
from mebench.metrics.statistics.bootstrap import RESAMPLES, SEED, weights
from mebench.reproduce.measures.values import Value
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.label_maps import FER_VALENCE
from mebench.schema.recordings import Video

Tell = Callable[[str], None]
SEEN = 1.0
"""Intensity, on OpenFace's scale of 0 to 5, from which a drawn action unit counts as seen (mebench's choice)."""


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


def classes(dataset: Dataset) -> list[Value]:
    """Return how many samples each class of thesis chapter 7 has, how many are of none, and how many there are.

    All samples are counted and none is drawn from others, so that the interval of a count is the count itself.
    """
    counted = FER_VALENCE.counts(clip.emotion for clip in dataset.clips())
    named = {name or "of no class": number for name, number in counted.items()} | {"all": sum(counted.values())}
    return [Value(name, "samples", number, np.full(RESAMPLES, float(number))) for name, number in named.items()]


def presence(dataset: Dataset, folder: Path | None, tell: Tell, *, alone: bool = False) -> list[Value]:
    """Return which share of the annotated action units OpenFace has seen, by type.

    Parameters
    ----------
    folder : OpenFace's tables, named `VIDEO.csv`; None for rendered videos, of which it is known what was drawn.
    tell : is given a sentence for everything that should be known of the tables, and the counts.
    alone : whether videos with events of one type alone are measured, or all.

    Raises
    ------
    UserError : when a video with events has no table, or one that cannot be used.
    """
    if folder is None:
        videos, read, advice = list(dataset.videos()), drawn_table, ""
        tell(f"Nothing was detected: a unit counts as seen where it was drawn with an intensity of {SEEN:g} or more.")
    else:
        videos, read = with_tables(dataset.videos(), folder), None
        advice = f"Put the table of each video into {folder}, named VIDEO.csv."
    everything = presence_table(videos, advice=advice, tell=tell, read=read)
    whole = {name: counted for name, counted in everything.items() if name.endswith("-only videos") == alone}
    subjects = sorted({video.subject for video in videos})
    by_subject = [presence_table([v for v in videos if v.subject == subject], read=read) for subject in subjects]
    drawn = weights(len(subjects))
    values = []
    for name, counted in whole.items():
        tell(f"{name}: {counted.matched} of {counted.annotated} action units were seen.")
        matched, annotated = (drawn @ _column([each[name] for each in by_subject], which) for which in _COUNTS)
        draws = np.divide(matched, annotated, out=np.full(len(drawn), np.nan), where=annotated > 0)
        values.append(Value(name, "recall", counted.recall, draws))
    return values


def drawn_table(video: Video) -> OpenFaceTable:
    """Return what the renderer drew of a rendered video as a table; AU28 is never drawn."""
    intensities: NDArray[np.float32] = video.frames.truth().rendered  # type: ignore[attr-defined]
    presence = np.zeros((len(intensities), len(PRESENCE_UNITS)), np.float32)
    for i, unit in enumerate(PRESENCE_UNITS):
        if unit in ACTION_UNITS:
            presence[:, i] = intensities[:, ACTION_UNITS.index(unit)] >= SEEN
    every = np.ones(len(intensities))
    return OpenFaceTable(
        np.arange(1, len(intensities) + 1), every.astype(bool), every.astype(np.float32), intensities, presence
    )


_COUNTS = ("matched", "annotated")


def _column(counts: Sequence[Presence], which: str) -> NDArray[np.float64]:
    return np.array([getattr(each, which) for each in counts], np.float64)


def with_tables(videos: Sequence[Video], folder: Path) -> list[Video]:
    """Return the videos with the OpenFace tables of a folder instead of those that they had."""
    tables, ignored = OpenFaceFolder(folder), Errata()
    return [tables.attach(dataclasses.replace(video, action_units_csv=None), video.id, ignored) for video in videos]
