"""The tasks that a run hands to an executor: prepare one video, and carry out one fold."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import Spotter, Spotting
from mebench.runs.arrays import npz_bytes, safetensors_bytes
from mebench.runs.executors.base import Report
from mebench.runs.folds import CHECKPOINT, PREDICTIONS, SCORES, FoldFolder
from mebench.runs.plan import Fold
from mebench.runs.resources import limit_loaded_libraries, seed_global_generators
from mebench.runs.spec import RunSpec, Workspace
from mebench.runs.used_frames import CHANGED_AT_WORK, digests, require_same
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.predictions import format_predictions
from mebench.schema.recordings import Video


@dataclasses.dataclass(frozen=True)
class PrepareJob:
    """Fill the cache for one video."""

    spec: RunSpec
    dataset: str
    subject: str
    video: str


@dataclasses.dataclass(frozen=True)
class FoldJob:
    """Carry out one fold.

    Attributes
    ----------
    run : digest of the run's configuration.
    frames : digests of the frames of the fold's videos, empty for a method that reads none.
    """

    spec: RunSpec
    fold: Fold
    path: Path
    run: str
    frames: Mapping[str, str] = dataclasses.field(default_factory=dict)


def prepare_video(job: PrepareJob, report: Report) -> None:
    """Let the method prepare one video, whose truth is withheld; where there is no method, align its faces."""
    space = job.spec.open()
    limit_loaded_libraries()
    context = space.context(job.dataset, progress=report)
    video = space.video(job.dataset, job.subject, job.video)
    if not job.spec.method:
        context.aligned(video)
    else:
        space.method(job.dataset).prepare(video.without_truth(), context)


def run_fold(job: FoldJob, report: Report) -> None:
    """Train, spot every test video, and store the fold; it is done when this returns.

    Raises
    ------
    UserError : also when the frames are not those of the run, or changed while the fold was at work.
    """
    space, folder = job.spec.open(), FoldFolder(job.path, job.fold, job.run, job.frames)
    limit_loaded_libraries()
    seed_global_generators(job.spec.seed)
    folder.begin()
    _check_frames(space, job, fresh=False)
    context = space.context(
        job.fold.dataset, out=job.path, progress=report, log=folder.log, resume=folder.resume(_warn)
    )
    models = _train(space, job.fold, context)
    spotted = [(space.named(job.fold.dataset, v), s) for v, s in _spot(space, job.fold, models, context)]
    _check_frames(space, job, fresh=True)
    folder.finish(
        {
            PREDICTIONS: format_predictions(Intervals.from_rows(_rows(spotted))),
            SCORES: npz_bytes({f"{v.subject}/{v.id}": s.scores for v, s in spotted}),
            CHECKPOINT: _checkpoint(models, job.fold),
        }
    )


def _warn(text: str) -> None:
    """Tell the user what no log may hold, for a log is the same however often a fold was interrupted."""
    print(text, file=sys.stderr, flush=True)


def _check_frames(space: Workspace, job: FoldJob, *, fresh: bool) -> None:
    if job.frames:
        now = digests(space, job.fold.dataset, job.fold.subjects, fresh=fresh)
        require_same(job.frames, now, CHANGED_AT_WORK)


def _train(space: Workspace, fold: Fold, context: RunContext) -> Sequence[Spotter]:
    """Return one model for each arm."""
    model = space.method(fold.dataset)
    if not model.trains:
        return [model]
    train = space.videos(fold.dataset, fold.train)
    validation = [space.videos(fold.dataset, arm.validation) for arm in fold.arms]
    if len(validation) == 2:
        return model.fit_pair(train, validation[0], validation[1], context)
    model.fit(train, validation[0], context)
    return [model]


def _spot(space: Workspace, fold: Fold, models: Sequence[Spotter], context: RunContext) -> list[tuple[Video, Spotting]]:
    work = [
        (model, video)
        for model, arm in zip(models, fold.arms, strict=True)
        for video in space.videos(fold.dataset, arm.test)
    ]
    spotted = []
    for done, (model, video) in enumerate(work):
        context.progress("spot", done, len(work))
        spotting = model.spot(video if model.needs_truth else video.without_truth(), context)
        spotted.append((video, dataclasses.replace(spotting, scores=checked_scores(model, video, spotting))))
    context.progress("spot", len(work), len(work))
    return sorted(spotted, key=lambda pair: pair[0].key)


def _rows(spotted: Sequence[tuple[Video, Spotting]]) -> Iterator[IntervalRow]:
    for video, spotting in spotted:
        for i in spotting.intervals:
            yield IntervalRow(video.subject, video.id, i.onset, i.offset, i.type, i.score)


def checked_scores(model: Spotter, video: Video, spotting: Spotting) -> NDArray[np.float32]:
    """Return the scores of a spotting that keeps what `Spotting` promises.

    Raises
    ------
    UserError : when shapes, frame numbers or values are out of range; the method is at fault.
    """
    scores = np.asarray(spotting.scores, dtype=np.float32)
    if scores.shape != (video.n_frames, 2):
        problem = f"scores of shape {scores.shape} for {video.n_frames} frames"
    elif not np.isfinite(scores).all():
        problem = "scores that are not finite"
    elif any(not 1 <= i.onset <= i.offset for i in spotting.intervals):
        problem = "an interval that ends before it begins"
    elif not model.needs_truth and any(i.offset > video.n_frames for i in spotting.intervals):
        problem = "an interval that goes on past the last frame"
    else:
        return scores
    raise UserError(f"{model.id} gave {problem} of video {video.subject}/{video.id}: mend its `spot`.")


def _checkpoint(models: Sequence[Spotter], fold: Fold) -> bytes:
    arrays: dict[str, NDArray[Any]] = {
        f"{i}/{name}": array for i, model in enumerate(models) for name, array in model.state().items()
    }
    first = models[0]
    note = {"method": first.id, "version": first.version, "settings": first.settings(), "fold": fold.id}
    return safetensors_bytes(arrays, json.dumps(note, sort_keys=True))
