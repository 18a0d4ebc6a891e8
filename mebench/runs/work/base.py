"""The work of a fold for any task: prepare recordings, train, go through what is tested, and store what came of it.

Conventions
-----------
What differs between tasks is a `Work`: how a recording is carried out, and which files keep the results. Results of a
fold are streamed: a recording is carried out, its result is handed to the writers, and then forgotten.
"""

from __future__ import annotations

import abc
import contextlib
import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mebench.methods.base import Method, RunContext
from mebench.registry import Registry
from mebench.runs.arrays import write_safetensors
from mebench.runs.executors.base import Report
from mebench.runs.folds import CHECKPOINT, FoldFolder
from mebench.runs.plan import Fold
from mebench.runs.resources import limit_loaded_libraries, seed_global_generators
from mebench.runs.spec import RunSpec, Workspace
from mebench.runs.used_frames import CHANGED_AT_WORK, digests, require_same
from mebench.schema.recordings import Recording

T = TypeVar("T")


class Work(abc.ABC, Generic[T]):
    """The work of one task; `T` is the result of one recording.

    Class attributes
    ----------------
    words : what is done with a recording, for progress: `spot`.
    files : names of the files beside the predictions that a fold of the task keeps.
    """

    words: ClassVar[str]
    files: ClassVar[tuple[str, ...]] = ()

    def prepares(self, method: type[Method[Any]]) -> bool:
        """Tell whether there is anything to prepare for a method."""
        return method.prepare is not Method.prepare

    def prepare(self, model: Any, recording: Any, context: RunContext) -> None:
        """Fill the cache for one recording whose truth is withheld."""
        model.prepare(recording, context)

    def notes(self, model: Any, recording: Any) -> tuple[str, ...]:
        """Return sentences on a recording that a run tells once it is prepared; none by default."""
        return ()

    @abc.abstractmethod
    def carry_out(self, model: Any, recording: Any, context: RunContext) -> T:
        """Let a trained model work on one recording, and check what it returns.

        Parameters
        ----------
        recording : its truth is withheld, unless the method needs it.

        Raises
        ------
        UserError : when the method does not keep what its base class promises.
        """

    @abc.abstractmethod
    def results(self, folder: Path) -> contextlib.AbstractContextManager[Results[T]]:
        """Return what takes the results of a fold and writes its files into a folder when all are there."""

    def kept(self, folder: FoldFolder, classes: Sequence[str]) -> Mapping[tuple[str, ...], T] | None:
        """Return the result of each recording that a fold has kept, as `carry_out` gave it, by the recording's key.

        None, the default, where a fold keeps less than that.
        """
        return None

    def extras(self, done: Sequence[FoldFolder], truth: Any, method: str) -> Mapping[str, Any]:
        """Return what a grading takes besides the predictions, by the names of `Predicted`'s fields.

        Parameters
        ----------
        done, truth : the folds that are done, and what they are held against.
        method : id of the method, for what there is to tell.
        """
        return {}


class Results(abc.ABC, Generic[T]):
    """Takes the results of a fold one by one, in the order of their recordings."""

    @abc.abstractmethod
    def add(self, recording: Any, result: T) -> None:
        """Take one result; `recording` bears the names that the truth has."""


WORK: Registry[type[Work[Any]]] = Registry("work", "mebench.work", of=Work)

for _id, _target in (
    ("spotting", "spotting:SpottingWork"),
    ("spot_recognise", "spot_recognise:SpotRecogniseWork"),
    ("recognition", "recognition:RecognitionWork"),
    ("label_sets", "label_sets:LabelSetWork"),
    ("generation", "generation:GenerationWork"),
):
    WORK.add(_id, f"mebench.runs.work.{_target}", task=_id)


def work_of(task: str) -> Work[Any]:
    """Return the work of a task.

    Raises
    ------
    UserError : for a task that no method can be run for.
    """
    return WORK.get(task)()


@dataclasses.dataclass(frozen=True)
class RecordingWork:
    """Work on one recording without a fold; `key` is that of `Workspace.recording`."""

    spec: RunSpec
    key: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class FoldWork:
    """Carry out one fold.

    Attributes
    ----------
    config_digest : digest of the run's configuration.
    frames : digests of the frames of the fold's recordings, empty for a method that reads none.
    code : digests of the plug-in files where they have been mended since the run began.
    """

    spec: RunSpec
    fold: Fold
    path: Path
    config_digest: str
    frames: Mapping[str, str] = dataclasses.field(default_factory=dict)
    code: tuple[str, ...] = ()


