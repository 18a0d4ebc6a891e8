"""What the loaders of clip datasets share: from frame folders and annotated rows to clips and a report.

A loader says where the frame folders are and what the workbook's rows hold; everything else happens here, once, so that
the same irregularity is treated alike in every dataset. Nothing is decoded and nothing of a frame is held.
"""

from __future__ import annotations

import abc
import collections
import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from mebench.datasets.base import CheckReport, Count
from mebench.datasets.clips.policies import (
    AnnotatedClip,
    ClipPolicies,
    Correction,
    Span,
    corrected,
    resolve_clip,
    spelt_alike,
)
from mebench.datasets.copies import CopyOnDisk
from mebench.datasets.folders import CountedFrames, FolderScan, scan_frames, search_files, subfolders
from mebench.datasets.openface_beside import OpenFaceFolder
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.recordings import Clip
from mebench.settings import setting

Key = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class ClipConfig(ClipPolicies):
    """The settings that every clip loader has."""

    fps: float | None = setting(
        None,
        "Frame rate; left out, that of the release, or in a copy that `data export` wrote that of its clips.",
        unit="frames per second",
    )
    workbook: str | None = setting(None, "Path of the annotation workbook; left out, it is looked for in the copy.")
    openface: str | None = setting(
        None, "Folder with OpenFace results, `CLIP.csv` and `CLIP_aligned/` for each frame folder CLIP."
    )

    def __post_init__(self) -> None:
        """Refuse a frame rate that is not positive."""
        if self.fps is not None and not self.fps > 0:
            raise ValueError(f"fps={self.fps} must be above 0")


@dataclasses.dataclass(frozen=True)
class ClipFolder:
    """A folder that holds the frames of one clip; subject and clip are spelt as in the rows, but for case."""

    subject: str
    clip: str
    path: Path

    @property
    def key(self) -> Key:
        """What joins the folder and the row: subject and clip without regard to case."""
        return (self.subject.casefold(), self.clip.casefold())


@dataclasses.dataclass(frozen=True)
class LoadedClips:
    """Everything read from one copy of a dataset."""

    clips: tuple[Clip, ...]
    rows: tuple[AnnotatedClip, ...]
    errata: Errata


def tally_clips(labels: Iterable[tuple[str, str]], n_clips: int) -> dict[str, int]:
    """Count annotated clips, given as (subject, emotion), the way the datasets' papers do.

    Returns
    -------
    Number by name, in the order in which a report lists them: `emotion disgust` is how many rows say disgust.
    """
    listed = list(labels)
    emotions = collections.Counter(emotion for _, emotion in listed if emotion)
    return {
        "annotated rows": len(listed),
        "subjects": len({subject for subject, _ in listed}),
        "clips": n_clips,
        **{f"emotion {name}": number for name, number in sorted(emotions.items())},
    }


class ClipDataset(CopyOnDisk):
    """Frame folders of one expression each, and a table that says what they show.

    Class attributes
    ----------------
    promised : counts of the release, by the names of `tally_clips`.
    known_errors : rows of the release that are known to be wrong, by `AnnotatedClip.key`, so in lower case.
    cut : whether the release cuts clips at onset and offset and has no table of them.
    """

    tasks: ClassVar[tuple[str, ...]] = ("recognition", "generation")
    promised: ClassVar[Mapping[str, int]] = {}
    known_errors: ClassVar[Mapping[Key, Correction]] = {}
    cut: ClassVar[bool] = False
    Config: ClassVar[type] = ClipConfig

    @abc.abstractmethod
    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find every frame folder.

        Raises
        ------
        UserError : when the copy has another layout.
        """

    @abc.abstractmethod
    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Read every annotated row, no policy applied.

        Raises
        ------
        UserError : when there is no workbook or it has another form.
        """

    def promises(self, rows: Sequence[AnnotatedClip]) -> Mapping[str, int]:
        """Return the counts that `check` expects of a copy of the release with these rows."""
        return self.promised

    def clips(self) -> Sequence[Clip]:
        """Return every clip on disk that has a row, sorted by subject and id; reads once, decodes nothing."""
        return self._loaded.clips

    def check(self) -> CheckReport:
        """Compare the counts with those of the release, or of the export that wrote the copy; list every erratum."""
        loaded = self._loaded
        found = tally_clips(((row.subject, row.emotion) for row in loaded.rows), len(loaded.clips))
        promised = self.promises(loaded.rows) if self.record is None else self.record.counts
        names = [*found, *(name for name in promised if name not in found)]
        counts = [Count(name, found.get(name, 0), promised.get(name)) for name in names]
        counts.append(Count("frames", sum(clip.n_frames for clip in loaded.clips)))
        return CheckReport(self.id, tuple(counts), tuple(loaded.errata))

    def workbook(self, example: str, *patterns: str, errata: Errata) -> Path:
        """Return the annotation workbook: that of the setting, or the last by name of those in the copy.

        Parameters
        ----------
        example : the release's own name, for the message.
        patterns : of file names, the better ones first; the root, its folders and theirs are looked into.
        errata : is told of further workbooks.

        Raises
        ------
        UserError : when there is none.
        """
        if self.config.workbook is not None:
            return Path(self.config.workbook)
        near = subfolders(self.place)
        places = [self.place, *near, *(further for folder in near for further in subfolders(folder))]
        by_pattern = [search_files(places, pattern) for pattern in patterns]
        found = next(filter(None, by_pattern), [])
        if not found:
            raise UserError(
                f"No workbook named {example} was found in {self.place}: put the release's workbook there, or name "
                "it with the setting workbook=PATH."
            )
        chosen = max(found, key=lambda path: path.name.lower())
        for other in sorted({path.name for paths in by_pattern for path in paths} - {chosen.name}):
            errata.add("several_workbooks", other, f"{chosen.name} is read")
        return chosen

    @functools.cached_property
    def _loaded(self) -> LoadedClips:
        errata = Errata()
        self.report_record(errata)
        folders = _unique_folders(self.folders(errata))
        read = spelt_alike(self.rows(errata), errata)
        rows = corrected(_unique_rows(read, errata), self.known_errors, self.config, errata)
        _report_unlabelled(folders, rows, errata)
        beside = OpenFaceFolder.open(self.config.openface)
        scans = _ScanReport(errata)
        clips = []
        for row in rows:
            clip = self._clip(row, folders.get(row.key), scans, errata)
            if clip is not None:
                clips.append(clip if beside is None else beside.attach(clip, folders[row.key].path.name, errata))
        scans.report_padding()
        return LoadedClips(tuple(sorted(clips, key=lambda clip: clip.key)), tuple(read), errata)

    def _clip(self, row: AnnotatedClip, folder: ClipFolder | None, scans: _ScanReport, errata: Errata) -> Clip | None:
        scan = None if folder is None else scans.scan(folder)
        if folder is None or scan is None:
            if self.config.no_frames == "refuse":
                raise UserError(
                    f"{row.where} has no frames in {self.place}: copy them from the release, or leave the clip out "
                    "with no_frames=drop."
                )
            errata.add("no_frames", row.where, "left out", "its frames are not on disk")
            return None
        span = resolve_clip(row, scan, self.config, errata, cut=self.cut)
        if span is None:
            return None
        _report_key_frames(row, span, scan, errata)
        frames = CountedFrames(folder.path, scan.span, scan.first)
        return Clip(self.id, row.subject, row.clip, self.fps, frames, row.emotion, *span, row.action_units)


