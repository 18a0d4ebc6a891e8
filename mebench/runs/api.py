"""Runs as functions: what `mebench run` does, and how its folder is read again.

Conventions
-----------
The same arguments name the same folder, so the same call resumes. Everything that can be wrong with the arguments is
told before anything is written.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.choices import choose_datasets, choose_method, read_settings
from mebench.runs.execute import Execution, Progress
from mebench.runs.executors.base import EXECUTORS, Executor
from mebench.runs.folds import FoldFolder
from mebench.runs.monitor import Monitor
from mebench.runs.plan import Fold, plan_folds
from mebench.runs.plugins import plugin_digest
from mebench.runs.provenance import version
from mebench.runs.resolve import MethodFacts, resolve_method
from mebench.runs.resources import available_cores, resolve_device
from mebench.runs.score import score_run
from mebench.runs.spec import RunSpec, forget_opened
from mebench.runs.store import TIMING, RunFolder, write_json
from mebench.runs.used_frames import CHANGED_AT_WORK, frames_of_run, require_same
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.schema.truth import Truth
from mebench.settings import digest_of

DEFAULT_PROTOCOLS = ("megc2020-spotting", "megc2021-spotting")
"""Protocol of a run on one dataset, and on several whose counts are pooled."""


@dataclasses.dataclass(frozen=True)
class RunResult:
    """What has come of a run.

    Attributes
    ----------
    folder : where it lies.
    scorecard : its scores, None when it was skipped.
    progress : what this start has done.
    skipped : why nothing was run, None when something was.
    """

    folder: Path
    scorecard: Scorecard | None
    progress: Progress
    skipped: str | None = None

    @property
    def complete(self) -> bool:
        """True when every fold is done."""
        return self.scorecard is not None and self.scorecard.complete


def run(
    method: str,
    datasets: Sequence[str],
    *,
    roots: Sequence[str] = (),
    protocol: str | None = None,
    device: str = "auto",
    jobs: int | None = None,
    executor: str = "local",
    seed: int = 0,
    out: Path | None = None,
    cache: Path | None = None,
    settings: Path | None = None,
    plugins: Sequence[Path] = (),
    monitor: Monitor | None = None,
) -> RunResult:
    """Run a method on datasets, or go on with a run that was interrupted, and grade it.

    Parameters
    ----------
    method, datasets : `ID` or `ID:key=value,...`.
    roots : see `choices.choose_datasets`.
    protocol : id; by default `DEFAULT_PROTOCOLS`.
    device : `auto`, `cpu` or `cuda`.
    jobs : processes at work at once, by default one a core.
    executor : name in `EXECUTORS`.
    seed : seed of every random choice.
    out : folder of the run, by default one under `runs/` whose name says what it is.
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
    spec = _spec(method, datasets, roots, device, seed, cache, settings, plugins)
    rules = PROTOCOLS.get(protocol or DEFAULT_PROTOCOLS[len(spec.datasets) > 1])()
    try:
        with EXECUTORS.get(executor)(jobs or available_cores()) as pool:
            return _run(spec, rules, out, pool, monitor)
    finally:
        monitor.close()


def _spec(
    method: str,
    datasets: Sequence[str],
    roots: Sequence[str],
    device: str,
    seed: int,
    cache: Path | None,
    settings: Path | None,
    plugins: Sequence[Path],
) -> RunSpec:
    if not datasets:
        raise UserError("A run needs a dataset: add --dataset ID.")
    table = read_settings(settings)
    chosen = choose_method(method, table)
    resolved = tuple(path.resolve() for path in plugins)
    return RunSpec(
        chosen.id,
        chosen.options,
        choose_datasets(datasets, roots, table),
        seed,
        resolve_device(device),
        cache.resolve() if cache else None,
        resolved,
    )


