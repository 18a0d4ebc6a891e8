"""Spotting in a video that belongs to no dataset."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.base import Spotter, Spotting
from mebench.runs.choices import choose_method, read_settings
from mebench.runs.resources import limit_loaded_libraries, resolve_device, seed_global_generators
from mebench.runs.run import load_run
from mebench.runs.work.ensembling import combine
from mebench.runs.work.presence import KeptSpotting, in_sight
from mebench.runs.work.spotting import checked_scores
from mebench.schema.files import write_atomic
from mebench.schema.presence import Presence
from mebench.schema.recordings import Video

DEFAULT_METHOD = "au_sum"
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
    presence : where the face was found; None for a method that does not look at faces.
    """

    video: Video
    spotting: Spotting
    method: str
    models: int
    presence: Presence | None = None


def open_video(path: Path, fps: float | None = None) -> Video:
    """Open a video file or a folder of frames.

    Parameters
    ----------
    fps : frames per second; by default what the file says, and 30 for a folder.

    Raises
    ------
    UserError : when there is nothing of that name, or nothing that can be read.
    """
    from mebench.frames.files import open_frames
    from mebench.frames.videos import VideoFrames

    frames = open_frames(path)
    rate = fps or (frames.fps if isinstance(frames, VideoFrames) else DEFAULT_FPS)
    if len(frames) == 0:
        raise UserError(f"{path} has no frames: give a video with at least one.")
    return Video("", "", path.stem, rate, frames)


def spot_video(
    video: Video,
    *,
    method: str | None = None,
    run: Path | None = None,
    settings: Path | None = None,
    device: str = "auto",
    cache: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Spotted:
    """Spot with a method that needs no training, or with the models that a run has trained.

    Raises
    ------
    UserError : when the method must be trained first, or the run has no model that can be used.
    """
    from mebench.faces.cache import FrameCache

    if method and run:
        raise UserError("--run has a method of its own: give --run or --method, not both.")
    models = load_models(run) if run else [_untrained(method or DEFAULT_METHOD, settings)]
    context = RunContext(0, resolve_device(device), FrameCache(cache))
    if progress is not None:
        context.progress = progress
    spottings: list[KeptSpotting] = []
    for done, model in enumerate(models):
        context.progress("models", done, len(models))
        limit_loaded_libraries()
        seed_global_generators(0)
        spotting = model.spot(video, context)
        spotting = dataclasses.replace(spotting, scores=checked_scores(model, video, spotting))
        spottings.append(in_sight(model, video, spotting, context))
    return Spotted(video, combine(spottings), models[0].id, len(models), spottings[0].presence)


def load_models(run: Path) -> Sequence[Spotter]:
    """Return the models of every fold of a run that is done.

    Raises
    ------
    UserError : when the folder is no run, or none of its folds is done.
    """
    stored = load_run(run)
    cls = spotter_class(stored.config["method"]["id"])
    models: list[Spotter] = []
    for folder in stored.folds():
        for state in folder.states() if folder.problem() is None else ():
            model = cls.configure(stored.settings_of(folder.fold))
            if model.needs_truth:
                raise UserError(f"{model.id} is the truth itself and finds nothing in a new video: give another --run.")
            model.load_state(state)
            models.append(model)
            if not model.trains:
                return models
    if not models:
        raise UserError(f"No fold of {run} is done: run it to its end first.")
    return models


def spotter_class(id: str) -> type[Spotter]:
    """Return the class of a spotting method.

    Raises
    ------
    UserError : when there is no such method, or it is one of another task.
    """
    found = METHODS.get(id)
    if not issubclass(found, Spotter):
        raise UserError(f"{id} is no spotting method: choose one from `mebench list methods`.")
    return found


def _untrained(text: str, settings: Path | None) -> Spotter:
    """Return a method that can be used as it is."""
    spec = choose_method(text, read_settings(settings))
    cls = spotter_class(spec.id)
    if cls.needs_truth:
        raise UserError(f"{cls.id} is the truth itself and finds nothing in a new video: give another --method.")
    if cls.trains:
        raise UserError(f"{cls.id} must be trained first: `mebench run --method {cls.id} ...`, then give --run DIR.")
    return cls.configure(spec.options)


def write_intervals(spotted: Spotted, path: Path) -> None:
    """Write `onset,offset,type,score,start,end`: frames are 1-based and inclusive, start and end are in seconds.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["onset", "offset", "type", "score", "start", "end"])
    fps = spotted.video.fps
    for i in spotted.spotting.intervals:
        table.writerow(
            [i.onset, i.offset, i.type, repr(float(i.score)), f"{(i.onset - 1) / fps:.3f}", f"{i.offset / fps:.3f}"]
        )
    write_atomic(path, text.getvalue())
