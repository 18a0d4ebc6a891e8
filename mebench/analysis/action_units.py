"""OpenFace's action units of a dataset against its annotators, and those of two recordings of the same movements."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from mebench.analysis.au_pairs import TablePair, account_of
from mebench.datasets.base import Dataset
from mebench.errors import UserError
from mebench.faces.openface import PRESENCE_UNITS, OpenFaceTable
from mebench.faces.openface_fit import fitted_table
from mebench.frames.names import printable
from mebench.metrics.action_units import AuCorrelation, Presence, au_presence
from mebench.runs.notes import together
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


def table_advice(dataset: Dataset) -> str:
    """Return what to do when recordings of a dataset have no OpenFace table; it depends on what can be set."""
    settings = dataset.settings()
    if "openface" not in settings:
        return f"{dataset.id} has no setting that names OpenFace tables: take a dataset that has one, such as samm_lv."
    if settings["openface"] is None:
        return "Run FeatureExtraction with -aus on its frames, and set openface=DIR to the folder of the tables."
    folder = settings["openface"]
    return f"Run FeatureExtraction with -aus on its frames, and put the table into {folder}, named VIDEO.csv."


def presence_table(
    videos: Sequence[Video],
    rules: PresenceRules | None = None,
    *,
    advice: str = "Run FeatureExtraction with -aus on its frames.",
    tell: Callable[[str], None] | None = None,
    read: Callable[[Video], OpenFaceTable] | None = None,
) -> dict[str, Presence]:
    """Return the presence of action units: micro, macro, combined, and in videos with events of one type alone.

    Parameters
    ----------
    videos : those without events are passed over.
    rules : what the thesis leaves open.
    advice : what whoever lacks a table should do; see `table_advice`.
    tell : is given a sentence for everything that is unusual about the tables.
    read : returns the table of a video; by default its OpenFace table is read.

    Raises
    ------
    UserError : when a video has no OpenFace table, one without the columns of presence, or one of another video.
    """
    chosen = rules or PresenceRules()
    annotated = [video for video in videos if video.events]
    if read is None and (lacking := [video for video in annotated if video.action_units_csv is None]):
        name, more = _name(lacking[0]), len(lacking) - 1
        raise UserError(f"{name}{f' and {more} more have' if more else ' has'} no OpenFace table. {advice}")
    seen = functools.cache(read or _table)
    if tell is not None:
        for sentence in _account({video: seen(video) for video in annotated}):
            tell(sentence)
    groups: dict[str, tuple[Sequence[Video], frozenset[ExpressionType]]] = {
        "micro": (annotated, frozenset({ExpressionType.MICRO})),
        "macro": (annotated, frozenset({ExpressionType.MACRO})),
        "combined": (annotated, frozenset(ExpressionType)),
    }
    for kind in ExpressionType:
        alone = [video for video in annotated if {event.type for event in video.events} == {kind}]
        groups[f"{kind}-only videos"] = (alone, frozenset({kind}))
    return {
        name: au_presence(_sets(video, kinds, seen(video), chosen) for video in group)
        for name, (group, kinds) in groups.items()
    }


def _name(video: Video) -> str:
    return f"{video.subject}/{video.id}"


def _table(video: Video) -> OpenFaceTable:
    table = fitted_table(str(video.action_units_csv), video.n_frames, video.fps, least_share=0)
    if np.isnan(table.presence).all():
        raise UserError(f"{video.action_units_csv} has no column such as AU01_c: run FeatureExtraction with -aus.")
    return table


def _account(tables: Mapping[Video, OpenFaceTable]) -> Iterator[str]:
    """Yield how many frames have no face, and what is unusual about the tables."""
    faceless = {video: int((~table.per_frame(video.n_frames)[1]).sum()) for video, table in tables.items()}
    if any(faceless.values()):
        most = max(faceless, key=lambda video: faceless[video] / video.n_frames)
        yield (
            f"{sum(faceless.values())} of {sum(video.n_frames for video in tables)} frames of {len(tables)} videos are "
            "missing in their tables or lost (success 0, or no number), so that no action unit counts there; most in "
            f"{_name(most)}: {faceless[most]} of {most.n_frames}."
        )
    yield from together((_name(video), note) for video, table in tables.items() for note in _notes(table))


def _notes(table: OpenFaceTable) -> Iterator[str]:
    yield from (f"{note}." for note in table.notes)
    holes = np.isnan(table.presence)
    empty = np.all(holes, axis=0)
    if empty.any():
        names = ", ".join(f"AU{unit:02d}_c" for unit, none in zip(PRESENCE_UNITS, empty.tolist(), strict=True) if none)
        yield f"OpenFace table: no number in {names}; these action units count as not detected."
    if count := int(holes[table.success][:, ~empty].sum()):
        yield f"OpenFace table: {count} presences are no number; these count as not detected."


def _sets(
    video: Video, kinds: frozenset[ExpressionType], table: OpenFaceTable, rules: PresenceRules
) -> tuple[set[int], set[int]]:
    """Return the annotated and the detected action units of the events of some types."""
    events = [event for event in video.events if event.type in kinds]
    annotated = {unit for event in events for unit in action_unit_numbers(event.action_units)}
    if rules.outside == "left_out":
        annotated &= set(PRESENCE_UNITS)
    rows = table.success & (table.frames <= video.n_frames)
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
    account : how many frames were paired, and what is unusual about the tables, a sentence each.
    """

    names: tuple[str, ...]
    correlation: AuCorrelation
    unpaired: tuple[str, ...]
    account: tuple[str, ...]

    def by_subject(self) -> Mapping[str, tuple[float, float]]:
        """Return r and rho of every subject: what stands before the first `_` of a video's name."""
        subjects = np.array([name.split("_")[0] for name in self.names])
        return {s: self.correlation.of_videos(np.flatnonzero(subjects == s)) for s in sorted(set(subjects))}


def correlate_tables(first: Path, second: Path) -> Correlated:
    """Correlate two OpenFace tables, or the tables of the same name in two folders.

    Raises
    ------
    UserError : when one is not there, a table cannot be read, a folder holds none, no two belong together, or two share
        fewer than two frames.
    """
    for path in (first, second):
        if not path.exists():
            raise UserError(f"There is no folder or table {printable(str(path))}: check the path.")
    if not first.is_dir() and not second.is_dir():
        return _correlated([first.stem], [TablePair.read(first, second)], ())
    a, b = _tables(first), _tables(second)
    names = sorted(a.keys() & b.keys())
    if not names:
        raise UserError(f"{first} and {second} have no table of the same name: name both after their video.")
    return _correlated(names, [TablePair.read(a[name], b[name]) for name in names], sorted(a.keys() ^ b.keys()))


def _correlated(names: Sequence[str], pairs: Sequence[TablePair], unpaired: Sequence[str]) -> Correlated:
    correlation = AuCorrelation.of(pair.intensities() for pair in pairs)
    return Correlated(tuple(names), correlation, tuple(unpaired), tuple(account_of(pairs)))


def _tables(path: Path) -> dict[str, Path]:
    if path.is_dir():
        if not (found := {file.stem: file for file in sorted(path.glob("*.csv"))}):
            raise UserError(f"The folder {printable(str(path))} holds no table: put OpenFace's .csv files into it.")
        return found
    return {path.stem: path}
