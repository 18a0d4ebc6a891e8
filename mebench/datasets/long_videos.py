"""What the loaders of long-video datasets share: from frame folders and annotated rows to videos and a report.

A loader says where the frame folders are and what the workbook's rows hold; everything else happens here, once, so that
the same irregularity is treated alike in every dataset.
"""

from __future__ import annotations

import abc
import collections
import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.datasets.base import CheckReport, Count
from mebench.datasets.copies import CopyOnDisk
from mebench.datasets.folders import CountedFrames, scan_frames
from mebench.datasets.openface_beside import OpenFaceFolder
from mebench.datasets.policies import AnnotatedRow, Errata, EventPolicies, resolve
from mebench.errors import UserError
from mebench.schema.recordings import Event, ExpressionType, Video
from mebench.settings import setting

Key = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class LongVideoConfig(EventPolicies):
    """The settings that every long-video loader has."""

    fps: float | None = setting(
        None,
        "Frame rate; left out, that of the release, or in a copy that `data export` wrote that of its videos.",
        unit="frames per second",
    )
    workbook: str | None = setting(None, "Path of the annotation workbook; left out, it is looked for in the copy.")
    openface: str | None = setting(
        None, "Folder with OpenFace results, `VIDEO.csv` and `VIDEO_aligned/` for each frame folder VIDEO."
    )

    def __post_init__(self) -> None:
        """Refuse a frame rate that is not positive."""
        if self.fps is not None and not self.fps > 0:
            raise ValueError(f"fps={self.fps} must be above 0")


@dataclasses.dataclass(frozen=True)
class VideoFolder:
    """A folder that holds the frames of one video."""

    subject: str
    video: str
    path: Path


def tally(events: Iterable[tuple[str, str, ExpressionType]], n_videos: int) -> dict[str, int]:
    """Count annotated events, given as (subject, video, type), the way the datasets' papers do.

    Returns
    -------
    Number by name, in the order in which a report lists them.
    """
    listed = list(events)
    counts = {
        "annotated rows": len(listed),
        "subjects": len({subject for subject, _, _ in listed}),
        "videos": n_videos,
        "videos with rows": len({(subject, video) for subject, video, _ in listed}),
    }
    for kind in (ExpressionType.MACRO, ExpressionType.MICRO):
        chosen = [(subject, video) for subject, video, found in listed if found == kind]
        counts[f"{kind}-expressions"] = len(chosen)
        counts[f"videos with {kind}-expressions"] = len(set(chosen))
        counts[f"subjects with {kind}-expressions"] = len({subject for subject, _ in chosen})
    return counts


@dataclasses.dataclass(frozen=True)
class Loaded:
    """Everything read from one copy of a dataset."""

    videos: tuple[Video, ...]
    rows: tuple[AnnotatedRow, ...]
    errata: Errata


