"""Scores as functions of who is tested: their differences with intervals, also of scores that are no sums.

Conventions
-----------
A resample draws people with replacement, as `metrics.statistics.bootstrap` does; a score is then that of the people as
they are drawn. Two scores of the same people, of two runs or of two scopes of one run, are drawn together (*paired*);
two of other people, such as those of two datasets, are drawn apart. Draws in which a score is 0/0 are left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.compare import statistic_for
from mebench.analysis.roc import raw_frames_of_run
from mebench.errors import UserError
from mebench.metrics.statistics.bootstrap import RESAMPLES, SEED, weights
from mebench.schema.scorecard import Scorecard

Floats = NDArray[np.float64]
Ends = tuple[float, float]


@dataclasses.dataclass(frozen=True, eq=False)
class Resampled:
    """A score of some people.

    Attributes
    ----------
    people : who they are, sorted.
    value : the score of everybody once.
    of : from how often each person is drawn, shape (n, n_people), to scores, shape (n,); NaN for 0/0.
    """

    people: tuple[str, ...]
    value: float
    of: Callable[[Floats], Floats]

    def draws(self, seed: int = SEED) -> Floats:
        """Return the score of each resample, shape (RESAMPLES,)."""
        return self.of(weights(len(self.people), RESAMPLES, seed))

    def interval(self) -> Ends | None:
        """Return the 95% interval of the score; None for fewer than two people."""
        return None if len(self.people) < 2 else _ends(self.draws())

    def minus(self, other: Resampled) -> tuple[float, Ends | None]:
        """Return the difference to another score, and its 95% interval; None where nothing can be drawn."""
        if min(len(self.people), len(other.people)) < 2:
            return self.value - other.value, None
        seed = SEED if self.people == other.people else SEED + 1
        return self.value - other.value, _ends(self.draws() - other.draws(seed))


def _ends(draws: Floats) -> Ends | None:
    known = draws[~np.isnan(draws)]
    if not len(known):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return float(low), float(high)


def resampled_score(card: Scorecard, metric: str, scope: str, run: Path | None = None) -> Resampled | None:
    """Return a score of a card as a function of who is tested.

    Parameters
    ----------
    run : folder of the card's run, whose raw scores tell of the AUC.

    Returns
    -------
    None where the card has no such score, it is 0/0, or nothing is kept that it could be worked out from.
    """
    score = card.find(metric, scope)
    if score is None or not score.defined:
        return None
    kept = statistic_for(card, metric, scope)
    if kept is not None:
        column = kept.row.metrics.index(metric)
        return Resampled(kept.people, score.value, lambda drawn: kept.statistic(drawn @ kept.parts)[:, column])
    return _auc(run, scope, score.value) if metric == "raw_auc" and run is not None else None


def _auc(run: Path, scope: str, value: float) -> Resampled | None:
    try:
        frames = raw_frames_of_run(run, scope)
    except UserError:
        return None
    return Resampled(frames.people, value, frames.pairs().auc)
