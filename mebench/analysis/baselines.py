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

from mebench.analysis.regraded import compare_regraded
from mebench.analysis.regression import (
    EXACT,
    RETRAINED,
    Comparison,
    Tolerance,
    compare_scorecards,
    find_baseline,
    retrained,
)
from mebench.errors import UserError
from mebench.metrics.catalogue import metric_of
from mebench.protocols.grading import convention_of, grade_files
from mebench.runs.store import SCORECARD
from mebench.schema.migrations import fingerprint_of_1
from mebench.schema.scorecard import Scorecard
from mebench.schema.seed_scores import SeedScores
from mebench.tasks.catalogue import task_of

SEEDS, TRUTH = "seeds.json", "truth"
_NO_CARDS = {SEEDS, "truth.json", "config.json", "timing.json", "done.json"}

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
        path = self.path.parent / task_of(self.card.task).predictions_file
        return path if self.path.name == SCORECARD and path.exists() else None

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
        path = self.path.parent / SEEDS
        if self.path.name != SCORECARD or not path.is_file():
            return None
        seeds = SeedScores.read(path)
        known = (self.card.fingerprint, fingerprint_of_1(self.card.convention))
        if seeds.fingerprint not in known or seeds.truth != self.card.dataset.digest:
            raise UserError(f"{path} was not graded as the scorecard beside it: record the seeds again.")
        return seeds


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
    One comparison for each baseline that keeps predictions.

    Raises
    ------
    UserError : when no baseline keeps predictions, or kept files cannot be read.
    """
    kept = [baseline for baseline in read_baselines(folder) if baseline.predictions is not None]
    if not kept:
        raise UserError(f"No baseline in {folder} keeps its predictions: name the scorecards to hold against them.")
    return [_check_kept(baseline) for baseline in kept]


def _check_kept(baseline: Baseline) -> Comparison:
    predictions, truth, card = baseline.predictions, baseline.truth, baseline.card
    if predictions is None or truth is None:
        where = baseline.path.parents[1] / TRUTH
        return Comparison(baseline.title, errors=(f"There is no truth in {where}: record the baseline again.",))
    try:
        again = grade_files(predictions, truth, card.protocol.id, convention_of(card), card.method)
    except UserError as error:
        return Comparison(baseline.title, errors=(str(error),))
    extras = sorted({score.metric for score in card.scores if metric_of(score.metric).needs})
    scores = tuple(score for score in card.scores if score.metric not in extras)
    found = compare_regraded(again.replace(complete=card.complete), card.replace(scores=scores))
    if extras:
        note = f"{', '.join(extras)} is not graded again: {metric_of(extras[0]).needs} are not kept."
        found = dataclasses.replace(found, notes=(*found.notes, note))
    return found


def check_scorecards(
    cards: Sequence[Path], baselines: Path, tolerance: Tolerance | None = None, origin: Origin = "auto"
) -> list[Comparison]:
    """Compare each scorecard with the recorded one of the same method, settings, dataset and protocol.

    Parameters
    ----------
    cards : scorecard files, or folders of runs.
    baselines : see `read_baselines`.
    tolerance : how far a score may fall, in place of what the origin says.
    origin : `rescored` allows nothing, `retrained` max(5%, 3 sigma).

    Returns
    -------
    One comparison for each card; a card without a baseline has that as its error.

    Raises
    ------
    UserError : when there is nothing to compare, or a file is no scorecard.
    """
    if not cards:
        raise UserError("There is no scorecard to check: name scorecard.json files or the folders of runs.")
    recorded = read_baselines(baselines)
    return [
        _check(Scorecard.read(path / SCORECARD if path.is_dir() else path), recorded, tolerance, origin)
        for path in cards
    ]


def _check(card: Scorecard, recorded: Sequence[Baseline], tolerance: Tolerance | None, origin: Origin) -> Comparison:
    by_id = {id(baseline.card): baseline for baseline in recorded}
    found = find_baseline(card, [baseline.card for baseline in recorded])
    if found is not None:
        return compare_scorecards(card, found, tolerance or _tolerance(by_id[id(found)], origin))
    title = f"{card.method.id} on {card.dataset.id} under {card.protocol.id}"
    return Comparison(title, errors=("No baseline has this method, settings, dataset and protocol: record this card.",))


def _tolerance(baseline: Baseline, origin: Origin) -> Tolerance:
    seeds = baseline.seeds() if origin != "rescored" else None
    if seeds is not None:
        return retrained(seeds.sigmas())
    return RETRAINED if origin == "retrained" else EXACT
