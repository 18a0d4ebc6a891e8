"""Runs become baselines: what `mebench check --record` keeps of them; see `baselines` for the layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mebench.analysis.baselines import TRUTH
from mebench.analysis.consistency import require_consistent
from mebench.analysis.regression import retrained
from mebench.errors import UserError
from mebench.runs.store import SCORECARD, RunFolder
from mebench.schema.files import write_atomic
from mebench.schema.scorecard import Scorecard
from mebench.schema.seed_scores import FILE as SEEDS
from mebench.schema.seed_scores import SeedScores, seeds_beside
from mebench.settings import digest_of
from mebench.tasks.base import Task
from mebench.tasks.catalogue import task_of


def record_baselines(runs: Sequence[Path], baselines: Path) -> list[Path]:
    """Keep the scorecard, predictions and truth of runs.

    Runs of one method with the same settings on the same truth, of which only the seed differs, become one baseline:
    the card of the smallest seed, and the scores of all as `seeds.json`.

    Parameters
    ----------
    runs : folders of complete runs.
    baselines : folder to record in.

    Returns
    -------
    The folder of each baseline.

    Raises
    ------
    UserError : when there is no run, one is not complete or contradicts itself, or two have the same seed.
    """
    if not runs:
        raise UserError("There is nothing to record: name the folders of runs.")
    groups: dict[str, dict[int, Path]] = {}
    cards = {}
    for run in runs:
        folder = RunFolder(run)
        seed = int(folder.config().get("seed", 0))
        card = Scorecard.read(folder.scorecard)
        if not card.complete:
            raise UserError(f"{run} is not complete: run its missing folds first.")
        require_consistent(card, str(folder.scorecard))
        same = groups.setdefault(_what(card), {})
        if seed in same:
            raise UserError(f"{same[seed]} and {run} have the same method, settings and seed: record one of them.")
        same[seed], cards[run] = run, card
    return [_record({seed: (run, cards[run]) for seed, run in same.items()}, baselines) for same in groups.values()]


def advice_on_seeds(folder: Path) -> list[str]:
    """Return what a check of a recorded baseline will ask for, a sentence each.

    Parameters
    ----------
    folder : of one baseline.
    """
    path = folder / SCORECARD
    card = Scorecard.read(path)
    seeds = seeds_beside(path, card)
    if seeds is None:
        learns = (
            f"{card.method.id} learns, and one seed says nothing of its chance: record runs of other --seed with it."
        )
        return [learns] if card.trained_on and not card.method.bound else []
    tolerance = retrained(seeds)
    needed = {f"{m} of {s}": tolerance.runs_needed(mean, m, s) for (m, s), mean in tolerance.means.items()}
    wild = [name for name, n in needed.items() if n > 1]
    if not wild:
        return []
    return [
        f"One run of {card.method.id} cannot tell a fall by a third from chance in {', '.join(wild)}: "
        f"where a check asks for more seeds, {max(needed.values())} can."
    ]


def _what(card: Scorecard) -> str:
    """Return what cards of different seeds have in common."""
    return repr((card.method, card.dataset, card.protocol, card.fingerprint))


def _record(same: dict[int, tuple[Path, Scorecard]], baselines: Path) -> Path:
    run, card = same[min(same)]
    shared = baselines / _name(card.dataset.id)
    target = _folder(shared, card)
    task = task_of(card.task)
    kept = shared / TRUTH
    if kept.is_dir() and _digest(task, kept) != card.dataset.digest:
        kept = target / TRUTH
    for file in task.kept_files(run / TRUTH):
        write_atomic(kept / file.name, file.read_bytes())
    _keep(run / task.predictions_file, target / task.predictions_file)
    if len(same) > 1:
        SeedScores.of({seed: other for seed, (_, other) in same.items()}).write(target / SEEDS)
    else:
        (target / SEEDS).unlink(missing_ok=True)
    card.write(target / SCORECARD)
    return target


def _digest(task: Task[Any, Any], folder: Path) -> str:
    """Return the digest of a truth; empty where the folder holds none of the task."""
    try:
        return task.digest(task.read_truth(folder))
    except UserError:
        return ""


def _keep(source: Path, target: Path) -> None:
    """Copy a file, or every file of a folder, each whole or not at all."""
    for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
        if file.is_file():
            write_atomic(target / file.relative_to(source) if source.is_dir() else target, file.read_bytes())


def _folder(shared: Path, card: Scorecard) -> Path:
    """Return the method's folder; other settings or another protocol of the same method get one of their own."""
    plain = shared / _name(card.method.id)
    if not (plain / SCORECARD).exists():
        return plain
    there = Scorecard.read(plain / SCORECARD)
    return plain if _suffix(there) == _suffix(card) else shared / f"{plain.name}-{_suffix(card)}"


def _suffix(card: Scorecard) -> str:
    return digest_of(dict(card.method.config), card.protocol.id, card.dataset.digest)[:8]


def _name(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.+-]+", "_", id).lstrip(".") or "unknown"
