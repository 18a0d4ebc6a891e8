"""Scorecards held against a folder of recorded ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.protocols.regression import EXACT, Comparison, Tolerance, compare_scorecards, find_baseline
from mebench.runs.store import SCORECARD
from mebench.schema.scorecard import Scorecard


def check_scorecards(cards: Sequence[Path], baselines: Path, tolerance: Tolerance = EXACT) -> list[Comparison]:
    """Compare each scorecard with the recorded one of the same method, settings, dataset and protocol.

    Parameters
    ----------
    cards : scorecard files, or folders of runs.
    baselines : folder whose `.json` files, at any depth, are scorecards.
    tolerance : how far a score may fall.

    Returns
    -------
    One comparison for each card; a card without a baseline has that as its error.

    Raises
    ------
    UserError : when there is nothing to compare, or a file is no scorecard.
    """
    if not cards:
        raise UserError("There is no scorecard to check: name scorecard.json files or the folders of runs.")
    if not baselines.is_dir():
        raise UserError(f"The folder of baselines {baselines} does not exist: give --baselines DIR.")
    recorded = [Scorecard.read(path) for path in sorted(baselines.rglob("*.json"))]
    if not recorded:
        raise UserError(f"{baselines} holds no scorecard: record a baseline there, or give another --baselines.")
    return [_check(Scorecard.read(path / SCORECARD if path.is_dir() else path), recorded, tolerance) for path in cards]


def _check(card: Scorecard, recorded: Sequence[Scorecard], tolerance: Tolerance) -> Comparison:
    baseline = find_baseline(card, recorded)
    if baseline is not None:
        return compare_scorecards(card, baseline, tolerance)
    title = f"{card.method.id} on {card.dataset.id} under {card.protocol.id}"
    return Comparison(title, errors=("No baseline has this method, settings, dataset and protocol: record this card.",))
