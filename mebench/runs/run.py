"""Runs as functions: what `mebench run` does, and how its folder is read again.

Conventions
-----------
The same arguments name the same folder, so the same call resumes. Everything that can be wrong with the arguments is
told at once, before anything is written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.splits import Cohort
from mebench.runs.arguments import Arguments, checked, in_order
from mebench.runs.copies import check_originals
from mebench.runs.execute import Execution, Progress
from mebench.runs.executors.base import Executor
from mebench.runs.folds import FoldFolder
from mebench.runs.identity import config_of, method_of, trained_on, usual_folder
from mebench.runs.monitor import Monitor
from mebench.runs.needed_tables import require_tables
from mebench.runs.notes import notes_on
from mebench.runs.places import fixed, same_folder
from mebench.runs.plan import Fold, plan_folds, with_copies
from mebench.runs.plugins import load_plugin
from mebench.runs.provenance import today
from mebench.runs.put_aside import WRITTEN, put_aside, written
from mebench.runs.resolve import MethodFacts, resolve_method
from mebench.runs.resources import available_cores
from mebench.runs.score import score_run
from mebench.runs.spec import RunSpec, Workspace, forget_opened, handing_over
from mebench.runs.store import TIMING, RunFolder, write_json
from mebench.runs.used_frames import CHANGED_AT_WORK, frames_of_run, require_same
from mebench.schema.scorecard import Scorecard
from mebench.tasks.catalogue import task_of

DATE = "date"
"""Where the timing of a run, and of its card, says on which day its last fold was done."""


@dataclasses.dataclass(frozen=True)
class RunResult:
    """What has come of a run.

    Attributes
    ----------
    folder : where it lies.
    scorecard : its scores, None when it was skipped.
    progress : what this start has done.
    skipped : why nothing was run, None when something was.
    folds : number of folds of the plan.
    """

    folder: Path
    scorecard: Scorecard | None
    progress: Progress
    skipped: str | None = None
    folds: int = 0

    @property
    def complete(self) -> bool:
        """True when every fold is done."""
        return self.scorecard is not None and self.scorecard.complete


def run(
    method: str,
    datasets: Sequence[str],
    *,
    training: Sequence[str] = (),
    also: Sequence[Path] = (),
    roots: Sequence[str] = (),
    protocol: str | None = None,
    device: str = "auto",
    jobs: int | None = None,
    executor: str = "local",
    seed: int = 0,
    out: Path | None = None,
    runs: Path | None = None,
    cache: Path | None = None,
    settings: Path | None = None,
    plugins: Sequence[Path] = (),
    monitor: Monitor | None = None,
) -> RunResult:
    """Run a method on datasets, or go on with a run that was interrupted, and grade it.

    Parameters
    ----------
    method, datasets : `ID` or `ID:key=value,...`; every dataset is tested.
    training : datasets that are learnt from and not tested; without them the tested people learn from each other, as
        the protocol says.
    also : folders of made copies of people, see `copies`; they are for training alone.
    roots : see `choices.choose_datasets`.
    protocol : id; by default the one that the method's task names for such a run.
    device : `auto`, `cpu` or `cuda`.
    jobs : processes at work at once, by default one a core.
    executor : name in `EXECUTORS`.
    seed : seed of every random choice.
    out : folder of the run, by default one in `runs` whose name says what it is.
    runs : folder of such folders, by default `runs/` in the working folder.
    cache : folder of the frame cache, by default the user's own.
    settings : TOML file, see `choices`.
    plugins : Python files, see `plugins`.
    monitor : is told how it goes.

    Returns
    -------
    The result; a fold that failed is told there, and raises nothing.

    Raises
    ------
    UserError : for whatever is wrong with the arguments, and when the folder cannot be used.
    """
    monitor = monitor or Monitor()
    forget_opened()
    for path in plugins:
        load_plugin(path)
    asked = Arguments(
        method=method,
        datasets=tuple(datasets),
        training=tuple(training),
        also=tuple(also),
        roots=tuple(roots),
        protocol=protocol or "",
        device=device,
        executor=executor,
        seed=seed,
        cache=cache,
        settings=settings,
        plugins=tuple(plugins),
    )
    usual, out = fixed(runs or Path("runs")), None if out is None else fixed(out)
    try:
        with same_folder():
            spec, pool = checked(asked)
            with pool(jobs or available_cores()) as processes:
                result = _run(spec, out, usual, processes, monitor)
            _hold_limit(spec.cache)
    finally:
        monitor.close()
    return result


def _hold_limit(cache: Path | None) -> None:
    """Make the frame cache as small as it may be, now that no process of the run uses it any more."""
    from mebench.frames.store import FrameStore
    from mebench.frames.usage import hold_limit

    store = FrameStore(cache)
    hold_limit(store.root, store.limit)


def _run(spec: RunSpec, out: Path | None, usual: Path, pool: Executor, monitor: Monitor) -> RunResult:
    """Plan, execute and grade; `usual` is the folder of runs for which the user names none."""
    from mebench.frames.store import FrameStore

    facts, refusal = _resolve(spec, pool)
    if refusal is not None:
        return RunResult(out or Path(), None, Progress(), refusal)
    # Which protocol follows from the task where the user names none.
    spec = dataclasses.replace(spec, task=facts.task, protocol=spec.protocol or default_protocol(facts.task, spec))
    rules = PROTOCOLS.get(spec.protocol)()
    spec = in_order(spec, rules.paired)
    tested, training = ([choice.id for choice in choices] for choices in (spec.datasets, spec.training))
    refusal = rules.supports(tested, facts.task, training=training, trains=facts.trains)
    if refusal is not None:
        return RunResult(out or Path(), None, Progress(), refusal)
    space = spec.open()
    _require_tables(space, facts)
    _tell_left_out(space, rules, monitor)
    for note in notes_on(space.recordings()) if facts.reads_frames else ():
        monitor.note(note)
    plan = _plan(space, rules, facts)
    config = config_of(spec, facts, rules, plan)
    FrameStore(spec.cache).check_root()
    folder = RunFolder(out or usual_folder(usual, spec, config))
    with folder.locked():
        truth = space.task.truth_of([space.named(recording) for recording in space.recordings()])
        mended = folder.claim(config, truth)
        aside = put_aside(folder)
        space.task.write_truth(truth, folder.path / "truth")
        code = folder.take_code(config, plan, spec.plugins)
        monitor.begun(folder.path, [fold.id for fold in plan])
        for note in filter(None, (mended, code, *aside)):
            monitor.note(note)
        with handing_over(spec) as shared:
            progress = _execute(shared, facts, plan, folder, pool, monitor)
        if folder.has_damaged_timing():
            monitor.note(f"{TIMING} was damaged: what earlier starts had measured is lost.")
        timing = _timing(folder, progress, pool)
        named = method_of(facts), trained_on(space, facts)
        measured = _measured(timing, plan)
        card = score_run(folder, plan, rules, truth, *named, seed=spec.seed, tuned=facts.tuned, measured=measured)
        write_json(folder.path / TIMING, {**timing, WRITTEN: written(folder)})
    return RunResult(folder.path, card, progress, folds=len(plan))


def _execute(
    spec: RunSpec, facts: MethodFacts, plan: Sequence[Fold], folder: RunFolder, pool: Executor, monitor: Monitor
) -> Progress:
    """Carry out what is left to do, on frames that are the same before, meanwhile and afterwards."""
    frames = frames_of_run(spec, plan, pool, monitor) if facts.reads_frames else {}
    if note := folder.keep_frames(frames, plan):
        monitor.note(note)
    progress = Execution(spec, plan, folder, pool, prepares=facts.prepares, monitor=monitor).start()
    if frames and progress.seconds:
        require_same(frames, frames_of_run(spec, plan, pool, Monitor(), fresh=True), CHANGED_AT_WORK)
    return progress


def _resolve(spec: RunSpec, pool: Executor) -> tuple[MethodFacts, str | None]:
    """Return what is known of the method, and why it cannot run on one of the datasets."""
    tasks = {choice.id: tuple(DATASETS.get(choice.id).tasks) for choice in (*spec.datasets, *spec.training)}
    facts = resolve_method(spec, tasks, pool)
    return facts, next(iter(facts.refusals.values()), None)


def default_protocol(task: str, spec: RunSpec) -> str:
    """Return the protocol of a run that names none: of one dataset, of several, or with datasets for training."""
    one, several, trained = task_of(task).protocols
    if spec.training:
        return trained
    return several if len(spec.datasets) > 1 else one


def _require_tables(space: Workspace, facts: MethodFacts) -> None:
    """Refuse a dataset without OpenFace tables, where the method is told to read them."""
    for id, setting in facts.tables.items():
        recordings = space.recordings(space.people([id]))
        require_tables(id, facts.id, setting, recordings, rendered=space.every_dataset()[id].rendered)


def _tell_left_out(space: Workspace, rules: Protocol, monitor: Monitor) -> None:
    for id, number in sorted(space.left_out.items()):
        what = f"1 recording of {id} is" if number == 1 else f"{number} recordings of {id} are"
        monitor.note(f"{what} left out: {rules.id} has the classes {', '.join(rules.classes)} alone.")


def _plan(space: Workspace, rules: Protocol, facts: MethodFacts) -> tuple[Fold, ...]:
    """Return the folds of the full cohort.

    Raises
    ------
    UserError : when a dataset has nobody, or there are too few people to learn from.
    """
    tested, training = list(space.datasets), list(space.training)
    pairs = tuple(zip(tested, training, strict=True)) if rules.paired and len(training) > 1 else ()
    cohort = Cohort.of(space.people(tested), space.people(training), pairs, overlapping=rules.pretrains)
    for id in (*tested, *training):
        if not space.people([id]):
            does = "tests" if id in tested else "learns from"
            raise UserError(f"{id} has no recordings that {rules.id} {does}: see what `mebench data check` counts.")
    for copies in space.copies:
        check_originals(copies, {*cohort.tested, *cohort.training})
    plan = plan_folds(rules.splits(cohort), trains=facts.trains, validation=facts.validation, seed=space.spec.seed)
    return with_copies(plan, space.originals()) if facts.trains else plan


def _timing(folder: RunFolder, progress: Progress, pool: Executor) -> dict[str, Any]:
    """Return what this start has measured, with the folds that earlier ones have done."""
    now, before = progress.timing(), folder.timing()
    fold_seconds = {**before.get("fold_seconds", {}), **now["fold_seconds"]}
    # A start that found everything done has trained nothing, so the date stays.
    date = today() if now["fold_seconds"] else str(before.get(DATE, ""))
    return {**now, "fold_seconds": fold_seconds, "jobs": pool.jobs, "executor": pool.id, DATE: date}


def _measured(timing: Mapping[str, Any], plan: Sequence[Fold]) -> dict[str, Any]:
    """Return what a card says of time, where it is known: the seconds of all folds, and the day of the last one."""
    seconds = timing["fold_seconds"]
    known = {DATE: timing[DATE]} if timing[DATE] else {}
    if all(fold.id in seconds for fold in plan):
        known["training_seconds"] = round(sum(seconds[fold.id] for fold in plan), 1)
    return known


@dataclasses.dataclass(frozen=True)
class StoredRun:
    """A run as it lies on disk."""

    folder: RunFolder
    config: dict[str, Any]

    @property
    def scorecard(self) -> Scorecard:
        """Its scores.

        Raises
        ------
        UserError : when it has not been graded yet.
        """
        return Scorecard.read(self.folder.scorecard)

    def settings_of(self, fold: Fold) -> Mapping[str, Any]:
        """Return the settings with which a fold's models were trained: of the dataset learnt from last."""
        entries = [*self.config.get("training", ()), *self.config["datasets"]]
        if PROTOCOLS.get(self.config["protocol"]["id"]).pretrains:
            entries = entries[-len(self.config["datasets"]) :]
        people = fold.train or fold.test
        own = [entry for entry in entries if any(person.dataset == entry["id"] for person in people)]
        found: Mapping[str, Any] = (own or entries)[0]["method_settings"]
        return found

    def folds(self) -> Iterator[FoldFolder]:
        """Yield every planned fold, done or not."""
        yield from self.folder.folds([Fold.from_dict(plain) for plain in self.config["folds"]])


def load_run(path: Path) -> StoredRun:
    """Open a run's folder.

    Raises
    ------
    UserError : when it is not the folder of a run.
    """
    folder = RunFolder(path)
    return StoredRun(folder, folder.config())
