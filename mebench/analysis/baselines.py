"""Recorded scorecards, and what is held against them.

Conventions
-----------
    baselines/<dataset>/truth/{events.csv,videos.csv,truth.json}
              <dataset>/<method>/scorecard.json
                                 predictions.csv     graded again by a check without arguments
                                 seeds.json          scores over several seeds, for methods that learn by chance
                                 truth/              only where it is not the dataset's shared one

A scorecard may also lie alone, under any name that ends in `.json`; then there is nothing to grade again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from mebench.analysis.consistency import as_they_stand, consistency_of
from mebench.analysis.regraded import compare_regraded
from mebench.analysis.regression import (
    EXACT,
    RETRAINED,
    SHARE,
    Comparison,
    Tolerance,
    compare_scorecards,
    find_baseline,
    retrained,
)
from mebench.analysis.seeds import mean_card, seed_of, uncertainties
from mebench.errors import Faults, UserError
from mebench.metrics.catalogue import metric_of
from mebench.protocols.grading import convention_of, grade_files
from mebench.protocols.rules.raw_scores import MOVEMENT
from mebench.runs.store import SCORECARD
from mebench.schema.scorecard import Score, Scorecard
from mebench.schema.seed_scores import FILE as SEEDS_FILE
from mebench.schema.seed_scores import SeedScores, seeds_beside
from mebench.tasks.catalogue import TASKS, task_of

TRUTH = "truth"
_NO_CARDS = {SEEDS_FILE, "truth.json", "config.json", "timing.json", "done.json"}

Origin = Literal["auto", "rescored", "retrained"]
"""How a card came about: `auto` takes it for retrained where its baseline keeps seeds."""


@dataclasses.dataclass(frozen=True)
class Baseline:
    """One recorded card and what is kept beside it."""

    path: Path
    card: Scorecard

    @property
    def predictions(self) -> Path | None:
        """The predictions that the card was made of, or None."""
        if self.card.task not in TASKS or self.path.name != SCORECARD:
            return None
        path = self.path.parent / task_of(self.card.task).predictions_file
        return path if path.exists() else None

    @property
    def truth(self) -> Path | None:
        """The folder of the truth: the card's own, the dataset's shared one, or None."""
        folders = (self.path.parent / TRUTH, self.path.parents[1] / TRUTH)
        task = task_of(self.card.task)
        return next((folder for folder in folders if any(_exist(folder, name) for name in task.truth_files)), None)

    @property
    def title(self) -> str:
        """Method, dataset and protocol."""
        return f"{self.card.method.id} on {self.card.dataset.id} under {self.card.protocol.id}"

    def seeds(self) -> SeedScores | None:
        """Return the recorded seeds, or None.

        Raises
        ------
        UserError : when they were graded under another convention or against another truth.
        """
        return seeds_beside(self.path, self.card)


def _exist(folder: Path, pattern: str) -> bool:
    return folder.is_dir() and any(folder.glob(pattern))


def read_baselines(folder: Path) -> list[Baseline]:
    """Read every scorecard under a folder, sorted by path.

    Raises
    ------
    UserError : when there is none, or a file is no scorecard.
    """
    if not folder.is_dir():
        raise UserError(f"The folder of baselines {folder} does not exist: give --baselines DIR.")
    paths = [path for path in sorted(folder.rglob("*.json")) if path.name not in _NO_CARDS]
    if not paths:
        raise UserError(f"{folder} holds no scorecard: record a baseline there, or give another --baselines.")
    return [Baseline(path, Scorecard.read(path)) for path in paths]


def check_baselines(folder: Path) -> list[Comparison]:
    """Grade the kept predictions of every baseline again; nothing may differ from its card.

    Parameters
    ----------
    folder : the baselines.

    Returns
    -------
    One comparison for each baseline that keeps predictions, or whose card contradicts itself.

    Raises
    ------
    UserError : when no baseline keeps predictions, or kept files cannot be read.
    """
    found = [checked for baseline in read_baselines(folder) if (checked := _check_kept(baseline)) is not None]
    if not found:
        raise UserError(f"No baseline in {folder} keeps its predictions: name the scorecards to hold against them.")
    return found


def _check_kept(baseline: Baseline) -> Comparison | None:
    faults = consistency_of(baseline.card).faults
    if baseline.predictions is None:
        return Comparison(baseline.title, faults=faults) if faults else None
    return dataclasses.replace(_graded_again(baseline), faults=faults)


def _graded_again(baseline: Baseline) -> Comparison:
    predictions, truth, card = baseline.predictions, baseline.truth, baseline.card
    if predictions is None or truth is None:
        where = baseline.path.parents[1] / TRUTH
        return Comparison(baseline.title, errors=(f"There is no truth in {where}: record the baseline again.",))
    try:
        again = grade_files(predictions, truth, card.protocol.id, convention_of(card), card.method)
    except UserError as error:
        return Comparison(baseline.title, errors=(str(error),))
    left_out = [score for score in card.scores if _is_left_out(score, again)]
    scores = tuple(score for score in card.scores if score not in left_out)
    found = compare_regraded(again.replace(complete=card.complete), card.replace(scores=scores))
    if left_out:
        needs = sorted({metric_of(score.metric).needs or "raw scores" for score in left_out})
        names = ", ".join(sorted({score.metric for score in left_out}))
        note = f"{names} is not graded again: {' and '.join(needs)} are not kept."
        found = dataclasses.replace(found, notes=(*found.notes, note))
    return found


def _is_left_out(score: Score, again: Scorecard) -> bool:
    """Return whether kept predictions alone do not tell a score; movement alone is known by raw scores."""
    untold = score.scope == MOVEMENT and again.find(score.metric, score.scope) is None
    return bool(metric_of(score.metric).needs) or untold


def check_scorecards(
    cards: Sequence[Path],
    baselines: Path,
    tolerance: Tolerance | None = None,
    origin: Origin = "auto",
    share: float = SHARE,
) -> list[Comparison]:
    """Compare each scorecard with the recorded one of the same method, settings, dataset and protocol.

    Parameters
    ----------
    cards : scorecard files, or folders of runs; those of one method that learns by chance, which differ in the seed
        alone, are held against its recorded seeds by their mean.
    baselines : see `read_baselines`.
    tolerance : how far a score may fall, in place of what the origin says.
    origin : `rescored` allows nothing, `retrained` max(5%, 3 sigma).
    share : the most that a score may fall by chance, as a share of it.

    Returns
    -------
    One comparison for each card, or for each method of which several seeds are named. A card without a baseline has
    that as its error, one that contradicts itself has its faults.

    Raises
    ------
    UserError : when there is nothing to compare, and for everything that is missing or no scorecard, all at once.
    """
    if not cards:
        raise UserError("There is no scorecard to check: name scorecard.json files or the folders of runs.")
    faults = Faults()
    recorded = faults.attempt(read_baselines, baselines) or []
    files = [path / SCORECARD if path.is_dir() else path for path in cards]
    named = [(path, faults.attempt(Scorecard.read, path)) for path in files]
    faults.refuse()
    read = [_Held(path, card, _baseline_of(card, recorded)) for path, card in named if card is not None]
    return [_check(held, tolerance, origin, share) for held in _by_seed(read, origin)]


@dataclasses.dataclass(frozen=True)
class _Held:
    """A card that is checked, and what it is held against."""

    path: Path
    card: Scorecard
    baseline: Baseline | None


def _baseline_of(card: Scorecard, recorded: Sequence[Baseline]) -> Baseline | None:
    by_id = {id(baseline.card): baseline for baseline in recorded}
    found = find_baseline(card, [baseline.card for baseline in recorded])
    return None if found is None else by_id[id(found)]


def _by_seed(read: Sequence[_Held], origin: Origin) -> list[list[_Held]]:
    """Put cards together that differ in the seed alone, where their baseline knows several seeds."""
    groups: dict[object, dict[object, _Held]] = {}
    for i, held in enumerate(read):
        by_chance = origin != "rescored" and held.baseline is not None and held.baseline.seeds() is not None
        seed = seed_of(held.path, held.card) if by_chance else None
        what = (held.baseline.path, held.card.fingerprint, held.card.dataset) if held.baseline is not None else None
        key = what if seed is not None and seed not in groups.get(what, {}) else i
        groups.setdefault(key, {})[seed] = held
    return [list(group.values()) for group in groups.values()]


def _check(group: Sequence[_Held], tolerance: Tolerance | None, origin: Origin, share: float) -> Comparison:
    first = group[0]
    faults = [fault for held in group for fault in consistency_of(held.card).faults]
    if first.baseline is None:
        title = f"{first.card.method.id} on {first.card.dataset.id} under {first.card.protocol.id}"
        missing = "No baseline has this method, settings, dataset and protocol: record this card."
        return Comparison(title, errors=() if faults else (missing,), faults=tuple(faults))
    recorded = first.baseline
    faults += [f"The baseline: {fault}" for fault in consistency_of(recorded.card).faults]
    seeds = recorded.seeds() if origin != "rescored" else None
    card = first.card if len(group) == 1 else mean_card([held.card for held in group])
    allowed = tolerance or _tolerance(seeds, origin, share, len(group))
    found = compare_scorecards(card, recorded.card, allowed)
    notes = [
        *_told(group),
        *found.notes,
        *as_they_stand(name for held in group for name in consistency_of(held.card).unchecked),
        *(uncertainties(recorded.card, seeds) if seeds is not None else ()),
    ]
    return dataclasses.replace(found, notes=tuple(notes), faults=tuple(faults))


def _told(group: Sequence[_Held]) -> list[str]:
    """Say that several runs were taken together."""
    named = ", ".join(str(seed_of(held.path, held.card)) for held in group)
    return [f"The new scores are means over {len(group)} runs, of the seeds {named}."] if len(group) > 1 else []


def _tolerance(seeds: SeedScores | None, origin: Origin, share: float, runs: int) -> Tolerance:
    if seeds is not None:
        return retrained(seeds, share, runs)
    return dataclasses.replace(RETRAINED, share=share) if origin == "retrained" else EXACT
