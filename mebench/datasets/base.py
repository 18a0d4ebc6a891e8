"""What every dataset offers.

Conventions
-----------
`videos()` is cheap: it reads annotations and counts frames, and decodes nothing. Everything irregular that a loader
meets is handled by a *named policy* and counted in the report of `check`.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from mebench.errors import UserError
from mebench.plugin import Plugin
from mebench.schema.recordings import Video
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
    """A source of videos.

    Class attributes
    ----------------
    task : id of the task that it is for; the rest of what is listed stands in `Plugin`.
    needs_root : whether the user must give `--root`.
    """

    task: ClassVar[str] = "spotting"
    needs_root: ClassVar[bool] = True

    def __init__(self, config: Any, root: Path | None = None) -> None:
        super().__init__(config)
        self.root = root

    @classmethod
    def open(cls, root: Path | None = None, options: Mapping[str, Any] | None = None) -> Self:
        """Open the dataset.

        Raises
        ------
        UserError : when the root is missing or has the wrong layout, or a setting is unknown.
        """
        config: Any = build_config(cls.Config, options or {}, owner=cls.id)
        if cls.needs_root and root is None:
            raise UserError(f"{cls.id} is read from your licensed copy: add --root DIR.")
        if root is not None and not root.is_dir():
            raise UserError(f"The folder {root} does not exist: give --root the folder that holds {cls.id}.")
        return cls(config, root)

    @abc.abstractmethod
    def videos(self) -> Sequence[Video]:
        """Return every video that is scored, sorted by subject and id, those without events included."""

    def check(self) -> CheckReport:
        """Compare the counts with the published ones and list every erratum."""
        videos = self.videos()
        return CheckReport(self.id, (Count("videos", len(videos)), Count("events", sum(len(v.events) for v in videos))))

    def digest(self) -> str:
        """Hex digest of the truth: what a scorecard records to say which data it was graded on."""
        rows = [[v.subject, v.id, v.fps, v.n_frames, [dataclasses.astuple(e) for e in v.events]] for v in self.videos()]
        return digest_of(self.id, self.version, rows)