class LongVideoDataset(CopyOnDisk):
    """Frame folders and an annotation workbook, as SAMM Long Videos and CAS(ME)^2 have them.

    Class attributes
    ----------------
    promised : counts of the release, by the names of `tally`.
    """

    promised: ClassVar[Mapping[str, int]]
    Config: ClassVar[type] = LongVideoConfig

    @abc.abstractmethod
    def folders(self, errata: Errata) -> list[VideoFolder]:
        """Find every frame folder.

        Raises
        ------
        UserError : when the copy has another layout.
        """

    @abc.abstractmethod
    def rows(self, errata: Errata) -> list[AnnotatedRow]:
        """Read every annotated row, no policy applied.

        Raises
        ------
        UserError : when there is no workbook or it has another form.
        """

    @staticmethod
    @abc.abstractmethod
    def published_length(row: AnnotatedRow) -> float | None:
        """Return the length of an annotated row in frames as thesis Table 5.3 counts it, None where it has none."""

    def videos(self) -> Sequence[Video]:
        """Return every video on disk with its events, sorted by subject and id; reads once, decodes nothing."""
        return self._loaded.videos

    def durations(self) -> Mapping[ExpressionType, NDArray[np.float64]]:
        """Return how long every annotated row lasts, in seconds and by type, counted as thesis Table 5.3 does.

        No policy is applied but that; rows without a length are left out.
        """
        lengths = [(row.type, self.published_length(row)) for row in self._loaded.rows]
        return {
            kind: np.array([length / self.fps for found, length in lengths if found == kind and length is not None])
            for kind in ExpressionType
        }

    def check(self) -> CheckReport:
        """Compare the counts with those of the release, or of the export that wrote the copy; list every erratum."""
        loaded = self._loaded
        found = tally(((row.subject, row.video, row.type) for row in loaded.rows), len(loaded.videos))
        promised = self.promised if self.record is None else self.record.counts
        counts = [Count(name, number, promised.get(name)) for name, number in found.items()]
        counts.append(Count("events kept", sum(len(video.events) for video in loaded.videos)))
        return CheckReport(self.id, tuple(counts), tuple(loaded.errata))

    @functools.cached_property
    def _loaded(self) -> Loaded:
        errata = Errata()
        self.report_record(errata)
        folders, rows = self.folders(errata), self.rows(errata)
        by_video: dict[Key, list[AnnotatedRow]] = collections.defaultdict(list)
        for row in rows:
            by_video[row.subject, row.video].append(row)
        counted = _count_frames(folders, errata)
        present = {(folder.subject, folder.video) for folder, _ in counted}
        for (_, video), lost in by_video.items():
            if (lost[0].subject, video) not in present:
                errata.add("missing_video", video, "its rows are left out", f"{len(lost)} rows and no frames")
        beside = OpenFaceFolder.open(self.config.openface)
        videos = [
            self._video(folder, n, by_video[folder.subject, folder.video], beside, errata) for folder, n in counted
        ]
        return Loaded(tuple(sorted(videos, key=lambda video: video.key)), tuple(rows), errata)

    def _video(
        self,
        folder: VideoFolder,
        n_frames: int,
        rows: list[AnnotatedRow],
        beside: OpenFaceFolder | None,
        errata: Errata,
    ) -> Video:
        resolved = [(resolve(row, n_frames, self.fps, self.config, errata), row.where) for row in rows]
        events = [(event, where) for event, where in resolved if event is not None]
        events.sort(key=lambda pair: (pair[0].onset, pair[0].offset, pair[0].type))
        _report_overlaps(events, errata)
        video = Video(
            self.id,
            folder.subject,
            folder.video,
            self.fps,
            CountedFrames(folder.path, n_frames),
            tuple(event for event, _ in events),
        )
        return video if beside is None else beside.attach(video, folder.path.name, errata)


def _count_frames(folders: list[VideoFolder], errata: Errata) -> list[tuple[VideoFolder, int]]:
    """Count the frames of every folder, and report empty folders, gaps and paddings that differ."""
    counted: list[tuple[VideoFolder, int]] = []
    seen: dict[Key, Path] = {}
    widths: collections.Counter[int] = collections.Counter()
    for folder in folders:
        other = seen.setdefault((folder.subject, folder.video), folder.path)
        if other != folder.path:
            raise UserError(f"{other} and {folder.path} are the same video: remove one of them.")
        scan = scan_frames(folder.path)
        if scan.numbers == 0:
            errata.add("no_frames", folder.video, "left out", f"{folder.path} holds no numbered image")
            continue
        if scan.numbers < scan.last:
            detail = f"{scan.last - scan.numbers} of {scan.last} frames have no file"
            errata.add("missing_frames", folder.video, "the nearest earlier frame stands in", detail)
        if scan.twins:
            detail = f"{scan.numbers + scan.twins} images for {scan.numbers} frame numbers"
            errata.add(
                "duplicate_frames", folder.video, "the video cannot be read until one of each is removed", detail
            )
        widths[scan.width] += 1
        counted.append((folder, scan.last))
    if len(widths) > 1:
        found = ", ".join(f"{width} in {number} videos" for width, number in sorted(widths.items()))
        errata.add("padding", "file names", "numbers are read whatever their padding", f"digits: {found}")
    return counted


def _report_overlaps(events: list[tuple[Event, str]], errata: Errata) -> None:
    """Report each event that begins before an earlier one has ended; `events` are sorted by onset."""
    for index, (event, where) in enumerate(events):
        for earlier, other in events[:index]:
            if event.onset <= earlier.offset:
                detail = f"{event.onset}-{event.offset} and {earlier.onset}-{earlier.offset} of {other}"
                errata.add("overlap", where, "both kept", detail)
