"""What the writers of the layouts share: where each video goes, and rows that can still be bent by quirks."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType, Recording, Video


@dataclasses.dataclass(frozen=True)
class Placed:
    """A video and its place in the layout.

    Attributes
    ----------
    video : the video as its own dataset gives it.
    subject, id : its names in the layout.
    folder : its frame folder below the root of the copy.
    file_name : format of a frame's file name, such as `006_1_{:04d}.jpg`.
    """

    video: Video
    subject: str
    id: str
    folder: PurePosixPath
    file_name: str


@dataclasses.dataclass(eq=False)
class WrittenRow:
    """One row of the annotation workbook; quirks change it before it is written."""

    placed: Placed
    name: str
    onset: float
    apex: float | None
    offset: float
    type: ExpressionType
    emotion: str
    action_units: str

    @property
    def where(self) -> str:
        """Name of the row as `casme_sq` reports it, such as `s15/anger1_1`."""
        return f"{self.placed.subject}/{self.name}"

    @property
    def length(self) -> float:
        """Frames of the event, both ends included."""
        return self.offset - self.onset + 1


class Quirks:
    """Collects the irregularities that are written on purpose, for `mebench_export.json`."""

    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []

    def add(self, kind: str, where: str, detail: str) -> None:
        """Note one quirk under the kind by which the loader reports it."""
        self.items.append({"kind": kind, "where": where, "detail": detail})


class Layout(Protocol):
    """One on-disk layout: names for the videos, and a workbook."""

    id: str
    grey: bool

    def place(self, videos: Sequence[Video], quirks: Quirks) -> list[Placed]:
        """Give every video, sorted by subject and id, its names; sorted by those the videos keep their order."""
        ...

    def write_workbook(self, root: Path, placed: Sequence[Placed], quirks: Quirks) -> None:
        """Write the annotations of all videos into the copy at `root`."""
        ...


def by_subject(videos: Sequence[Video]) -> dict[str, list[Video]]:
    """Group videos by subject, keeping their order."""
    groups: dict[str, list[Video]] = {}
    for video in videos:
        groups.setdefault(video.subject, []).append(video)
    return groups


def one_rate(dataset: str, recordings: Sequence[Recording], kind: str) -> float:
    """Return the frame rate of all recordings.

    Parameters
    ----------
    dataset, kind : what the message calls the dataset, and `videos` or `clips`.

    Raises
    ------
    UserError : when there is no recording, or they have several rates.
    """
    rates = {recording.fps for recording in recordings}
    if not rates:
        raise UserError(f"{dataset} has no {kind} to export: check its settings.")
    if len(rates) > 1:
        raise UserError(
            f"{dataset} has {kind} of {min(rates):g} to {max(rates):g} fps: export those of one rate at a time."
        )
    return rates.pop()
