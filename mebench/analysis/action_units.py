"""OpenFace's action units of a dataset against its annotators, and those of two recordings of the same movements."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.openface import PRESENCE_UNITS, OpenFaceTable, read_table
from mebench.metrics.action_units import AuCorrelation, Presence, au_presence
from mebench.schema.action_units import action_unit_numbers
from mebench.schema.recordings import ExpressionType, Video

Where = Literal["video", "events"]
"""Whether an action unit that is detected anywhere in a video counts, or only within the events."""


@dataclasses.dataclass(frozen=True)
class PresenceRules:
    """What the thesis leaves open about Tables 4.1 and 4.2; the defaults are mebench's choice.

    Attributes
    ----------
    where : where in a video an action unit must be detected.
    outside : whether annotated action units that the detector has no column for count as missed, or are left out.
    """

    where: Where = "video"
    outside: Literal["missed", "left_out"] = "missed"


def presence_table(videos: Sequence[Video], rules: PresenceRules | None = None) -> dict[str, Presence]:
    """Return the presence of action units: micro, macro, combined, and in videos with events of one type alone.

    Raises
    ------
    UserError : when a video has no OpenFace table, or one without the columns of presence.
    """
    chosen = rules or PresenceRules()
    seen = functools.cache(_table)
    groups: dict[str, tuple[Sequence[Video], frozenset[ExpressionType]]] = {
        "micro": (videos, frozenset({ExpressionType.MICRO})),
        "macro": (videos, frozenset({ExpressionType.MACRO})),
        "combined": (videos, frozenset(ExpressionType)),
    }
    for kind in ExpressionType:
        alone = [video for video in videos if video.events and {event.type for event in video.events} == {kind}]
        groups[f"{kind}-only videos"] = (alone, frozenset({kind}))
    return {
        name: au_presence(_sets(video, kinds, seen(video), chosen) for video in group if video.events)
        for name, (group, kinds) in groups.items()
    }


def _table(video: Video) -> OpenFaceTable:
    if video.action_units_csv is None:
        raise UserError(
            f"{video.subject}/{video.id} has no OpenFace table: run FeatureExtraction, and set openface=DIR."
        )
    table = read_table(video.action_units_csv)
    if np.isnan(table.presence).all():
        raise UserError(f"{video.action_units_csv} has no column such as AU01_c: run FeatureExtraction with -aus.")
    return table


def _sets(
    video: Video, kinds: frozenset[ExpressionType], table: OpenFaceTable, rules: PresenceRules
) -> tuple[set[int], set[int]]:
    """Return the annotated and the detected action units of the events of some types."""
    events = [event for event in video.events if event.type in kinds]
    annotated = {unit for event in events for unit in action_unit_numbers(event.action_units)}
    if rules.outside == "left_out":
        annotated &= set(PRESENCE_UNITS)
    rows = table.success.copy()
    if rules.where == "events":
        rows &= np.any([(table.frames >= e.onset) & (table.frames <= e.offset) for e in events], axis=0)
    present = [bool(column.any()) for column in (table.presence[rows] > 0).T]
    return annotated, {unit for unit, there in zip(PRESENCE_UNITS, present, strict=True) if there}


@dataclasses.dataclass(frozen=True)
class Correlated:
    """The correlation of two sets of OpenFace tables.

    Attributes
    ----------
    names : names of the videos, the rows of `correlation`.
    unpaired : names that only one of the two sets has.
    """

    names: tuple[str, ...]
    correlation: AuCorrelation
    unpaired: tuple[str, ...]

    def by_subject(self) -> Mapping[str, tuple[float, float]]:
        """Return r and rho of every subject: what stands before the first `_` of a video's name."""
        subjects = np.array([name.split("_")[0] for name in self.names])
        return {s: self.correlation.of_videos(np.flatnonzero(subjects == s)) for s in sorted(set(subjects))}


def correlate_tables(first: Path, second: Path) -> Correlated:
    """Correlate two OpenFace tables, or the tables of the same name in two folders.

    Raises
    ------
    UserError : when a table cannot be read, no two belong together, or two share fewer than two frames.
    """
    if not first.is_dir() and not second.is_dir():
        return Correlated((first.stem,), AuCorrelation.of([_common(first, second)]), ())
    a, b = _tables(first), _tables(second)
    names = sorted(a.keys() & b.keys())
    if not names:
        raise UserError(f"{first} and {second} have no table of the same name: name both after their video.")
    correlation = AuCorrelation.of(_common(a[name], b[name]) for name in names)
    return Correlated(tuple(names), correlation, tuple(sorted(a.keys() ^ b.keys())))


def _tables(path: Path) -> dict[str, Path]:
    if path.is_dir():
        return {file.stem: file for file in sorted(path.glob("*.csv"))}
    return {path.stem: path}


def _common(first: Path, second: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the intensities of the frames that have a face in both tables."""
    a, b = read_table(first), read_table(second)
    frames, at, bt = np.intersect1d(a.frames[a.success], b.frames[b.success], return_indices=True)
    if len(frames) < 2:
        raise UserError(f"{first} and {second} share {len(frames)} frames with a face: at least 2 are needed.")
    return a.intensities[a.success][at], b.intensities[b.success][bt]
