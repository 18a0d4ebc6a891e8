"""Spotting in a video that belongs to no dataset."""

from __future__ import annotations

import csv
import dataclasses
import functools
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
from mebench.runs.work.spotting import checked_scores
from mebench.schema.files import write_atomic
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
    """

    video: Video
    spotting: Spotting
    method: str
    models: int


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
    from mebench.frames.files import open_frames
    from mebench.frames.names import printable
    from mebench.frames.videos import VideoFrames

    frames = open_frames(path)
    if isinstance(frames, VideoFrames):
        frames.look(functools.partial(progress, "look at the frames") if progress else None)
    rate = fps or (frames.fps if isinstance(frames, VideoFrames) else DEFAULT_FPS)
    if len(frames) == 0:
        raise UserError(f"{printable(str(path))} has no frames: give a video with at least one.")
    return Video("", "", printable(path.stem), rate, frames)


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
    spottings = []
    for done, model in enumerate(models):
        context.progress("models", done, len(models))
        limit_loaded_libraries()
        seed_global_generators(0)
        spotting = model.spot(video, context)
        spottings.append(dataclasses.replace(spotting, scores=checked_scores(model, video, spotting)))
    return Spotted(video, combine(spottings), models[0].id, len(models))


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
    """Write `onset,offset,type,score,start,end`.

    Frames are inclusive and bear the numbers of their files, or count from 1; start and end are in seconds.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["onset", "offset", "type", "score", "start", "end"])
    before = spotted.video.first - 1
    for i in spotted.spotting.intervals:
        start, end = spotted.video.seconds(i.onset, i.offset)
        frames = (i.onset + before, i.offset + before)
        table.writerow([*frames, i.type, repr(float(i.score)), f"{start:.3f}", f"{end:.3f}"])
    write_atomic(path, text.getvalue())
