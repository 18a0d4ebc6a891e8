"""Spotting in a video that belongs to no dataset."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from mebench.apply.models import Models
from mebench.apply.stillness import still_face
from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.frames.files import open_frames
from mebench.frames.names import printable
from mebench.frames.videos import VideoFrames
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.runs.places import same_folder
from mebench.runs.resources import limit_loaded_libraries, resolve_device, seed_global_generators
from mebench.runs.work.ensembling import combine
from mebench.runs.work.presence import KeptSpotting, in_sight
from mebench.runs.work.spotting import checked
from mebench.schema.presence import Presence
from mebench.schema.recordings import Video

DEFAULT_FPS = 30.0
"""Taken for folders of frames, which do not say how fast they were recorded."""


@dataclasses.dataclass(frozen=True)
class Spotted:
    """What was spotted.

    Attributes
    ----------
    video : the video.
    spotting : intervals and per-frame scores.
    method : the method with its settings.
    models : number of models that were asked.
    notes : sentences that whoever reads the result should know.
    presence : where the face was found; None for a method that does not look at faces.
    alignment : how faces were aligned, None for the default.
    emotions : probability of each class for each interval, empty for one that was not recognised; no mapping at all
        where nobody was asked.
    recogniser, recognisers : who was asked, and the number of its models.
    """

    video: Video
    spotting: Spotting
    method: str
    models: int
    notes: tuple[str, ...] = ()
    presence: Presence | None = None
    alignment: AlignmentConfig | None = None
    emotions: tuple[Mapping[str, float], ...] = ()
    recogniser: str = ""
    recognisers: int = 0

    def in_order(self) -> list[tuple[SpottedInterval, Mapping[str, float]]]:
        """Return the intervals by onset, each with the probabilities of its emotions."""
        intervals = self.spotting.intervals
        pairs = zip(intervals, self.emotions or [{}] * len(intervals), strict=True)
        return sorted(pairs, key=lambda pair: (pair[0].onset, pair[0].offset, pair[0].type))


def open_video(path: Path, fps: float | None = None, progress: Callable[[str, int, int], None] | None = None) -> Video:
    """Open a video file or a folder of frames.

    Parameters
    ----------
    fps : frames per second; by default what the file says, and 30 for a folder.
    progress : called as progress(what, done, total) while a video file is looked through.

    Raises
    ------
    UserError : when there is nothing of that name, or nothing that can be read.
    """
    frames = open_frames(path)
    if isinstance(frames, VideoFrames):
        frames.look(functools.partial(progress, "look at the frames") if progress else None)
    rate = fps or (frames.fps if isinstance(frames, VideoFrames) else DEFAULT_FPS)
    if len(frames) == 0:
        raise UserError(f"{printable(str(path))} has no frames: give a video with at least one.")
    return Video("", "", printable(name_of(path)), rate, frames)


def rate_notes(video: Video, fps: float | None) -> tuple[str, ...]:
    """Say that a rate was assumed, or taken instead of the one that a file says.

    Parameters
    ----------
    fps : what the user said, as in `open_video`.
    """
    if not isinstance(video.frames, VideoFrames):
        return () if fps else (f"{video.fps:g} frames/s are assumed, for a folder says none: give its own by --fps.",)
    stated = f"{video.frames.fps:.4g}"
    return () if f"{video.fps:.4g}" == stated else (f"--fps {video.fps:g} is used; the file says {stated}.",)


def name_of(path: Path) -> str:
    """Return what a video is called: a file without its suffix, a folder with its whole name, `.` by what it means.

    Bytes that are not UTF-8 stay as they are, so that a folder of the same name can be made; see `printable`.
    """
    whole = path.resolve() if path.name in ("", "..") else path
    return (whole.name if path.is_dir() else whole.stem) or "video"


def spot_video(
    video: Video,
    models: Models[Spotter],
    *,
    device: str = "auto",
    cache: FrameCache | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Spotted:
    """Let models spot in one video; what several models say is combined.

    Parameters
    ----------
    progress : called as progress(what, done, total).

    Raises
    ------
    UserError : when the video cannot be read, or shows no face.
    """
    context = RunContext(0, resolve_device(device), cache or FrameCache())
    if progress is not None:
        context.progress = progress
    spottings: list[KeptSpotting] = []
    for done, model in enumerate(models.each):
        context.progress("models", done, len(models.each))
        limit_loaded_libraries()
        seed_global_generators(0)
        with same_folder():
            spotting = model.spot(video, context)
        spottings.append(in_sight(model, video, checked(model, video, spotting), context))
    presence = spottings[0].presence
    config = models.each[0].alignment(video)
    others = other_faces(video, context.cache, config) if presence is not None else ()
    still = still_face(video, presence, context.cache, config) if presence is not None else ()
    told = presence.sentences(video.first) if presence else ()
    notes = (*others, *told, *still, *notes_of(models, video))
    return Spotted(video, combine(spottings), models.method, len(models.each), notes, presence, config)


def other_faces(video: Video, cache: FrameCache, config: AlignmentConfig | None) -> tuple[str, ...]:
    """Say which faces a video has beside the one that was followed."""
    if video.aligned is not None:
        return ()
    tracks = cache.tracks(video, config)
    followed = config.face if config else 1
    others = [f"{number}: {track.describe()}" for number, track in enumerate(tracks, 1) if number != followed]
    if not others:
        return ()
    which = tracks[followed - 1].describe()
    return (f"{len(tracks)} faces; face {followed} was followed, {which}; for another, --face {'; '.join(others)}.",)


def notes_of(models: Models[Spotter], video: Video) -> tuple[str, ...]:
    """Return what whoever reads the result on a video should know of the video and of the models."""
    notes = [*video.notes(), *models.each[0].notes(video)]
    if models.seen_only_rendered():
        notes.append(
            f"{models.method} has learnt from rendered faces alone ({', '.join(models.trained_on)}): take what it says "
            "of real faces as a hint."
        )
    return tuple(notes)
