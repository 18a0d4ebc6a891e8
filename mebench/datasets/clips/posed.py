"""What the loaders of posed expressions share: recordings whose folders say who shows what, and no table does.

A loader yields a clip for each recording; whatever is odd about the frames of a folder is reported here, once. Emotions
are the release's own names in lower case; `schema.label_maps` says which class each one is of.
"""

from __future__ import annotations

import abc
import collections
import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal

from mebench.datasets.base import CheckReport, Count
from mebench.datasets.copies import CopyOnDisk
from mebench.datasets.finding import assumed
from mebench.datasets.folders import CountedFrames, scan_frames
from mebench.datasets.openface_beside import OpenFaceFolder
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.frames.videos import VideoFrames
from mebench.schema.recordings import Clip
from mebench.settings import setting

LETTERS = "ABCDE"
"""Intensities of action units, 1 to 5."""


@dataclasses.dataclass(frozen=True)
class PosedConfig:
    """The settings that every loader of posed expressions has."""

    fps: float | None = setting(None, "Frame rate; left out, that of the release.", unit="frames per second")
    openface: str | None = setting(
        None, "Folder with OpenFace results, `CLIP.csv` and `CLIP_aligned/` for each clip CLIP."
    )

    def __post_init__(self) -> None:
        """Refuse a frame rate that is not positive."""
        if self.fps is not None and not self.fps > 0:
            raise ValueError(f"fps={self.fps} must be above 0")


class PosedDataset(CopyOnDisk):
    """Recordings of posed expressions.

    Class attributes
    ----------------
    assumptions : what no file of a copy says and no published text settles: what is assumed of what.
    """

    tasks: ClassVar[tuple[str, ...]] = ("recognition", "generation")
    assumptions: ClassVar[Mapping[str, str]] = {}
    Config = PosedConfig

    @abc.abstractmethod
    def takes(self, errata: Errata) -> Iterable[Clip | None]:
        """Yield every chosen recording in any order; None stands for one that was reported and left out.

        Raises
        ------
        UserError : when the copy has another layout.
        """

    def promises(self, found: Mapping[str, int]) -> Mapping[str, int]:
        """Return the counts of the release under the chosen settings, by the names of `check`.

        Parameters
        ----------
        found : the counts of this copy.
        """
        return {}

    def clips(self) -> Sequence[Clip]:
        """Return every chosen recording, sorted by subject and id; reads once, decodes nothing."""
        return self._listed_takes[0]

    def check(self) -> CheckReport:
        """Compare the counts with those of the release; list every erratum and what was assumed."""
        clips, errata = self._listed_takes
        emotions = collections.Counter(clip.emotion for clip in clips if clip.emotion)
        found = {"clips": len(clips), "subjects": len({clip.subject for clip in clips})}
        found |= {f"clips of {emotion}": number for emotion, number in sorted(emotions.items())}
        promised = self.promises(found)
        names = [*found, *(name for name in promised if name not in found)]
        counts = tuple(Count(name, found.get(name, 0), promised.get(name)) for name in names)
        return CheckReport(self.id, counts, tuple(errata))

    def folder_clip(
        self,
        subject: str,
        id: str,
        folder: Path,
        emotion: str,
        errata: Errata,
        *,
        ends: Literal["apex", "nothing"],
        action_units: str = "",
    ) -> Clip | None:
        """Return the frames of a folder as a clip; None where it has none, which is reported.

        Parameters
        ----------
        ends : whether the recording goes from neutral to its apex, which is then its last frame, or says nothing.
        """
        scan = scan_frames(folder)
        if not scan.numbers:
            errata.add("no_frames", id, "left out", f"{folder} holds no numbered image")
            return None
        if scan.numbers < scan.span:
            detail = f"{scan.span - scan.numbers} of {scan.span} frames have no file"
            errata.add("missing_frames", id, "the nearest earlier frame stands in", detail)
        if scan.twins:
            detail = f"{scan.numbers + scan.twins} images for {scan.numbers} frame numbers"
            errata.add("duplicate_frames", id, "the clip cannot be read until one of each is removed", detail)
        span = (1, scan.span, scan.span) if ends == "apex" else (0, 0, 0)
        frames = CountedFrames(folder, scan.span, scan.first)
        return Clip(self.id, subject, id, self.fps, frames, emotion, *span, action_units)

    @functools.cached_property
    def _listed_takes(self) -> tuple[tuple[Clip, ...], Errata]:
        errata = Errata()
        beside = OpenFaceFolder.open(self.config.openface)
        clips: dict[tuple[str, ...], Clip] = {}
        for clip in self.takes(errata):
            if clip is None:
                continue
            if clip.key in clips:
                raise UserError(f"{self.place} holds {clip.id} of subject {clip.subject} twice: remove one of them.")
            clips[clip.key] = clip if beside is None else beside.attach(clip, clip.id, errata)
        if not clips:
            raise UserError(f"{self.place} holds no recording of {self.id} that the settings ask for: change them.")
        for what, value in self.assumptions.items():
            assumed(errata, what, value)
        return tuple(clips[key] for key in sorted(clips)), errata


class ListedVideo(VideoFrames):
    """A video file that is listed with many others: nothing is said of its frames before somebody has asked for one."""

    def notes(self) -> tuple[str, ...]:
        """Return sentences on what the file promises and does not keep, once it has been decoded."""
        return super().notes() if self._known is not None else ()


def coded_unit(unit: int, intensity: int) -> str:
    """Return an action unit as coders write it: its number and a letter for its intensity, none for 0.

    >>> coded_unit(12, 3), coded_unit(25, 0)
    ('12C', '25')
    """
    return f"{unit}{LETTERS[intensity - 1] if 1 <= intensity <= len(LETTERS) else ''}"