class _ScanReport:
    """Scans folders, and reports gaps, twins and paddings that differ."""

    def __init__(self, errata: Errata) -> None:
        self._errata = errata
        self._widths: collections.Counter[int] = collections.Counter()

    def scan(self, folder: ClipFolder) -> FolderScan | None:
        """Return what is on disk, None when there is no frame."""
        scan, where = scan_frames(folder.path), folder.path.name
        if scan.numbers == 0:
            return None
        if scan.numbers < scan.span:
            detail = f"{scan.span - scan.numbers} of {scan.span} frames have no file: {_shown(scan.gaps)}"
            self._errata.add("missing_frames", where, "the nearest earlier frame stands in", detail)
        if scan.twins:
            detail = f"{scan.numbers + scan.twins} images for {scan.numbers} frame numbers"
            policy = "the clip cannot be read until one of each is removed"
            self._errata.add("duplicate_frames", where, policy, detail)
        if scan.padded or scan.width == 1:
            self._widths[scan.width] += 1
        return scan

    def report_padding(self) -> None:
        """Report file names that are padded in one clip and not in another."""
        if len(self._widths) > 1:
            found = ", ".join(f"{width} in {number} clips" for width, number in sorted(self._widths.items()))
            self._errata.add("padding", "file names", "numbers are read whatever their padding", f"digits: {found}")


def _report_key_frames(row: AnnotatedClip, span: Span, scan: FolderScan, errata: Errata) -> None:
    """Report an onset, apex or offset whose frame has no file, for it shows another moment."""
    for name, frame in zip(Span._fields, span, strict=True):
        number = frame + scan.first - 1
        if frame and any(first <= number <= last for first, last in scan.gaps):
            errata.add("key_frame_missing", row.where, "the nearest earlier frame stands in", f"{name} {number}")


def _shown(gaps: Sequence[tuple[int, int]], most: int = 8) -> str:
    """Return gaps such as `570, 580-590`, and how many more there are."""
    text = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in gaps[:most])
    return text if len(gaps) <= most else f"{text} and {len(gaps) - most} more gaps"


def _unique_folders(folders: Iterable[ClipFolder]) -> dict[Key, ClipFolder]:
    found: dict[Key, ClipFolder] = {}
    for folder in folders:
        other = found.setdefault(folder.key, folder)
        if other.path != folder.path:
            raise UserError(f"{other.path} and {folder.path} are the same clip: remove one of them.")
    return found


def _unique_rows(rows: Iterable[AnnotatedClip], errata: Errata) -> list[AnnotatedClip]:
    """Return the first row of each clip, and report the others."""
    found: dict[Key, AnnotatedClip] = {}
    for row in rows:
        if found.setdefault(row.key, row) is not row:
            errata.add("duplicate_row", row.where, "left out", "an earlier row is about the same clip")
    return list(found.values())


def _report_unlabelled(folders: Mapping[Key, ClipFolder], rows: Iterable[AnnotatedClip], errata: Errata) -> None:
    """Report folders of frames of which no row says what they show."""
    labelled = {row.key for row in rows}
    for key in sorted(set(folders) - labelled):
        errata.add("no_row", folders[key].path.name, "left out", "no row says what it shows")
