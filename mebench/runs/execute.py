"""Carry out what a plan leaves to do: prepare the recordings, then the folds, each in parallel.

Conventions
-----------
Both phases start with the largest piece, so that no core waits long at the end. What is done stays done: a fold whose
files have their digests is passed over, and a failure stops nothing but the folds that need what failed.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from mebench.runs.executors.base import Executor, Job, Outcome
from mebench.runs.folds import FoldFolder
from mebench.runs.monitor import Monitor
from mebench.runs.notes import together
from mebench.runs.plan import Fold
from mebench.runs.spec import RunSpec, Workspace, key_of
from mebench.runs.store import RunFolder
from mebench.runs.used_frames import name_of
from mebench.runs.work.base import FoldWork, RecordingWork, prepare_recording, run_fold
from mebench.schema.people import Person


@dataclasses.dataclass
class Progress:
    """What has come of a start so far.

    Attributes
    ----------
    failures : why each failed fold failed, by fold id.
    skipped : folds that were done already.
    seconds : wall-clock time of each phase.
    fold_seconds : wall-clock time of each fold that was carried out now.
    peak_mb : largest resident size of any process that worked.
    """

    failures: dict[str, str] = dataclasses.field(default_factory=dict)
    skipped: list[str] = dataclasses.field(default_factory=list)
    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    fold_seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    peak_mb: float = 0.0

    def timing(self) -> dict[str, Any]:
        """Return what was measured as plain JSON types, rounded to what is meaningful."""
        return {
            "seconds": {name: round(value, 2) for name, value in self.seconds.items()},
            "fold_seconds": {name: round(value, 2) for name, value in self.fold_seconds.items()},
            "peak_mb": round(self.peak_mb, 1),
        }


class Execution:
    """One start of a run.

    Parameters
    ----------
    spec : what is run.
    plan : every fold of the full cohort.
    folder : where it goes; claimed and locked by the caller.
    executor : carries out the jobs; entered by the caller.
    prepares : whether the method has anything to prepare.
    monitor : is told how it goes.
    """

    def __init__(
        self,
        spec: RunSpec,
        plan: Sequence[Fold],
        folder: RunFolder,
        executor: Executor,
        *,
        prepares: bool = True,
        monitor: Monitor | None = None,
    ) -> None:
        self.spec = spec
        self.plan = plan
        self.executor = executor
        self.prepares = prepares
        self.monitor = monitor or Monitor()
        self.progress = Progress()
        self._folders = {found.fold.id: found for found in folder.folds(plan)}
        self._space: Workspace = spec.open()

    def start(self) -> Progress:
        """Do what is left to do and say what came of it."""
        pending = [fold for fold in self.plan if self._is_pending(fold)]
        if self.progress.skipped:
            self.monitor.note(f"{len(self.progress.skipped)} of {len(self.plan)} folds are done already.")
        if pending:
            broken = self._prepare(pending)
            self._folds([fold for fold in pending if not self._give_up(fold, broken)])
        return self.progress

    def _is_pending(self, fold: Fold) -> bool:
        problem = self._folders[fold.id].problem()
        if problem is None:
            self.progress.skipped.append(fold.id)
            if strangers := self._folders[fold.id].strangers():
                self.monitor.note(f"Fold {fold.id} holds {', '.join(strangers)}, which is not its own: left as it is.")
        elif problem != "not done yet":
            self.monitor.note(f"Fold {fold.id} is done again: {problem}.")
        return problem is not None

    def _prepare(self, pending: Sequence[Fold]) -> dict[Person, tuple[str, str]]:
        """Prepare every recording that the folds need; return reason and details of failures by person."""
        if not self.prepares:
            return {}
        needed = self._space.recordings({person for fold in pending for person in fold.people})
        by_name = {name_of(recording): recording for recording in sorted(needed, key=lambda r: -r.n_frames)}
        work = [Job(name, prepare_recording, RecordingWork(self.spec, key_of(r))) for name, r in by_name.items()]
        broken: dict[Person, tuple[str, str]] = {}
        notes: dict[str, tuple[str, ...]] = {}
        for outcome in self._phase("prepare", work):
            if outcome.error is not None:
                person = by_name[outcome.job].person
                reason = f"{outcome.job} could not be prepared: {outcome.error}"
                broken.setdefault(person, (reason, outcome.details))
            else:
                notes[outcome.job] = outcome.value or ()
        for note in together((name, note) for name in sorted(notes) for note in notes[name]):
            self.monitor.note(note)
        return broken

    def _give_up(self, fold: Fold, broken: dict[Person, tuple[str, str]]) -> bool:
        """Fail a fold at once when one of its recordings could not be prepared."""
        reason = next((broken[person] for person in sorted(fold.people) if person in broken), None)
        if reason is not None:
            self._fail(self._folders[fold.id], *reason)
        return reason is not None

    def _folds(self, folds: Sequence[Fold]) -> None:
        frames: Counter[Person] = Counter()
        for recording in self._space.recordings({person for fold in folds for person in fold.people}):
            frames[recording.person] += int(recording.n_frames)

        def size(fold: Fold) -> int:
            return sum(frames[person] for person in fold.people)

        work = []
        for fold in sorted(folds, key=lambda fold: -size(fold)):
            folder = self._folders[fold.id]
            one = FoldWork(self.spec, fold, folder.path, folder.config_digest, folder.frames or {}, folder.code)
            work.append(Job(fold.id, run_fold, one))
        for outcome in self._phase("folds", work):
            if outcome.error is None:
                self.progress.fold_seconds[outcome.job] = outcome.seconds
            else:
                self._fail(self._folders[outcome.job], outcome.error, outcome.details)

    def _fail(self, folder: FoldFolder, reason: str, details: str) -> None:
        self.progress.failures[folder.fold.id] = reason
        folder.fail(reason, details)

    def _phase(self, name: str, work: Sequence[Job]) -> Iterator[Outcome]:
        """Run jobs to their end and keep the time."""
        if not work:
            return
        self.monitor.phase(name, len(work))
        start = time.perf_counter()
        for outcome in self.executor.run(work, self.monitor.progress):
            self.monitor.finished(outcome.job, outcome.error)
            self.progress.peak_mb = max(self.progress.peak_mb, outcome.peak_mb)
            yield outcome
        self.progress.seconds[name] = time.perf_counter() - start
        self.monitor.end(name, self.progress.seconds[name])
