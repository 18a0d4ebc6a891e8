"""What every dataset offers.

Conventions
-----------
`videos()` and `clips()` are cheap: they read annotations and count frames, and decode nothing. Everything irregular a
loader meets is handled by a *named policy* and counted in the report of `check`.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.plugin import Plugin
from mebench.schema.recordings import Clip, ExpressionType, Recording, Video
from mebench.settings import build_config, digest_of


@dataclasses.dataclass(frozen=True)
class Count:
    """One number that `check` compares with what the dataset's documentation promises.

    `expected` is None when nothing is promised.
    """

    name: str
    found: int
    expected: int | None = None

    @property
    def ok(self) -> bool:
        """True when there is no promise or it is kept."""
        return self.expected is None or self.found == self.expected


@dataclasses.dataclass(frozen=True)
class Erratum:
    """One irregularity in the files, the policy that handled it, and where it stands.

    Attributes
    ----------
    kind : short name, such as `fractional_frame` or `offset_zero`.
    where : row or file, such as `011_6_10` or `s27/disgust1_5`.
    policy : what was done about it, such as `rounded half up`.
    detail : found and resulting values.
    """

    kind: str
    where: str
    policy: str
    detail: str = ""


@dataclasses.dataclass(frozen=True)
class CheckReport:
    """What `mebench data check` prints."""

    dataset: str
    counts: tuple[Count, ...]
    errata: tuple[Erratum, ...] = ()

    @property
    def ok(self) -> bool:
        """True when every promised count was found."""
        return all(count.ok for count in self.counts)


class Dataset(Plugin, abc.ABC):
    """A source of long videos, of clips, or of both.

    Class attributes
    ----------------
    tasks : ids of the tasks that it is for; the rest of what is listed stands in `Plugin`.
    needs_root : whether the user must give `--root`.
    rendered : whether its faces are drawn, not recorded; one that needs no root then takes none.
    """

    tasks: ClassVar[tuple[str, ...]] = ("spotting",)
    needs_root: ClassVar[bool] = True
    rendered: ClassVar[bool] = False

    def __init__(self, config: Any, root: Path | None = None) -> None:
        super().__init__(config)
        self.root = root

    @classmethod
    def open(cls, root: Path | None = None, options: Mapping[str, Any] | None = None) -> Self:
        """Open the dataset.

        Raises
        ------
        UserError : when the root is missing, has the wrong layout or would not be read, or a setting is unknown.
        """
        config: Any = build_config(cls.Config, options or {}, owner=cls.id)
        if cls.needs_root and root is None:
            raise UserError(
                f"{cls.id} is read from your licensed copy: add --root DIR, or remember it once with `mebench data "
                f"root {cls.id} DIR`."
            )
        if root is not None and cls.rendered and not cls.needs_root:
            raise UserError(f"{cls.id} is rendered and reads nothing of {root}: leave its --root out.")
        if root is not None and not root.is_dir():
            what = f"{root} is no folder" if root.exists() else f"The folder {root} does not exist"
            raise UserError(f"{what}: give --root the folder that holds {cls.id}.")
        return cls(config, root)

    def videos(self) -> Sequence[Video]:
        """Return every video that is scored, sorted by subject and id, those without events included."""
        raise UserError(f"{self.id} has no long videos, it is for {' and '.join(self.tasks)}: choose another dataset.")

    def clips(self) -> Sequence[Clip]:
        """Return every clip, sorted by database, subject and id."""
        raise UserError(f"{self.id} has no clips, it is for {' and '.join(self.tasks)}: choose another dataset.")

    def recordings(self, kind: str) -> Sequence[Recording]:
        """Return the recordings of a kind; they are listed once.

        Parameters
        ----------
        kind : `videos` or `clips`, as in `Task.recordings`.

        Raises
        ------
        UserError : when the dataset has none of the kind.
        """
        kept: dict[str, Sequence[Recording]] = self.__dict__.setdefault("_listed", {})
        if kind not in kept:
            kept[kind] = {"videos": self.videos, "clips": self.clips}[kind]()
        return kept[kind]

    def everything(self) -> Iterator[Recording]:
        """Yield the recordings of every kind that the dataset has."""
        for kind in ("videos", "clips"):
            if getattr(type(self), kind) is not getattr(Dataset, kind):
                yield from self.recordings(kind)

    def durations(self) -> Mapping[ExpressionType, NDArray[np.float64]]:
        """Return how long every annotated event lasts, in seconds and by type, each of shape (n,).

        Both ends count; a dataset whose papers count otherwise says so.
        """
        events = [(event, video.fps) for video in self.videos() for event in video.events]
        return {
            kind: np.array([event.length / fps for event, fps in events if event.type == kind])
            for kind in ExpressionType
        }

    def check(self) -> CheckReport:
        """Compare the counts with the published ones and list every erratum."""
        counts: list[Count] = []
        if type(self).videos is not Dataset.videos:
            videos = self.videos()
            counts += [Count("videos", len(videos)), Count("events", sum(len(v.events) for v in videos))]
        if type(self).clips is not Dataset.clips:
            clips = self.clips()
            counts += [Count("clips", len(clips)), Count("subjects", len({clip.person for clip in clips}))]
        return CheckReport(self.id, tuple(counts))

    def digest(self, kind: str = "videos") -> str:
        """Hex digest of the truth: what a scorecard records to say which data it was graded on.

        Parameters
        ----------
        kind : `videos` or `clips`.
        """
        return digest_of(self.id, self.version, [_truth_of(recording) for recording in self.recordings(kind)])


def _truth_of(recording: Recording) -> list[Any]:
    """Return what is annotated of a recording, in a form that is the same on every machine."""
    if isinstance(recording, Video):
        v = recording
        return [v.subject, v.id, v.fps, v.n_frames, [dataclasses.astuple(event) for event in v.events]]
    assert isinstance(recording, Clip)
    c = recording
    return [*c.key, c.fps, c.n_frames, c.emotion, c.onset, c.apex, c.offset, c.action_units]
