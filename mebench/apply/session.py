"""Spotting in a list of videos, one after the other: what is done is kept, and what fails stops no other.

Conventions
-----------
Results of the same content, models and settings are taken from their folder, so a long list that was interrupted goes
on with the same command.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import mebench
from mebench.apply.models import Models
from mebench.apply.places import Places
from mebench.apply.recognise import Recognisers, recognise_spotted
from mebench.apply.record import (
    INTERVALS,
    PAGE,
    SpotRecord,
    changed_files,
    is_whole,
    read_record,
    write_intervals,
    write_record,
)
from mebench.apply.spot import Spotted, name_of, open_video, rate_notes, spot_video
from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.frames.names import printable
from mebench.methods.spotting.base import Spotter
from mebench.runs.monitor import Monitor
from mebench.settings import digest_of

WritePage = Callable[[Path, Spotted, SpotRecord], None]
"""Writes the page of a result to a path."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of one video.

    Attributes
    ----------
    path : the video, as it was given.
    folder : folder of its results, None when it failed before it had one.
    record : what was spotted, None when it failed.
    error : why it failed, else empty.
    kept : whether the results were there already.
    replaced : a sentence on the older results of the same video that were replaced, else empty.
    """

    path: Path
    folder: Path | None = None
    record: SpotRecord | None = None
    error: str = ""
    kept: bool = False
    replaced: str = ""


@dataclasses.dataclass(frozen=True)
class Session:
    """Everything that the videos of one call share.

    Attributes
    ----------
    models : who spots.
    places : where results go.
    write_page : writes the page of one video.
    page : what the page depends on besides the result, such as its pictures.
    fps : frames per second, None for what the videos say.
    device : `auto`, `cpu` or `cuda`.
    recognisers : who tells the emotion of what was spotted; None for nobody.
    """

    models: Models[Spotter]
    places: Places
    write_page: WritePage
    page: str = ""
    fps: float | None = None
    device: str = "auto"
    cache: FrameCache = dataclasses.field(default_factory=FrameCache)
    recognisers: Recognisers | None = None

    def spot_all(self, paths: Sequence[Path], monitor: Monitor) -> Iterator[Outcome]:
        """Yield what came of each video, in order, as soon as it is known.

        Raises
        ------
        UserError : when nothing can be written, or the only video cannot be opened.
        """
        self.places.require_writable()
        single = len(paths) == 1
        if single:
            # What cannot be opened is told at once, before there is anything to show progress of.
            open_video(paths[0], self.fps, functools.partial(monitor.progress, printable(str(paths[0]))))
        monitor.phase("spot", len(paths))
        for path in paths:
            outcome = self._outcome(path, monitor)
            if not (single and outcome.error):  # what is wrong with a single video is the command's own error
                monitor.finished(printable(str(path)), outcome.error or None)
            yield outcome

    def _outcome(self, path: Path, monitor: Monitor) -> Outcome:
        try:
            return self._spot(path, functools.partial(monitor.progress, printable(str(path))))
        except UserError as error:
            return Outcome(path, error=str(error))

    def _spot(self, path: Path, progress: Callable[[str, int, int], None]) -> Outcome:
        video = open_video(path, self.fps, progress)
        content, name = self.cache.content(video.frames), name_of(path)
        made_with = digest_of(mebench.__version__, self._asked, video.fps, self.page)
        folder = self.places.find(name, content)
        before = read_record(folder) if folder is not None else None
        if folder is not None and before is not None:
            _require_unchanged(before, folder)
        if folder is not None and before is not None and before.made_with == made_with and is_whole(before, folder):
            return Outcome(path, folder, before, kept=True)
        spotted = spot_video(video, self.models, device=self.device, cache=self.cache, progress=progress)
        if self.recognisers is not None:
            spotted = recognise_spotted(
                spotted, self.recognisers, device=self.device, cache=self.cache, progress=progress
            )
        spotted = dataclasses.replace(spotted, notes=(*spotted.notes, *rate_notes(video, self.fps)))
        record = SpotRecord.of(spotted, content, made_with)
        if folder is not None and before is not None:
            return Outcome(path, folder, self._write(folder, spotted, record), replaced=_replaced(before, made_with))
        with self.places.new(name) as making:
            record = self._write(making, spotted, record)
        return Outcome(path, self.places.placed, record, replaced=self.places.moved)

    @property
    def _asked(self) -> str:
        """Digest of all models."""
        spotters = self.models.digest
        return spotters if self.recognisers is None else digest_of(spotters, self.recognisers.digest)

    def _write(self, folder: Path, spotted: Spotted, record: SpotRecord) -> SpotRecord:
        write_intervals(record, folder / INTERVALS)
        self.write_page(folder / PAGE, spotted, record)
        return write_record(record, folder)


def _require_unchanged(before: SpotRecord, folder: Path) -> None:
    """Refuse to write over what somebody has changed by hand."""
    if changed := changed_files(before, folder):
        raise UserError(
            f"{printable(str(folder / changed[0]))} was changed since it was written: move it away, or give another "
            "--out."
        )


def _replaced(before: SpotRecord, made_with: str) -> str:
    """Say which results were replaced."""
    if before.made_with == made_with:
        return f"{INTERVALS} or {PAGE} was removed since; all files are written anew"
    return f"these results replace earlier ones of {before.method}, which had other settings or models"
