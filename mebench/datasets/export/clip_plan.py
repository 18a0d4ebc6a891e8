"""What the writers of clip layouts share: where each clip goes, and rows that can still be bent by quirks."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from mebench.datasets.export.plan import Quirks
from mebench.errors import UserError
from mebench.schema.emotions import COMPOSITE_CLASS_OF
from mebench.schema.people import joined
from mebench.schema.recordings import Clip


@dataclasses.dataclass(frozen=True)
class PlacedClip:
    """A clip and its place in the layout.

    Attributes
    ----------
    clip : the clip as its own dataset gives it.
    subject, id : its names in the layout.
    folder : its frame folder below the root of the copy.
    file_name : format of a frame's file name, such as `img{}.jpg`.
    first : file number of the first frame that is written.
    start, stop : indices of the frames that are written, `start <= i < stop`.
    """

    clip: Clip
    subject: str
    id: str
    folder: PurePosixPath
    file_name: str
    first: int
    start: int
    stop: int

    def file_number(self, frame: int) -> int:
        """Return the file number of a frame of the clip, numbered from 1."""
        return self.first + frame - 1 - self.start


@dataclasses.dataclass(eq=False)
class WrittenClip:
    """One row of the annotation table, in file numbers; quirks change it before it is written."""

    placed: PlacedClip
    onset: int
    apex: int | None
    offset: int
    emotion: str
    action_units: str

    @classmethod
    def of(cls, placed: PlacedClip, emotion: str) -> WrittenClip:
        """Return the row of a clip; where it has no onset or offset, those of its frames are written."""
        clip = placed.clip
        onset, offset = clip.onset or placed.start + 1, clip.offset or placed.stop
        apex = placed.file_number(clip.apex) if clip.apex else None
        units = clip.action_units
        return cls(placed, placed.file_number(onset), apex, placed.file_number(offset), emotion, units)

    @property
    def where(self) -> str:
        """Name of the row in errata, such as `sub01/EP02_01f`."""
        return f"{self.placed.subject}/{self.placed.id}"


class ClipLayout(Protocol):
    """One on-disk layout: names for the clips, and a table."""

    id: str
    grey: bool

    def place(self, clips: Sequence[Clip], quirks: Quirks) -> list[PlacedClip]:
        """Give every clip its names; sorted by those the clips keep their order."""
        ...

    def write_table(self, root: Path, placed: Sequence[PlacedClip], quirks: Quirks) -> list[WrittenClip]:
        """Write the annotations into the copy at `root`, and return them as its loader is to find them."""
        ...


def by_person(clips: Sequence[Clip]) -> list[list[Clip]]:
    """Group clips by person, keeping their order."""
    groups: dict[str, list[Clip]] = {}
    for clip in clips:
        groups.setdefault(str(clip.person), []).append(clip)
    return list(groups.values())


def class_of(clip: Clip) -> str:
    """Return the class of the composite that a clip's emotion has.

    Raises
    ------
    UserError : when it has none.
    """
    if clip.emotion not in COMPOSITE_CLASS_OF:
        raise UserError(
            f"{joined(*clip.key)} shows {clip.emotion or 'no emotion'}, which is in none of the three classes of the "
            "layout: export another dataset, or in another layout."
        )
    return COMPOSITE_CLASS_OF[clip.emotion]


def own_emotion(clip: Clip, known: Sequence[str], of_class: Mapping[str, str]) -> str:
    """Return a clip's emotion where the layout knows it, else its emotion for the clip's class, else `others`."""
    return clip.emotion if clip.emotion in known else of_class.get(COMPOSITE_CLASS_OF.get(clip.emotion, ""), "others")
