"""How much the scores of a card vary with the seed of its training, where several seeds are recorded beside it."""

from __future__ import annotations

import dataclasses

from mebench.errors import UserError
from mebench.leaderboard.bars import decimals
from mebench.leaderboard.cards import Card
from mebench.schema.seed_scores import SeedScores


@dataclasses.dataclass(frozen=True, slots=True)
class ShownSpread:
    """One score over `n` seeds; `value` is mean and spread as text, such as `.431 ± .046`."""

    n: int
    value: str


@dataclasses.dataclass(frozen=True)
class Seeds:
    """The recorded seeds of a card; `why_not` says why those that lie beside it are not shown."""

    scores: SeedScores | None = None
    why_not: str = ""

    def of(self, metric: str, scope: str) -> ShownSpread | None:
        """Return mean and spread of one score; None where not every seed has it."""
        spread = self.scores.spreads().get((metric, scope)) if self.scores is not None else None
        return None if spread is None else ShownSpread(spread.n, f"{decimals(spread.mean)} ± {decimals(spread.sd)}")


def seeds_of(card: Card) -> Seeds:
    """Return the seeds that are recorded beside a card; those that were graded otherwise are not shown."""
    try:
        return Seeds(card.seeds)
    except UserError as error:
        return Seeds(why_not=str(error))
