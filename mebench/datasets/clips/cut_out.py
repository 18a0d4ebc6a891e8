"""Clips that are cut out of longer recordings: the frames from onset to offset of each annotated expression.

A loader says where the recordings are and what the rows hold; a row that begins and ends at the frames of another one
is the same clip twice.
"""

from __future__ import annotations

import abc
import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder
from mebench.datasets.clips.policies import AnnotatedClip, resolve_clip
from mebench.datasets.clips.windows import FolderWindow
from mebench.datasets.folders import FolderScan, scan_frames
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.plain import ranges
from mebench.schema.recordings import Clip
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class CutOutConfig(ClipConfig):
    """The settings of clips that are cut out: frames of the whole recording stand in for no end of an expression."""

    end_missing: Literal["frames", "apex", "drop"] = setting(
        "apex", "No onset or offset: the apex, or the clip is left out; `frames` reaches to the recording's end."
    )
    end_reversed: Literal["frames", "drop"] = setting(
        "drop", "Offset before the onset: the clip is left out; `frames` reaches to the recording's end."
    )

    def __post_init__(self) -> None:
        """Refuse OpenFace results, which are those of whole recordings."""
        super().__post_init__()
        if self.openface is not None:
            raise ValueError("openface= is for clips with a folder each, and these are cut out of recordings")


class Cut(NamedTuple):
    """A row, and the recording that its clip is cut out of, as the keys of `whole` have it."""

    recording: tuple[str, str]
    row: AnnotatedClip


class CutOutDataset(ClipDataset):
    """Long recordings, and a table that says from where to where their expressions last."""

    @abc.abstractmethod
    def whole(self, errata: Errata) -> Mapping[tuple[str, str], Path]:
        """Find the folder of frames of every recording.

        Raises
        ------
        UserError : when the copy has another layout.
        """

    @abc.abstractmethod
    def cuts(self, errata: Errata) -> list[Cut]:
        """Read every annotated row, no policy applied.

        Raises
        ------
        UserError : when there is no workbook or it has another form.
        """

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Return the folder of each row's recording."""
        found = self.whole(errata)
        return [
            ClipFolder(cut.row.subject, cut.row.clip, found[cut.recording])
            for cut in self._read[0]
            if cut.recording in found
        ]

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Return every annotated row."""
        cuts, noted = self._read
        for item in noted:
            errata.add(item.kind, item.where, item.policy, item.detail)
        return [cut.row for cut in cuts]

    @functools.cached_property
    def _read(self) -> tuple[list[Cut], Errata]:
        errata = Errata()
        return self.cuts(errata), errata

    @functools.cached_property
    def _scans(self) -> dict[Path, FolderScan]:
        return {}

    def _clip(self, row: AnnotatedClip, folder: ClipFolder | None, scans: Any, errata: Errata) -> Clip | None:
        scan = FolderScan(0, 0, 0, 0) if folder is None else self._scan(folder.path)
        if folder is None or not scan.numbers:
            return super()._clip(row, None, scans, errata)
        if (not _coded(row.onset) or not _coded(row.offset)) and not _coded(row.apex):
            errata.add("end_missing", row.where, "left out", "there is no apex either, and its recording goes on")
            return None
        span = resolve_clip(row, scan, self.config, errata)
        if span is None:
            return None
        before = scan.first - 1
        frames = FolderWindow(folder.path, span.onset + before, span.offset + before)
        if scan.numbers < scan.span and not _has_files(frames, row.where, errata):
            return None
        apex = span.apex and span.apex - span.onset + 1
        marks = (1, apex, span.offset - span.onset + 1)
        return Clip(self.id, row.subject, row.clip, self.fps, frames, row.emotion, *marks, row.action_units)

    def _scan(self, folder: Path) -> FolderScan:
        """Count the frames of a recording; several clips may be cut out of one."""
        if folder not in self._scans:
            self._scans[folder] = scan_frames(folder)
        return self._scans[folder]


def _coded(frame: float | None) -> bool:
    return frame is not None and frame > 0


def _has_files(frames: FolderWindow, where: str, errata: Errata) -> bool:
    """Report frames of a clip that have no file, and tell whether any has one."""
    try:
        lacking = frames.missing
    except UserError:
        errata.add("no_frames", where, "left out", f"none of {frames.first}-{frames.last} is on disk")
        return False
    if lacking:
        numbers = ranges(number + frames.first - 1 for number in lacking)
        errata.add("missing_frames", where, "the nearest frame stands in", f"{numbers} of its clip have no file")
    return True