def prepare_recording(work: RecordingWork, report: Report) -> tuple[str, ...]:
    """Let the method prepare one recording, whose truth is withheld; where there is no method, align its faces.

    Returns
    -------
    Sentences that whoever reads the run's results should know.
    """
    space = work.spec.open()
    limit_loaded_libraries()
    recording = space.recording(work.key)
    context = space.context(recording.dataset, progress=report)
    if not work.spec.method:
        context.aligned(recording)
        return ()
    what, model, untold = work_of(space.method_class.task), space.method([recording.dataset]), recording.without_truth()
    what.prepare(model, untold, context)
    return what.notes(model, untold)


def run_fold(work: FoldWork, report: Report) -> None:
    """Train, carry out every tested recording, and store the fold; it is done when this returns.

    Raises
    ------
    UserError : also when the frames are not those of the run, or changed while the fold was at work.
    """
    space, task = work.spec.open(), work_of(work.spec.task)
    folder = FoldFolder(work.path, work.fold, work.config_digest, work.frames, space.task, task.files, work.code)
    limit_loaded_libraries()
    seed_global_generators(work.spec.seed)
    folder.begin()
    _check_frames(space, work, fresh=False)
    datasets = space.datasets_of(work.fold)
    context = space.context(datasets[0], out=work.path, progress=report, log=folder.log, resume=folder.resume(_warn))
    models = _train(space, work.fold, datasets, context)
    with task.results(work.path) as results:
        for recording, result in _go_through(task, space, work.fold, models, context):
            results.add(space.named(recording), result)
    _check_frames(space, work, fresh=True)
    folder.finish({CHECKPOINT: lambda path: write_safetensors(path, *_checkpoint(models, work.fold))})


def _warn(text: str) -> None:
    """Tell the user what no log may hold, for a log is the same however often a fold was interrupted."""
    print(text, file=sys.stderr, flush=True)


def _check_frames(space: Workspace, work: FoldWork, *, fresh: bool) -> None:
    if work.frames:
        require_same(work.frames, digests(space, work.fold.people, fresh=fresh), CHANGED_AT_WORK)


def _train(space: Workspace, fold: Fold, datasets: Sequence[str], context: RunContext) -> Sequence[Method[Any]]:
    """Return one model for each arm."""
    model = space.method(datasets)
    if not model.trains:
        return [model]
    train = space.recordings(fold.train)
    validation = [space.recordings(arm.validation) for arm in fold.arms]
    if model.tuned_on_test():
        # What a paper chose on the data that it scored can be chosen only where they are at hand; the card says so.
        context.scored = space.tested(fold.test)
    if len(validation) == 2:
        return model.fit_pair(train, validation[0], validation[1], context)
    model.fit(train, validation[0], context)
    return [model]


def _go_through(
    task: Work[T], space: Workspace, fold: Fold, models: Sequence[Method[Any]], context: RunContext
) -> Iterator[tuple[Recording, T]]:
    """Yield each tested recording with its result, in the order of the recordings' names."""
    work = [
        (model, recording) for model, arm in zip(models, fold.arms, strict=True) for recording in space.tested(arm.test)
    ]
    work.sort(key=lambda pair: (pair[1].dataset, *pair[1].key))
    for done, (model, recording) in enumerate(work):
        context.progress(task.words, done, len(work))
        seen = recording if model.needs_truth else recording.without_truth()
        yield recording, task.carry_out(model, seen, context)
    context.progress(task.words, len(work), len(work))


def _checkpoint(models: Sequence[Method[Any]], fold: Fold) -> tuple[dict[str, NDArray[Any]], str]:
    arrays = {
        f"{i}/{name}": np.asarray(array) for i, model in enumerate(models) for name, array in model.state().items()
    }
    first = models[0]
    note = {"method": first.id, "version": first.version, "settings": first.settings(), "fold": fold.id}
    return arrays, json.dumps(note, sort_keys=True)
