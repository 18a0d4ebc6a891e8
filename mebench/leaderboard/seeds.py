"""How much the scores of a card vary with the seed of its training, where several seeds are recorded beside it.

Conventions
-----------
This is another part of the uncertainty than the interval over subjects: that one says what other subjects could have
given, this one what other seeds gave on the same subjects. The spread is the standard deviation with n - 1 below.
"""

from __future__ import annotations

import dataclasses
import statistics

from mebench.analysis.baselines import Baseline
from mebench.errors import UserError
from mebench.leaderboard.bars import decimals
from mebench.leaderboard.cards import Card
from mebench.schema.seed_scores import SeedScores


@dataclasses.dataclass(frozen=True, slots=True)
class Spread:
    """One score over `n` seeds; `value` is mean and spread as text, such as `.431 ± .046`."""

    n: int
    value: str


@dataclasses.dataclass(frozen=True)
class Seeds:
    """The recorded seeds of a card; `why_not` says why those that lie beside it are not shown."""

    scores: SeedScores | None = None
    why_not: str = ""

    def of(self, metric: str, scope: str) -> Spread | None:
        """Return mean and spread of one score; None where not every seed has it."""
        runs = self.scores.runs if self.scores is not None else ()
        found = [{(s.metric, s.scope): s.value for s in run.scores}.get((metric, scope)) for run in runs]
        values = [value for value in found if value is not None]
        if len(values) < 2 or len(values) < len(runs):
            return None
        mean, spread = statistics.fmean(values), statistics.stdev(values)
        return Spread(len(values), f"{decimals(mean)} ± {decimals(spread)}")


def seeds_of(card: Card) -> Seeds:
    """Return the seeds that are recorded beside a card; those that were graded otherwise are not shown."""
    try:
        return Seeds(Baseline(card.path, card.card).seeds())
    except UserError as error:
        return Seeds(why_not=str(error))