def _run(spec: RunSpec, rules: Protocol, out: Path | None, pool: Executor, monitor: Monitor) -> RunResult:
    """Plan, execute and grade."""
    from mebench.frames.store import FrameStore

    space = spec.open()
    facts = resolve_method(spec, pool)
    tasks = {dataset.task for dataset in space.datasets.values()}
    refusal = next(
        filter(None, [*facts.refusals.values(), *(rules.supports(list(space.datasets), t) for t in tasks)]), None
    )
    if refusal is not None:
        return RunResult(out or Path(), None, Progress(), refusal)
    splits = {id: rules.splits([video.subject for video in space.videos(id)]) for id in space.datasets}
    plan = plan_folds(splits, trains=facts.trains)
    config = _config(spec, facts, rules, plan)
    FrameStore(spec.cache).check_root()
    folder = RunFolder(out or Path("runs") / _name(spec, config))
    with folder.locked():
        truth = Truth.from_videos([video for id in space.datasets for video in space.videos(id)])
        mended = folder.claim(config, truth)
        truth.write(folder.path / "truth")
        frames = frames_of_run(spec, plan, pool, monitor) if facts.reads_frames else {}
        for note in filter(None, (mended, folder.keep_frames(frames, plan))):
            monitor.note(note)
        progress = Execution(spec, plan, folder, pool, prepares=facts.prepares, monitor=monitor).carry_out()
        if frames and progress.seconds:
            require_same(frames, frames_of_run(spec, plan, pool, Monitor(), fresh=True), CHANGED_AT_WORK)
        card = score_run(folder, plan, rules, truth, _method_ref(facts))
        if folder.has_damaged_timing():
            monitor.note(f"{TIMING} was damaged: what earlier starts had measured is lost.")
        write_json(folder.path / TIMING, _timing(folder, progress, pool))
    return RunResult(folder.path, card, progress)


def _config(spec: RunSpec, facts: MethodFacts, rules: Protocol, plan: Sequence[Fold]) -> dict[str, Any]:
    """Return what the run is: equal for two runs that must end in the same files."""
    space = spec.open()
    return {
        "schema": 1,
        "mebench": version(),
        "protocol": {"id": rules.id, "version": rules.version},
        "method": {"id": facts.id, "version": facts.version},
        "datasets": [
            {
                "id": id,
                "version": dataset.version,
                "settings": dataset.settings(),
                "digest": dataset.digest(),
                "method_settings": facts.settings[id],
                "method_digest": facts.digests[id],
            }
            for id, dataset in space.datasets.items()
        ],
        "seed": spec.seed,
        "device": spec.device,
        "plugins": [plugin_digest(path) for path in spec.plugins],
        "folds": [fold.as_dict() for fold in plan],
    }


def _name(spec: RunSpec, config: dict[str, Any]) -> str:
    """Name a run's folder after its method and datasets, with a digest of all the rest."""
    ids = "-".join([spec.method, *(choice.id for choice in spec.datasets)])
    return f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', ids)}-{digest_of(config)[:8]}"


def _method_ref(facts: MethodFacts) -> MethodRef:
    """Return the method as the scorecard names it; settings that differ between datasets stand under their ids."""
    settings = list(facts.settings.values())
    if all(other == settings[0] for other in settings):
        return MethodRef(facts.id, settings[0], next(iter(facts.digests.values())))
    return MethodRef(facts.id, dict(facts.settings), digest_of(facts.digests))


def _timing(folder: RunFolder, progress: Progress, pool: Executor) -> dict[str, Any]:
    """Return what this start has measured, with the folds that earlier ones have done."""
    now = progress.timing()
    earlier = folder.timing().get("fold_seconds", {})
    return {**now, "fold_seconds": {**earlier, **now["fold_seconds"]}, "jobs": pool.jobs, "executor": pool.id}


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

    def folds(self) -> Iterator[FoldFolder]:
        """Yield every planned fold, done or not."""
        for plain in self.config["folds"]:
            yield self.folder.fold(Fold.from_dict(plain))


def load_run(path: Path) -> StoredRun:
    """Open a run's folder.

    Raises
    ------
    UserError : when it is not the folder of a run.
    """
    folder = RunFolder(path)
    return StoredRun(folder, folder.config())
