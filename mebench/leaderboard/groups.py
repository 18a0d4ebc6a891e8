"""Which scorecards may be compared, and how they rank.

Conventions
-----------
Cards share a table only when protocol and version, convention fingerprint, and dataset digest are all the same. A
card's rank is one more than the number of ranked cards that are better by more than chance, so ranks may be shared.
What ranks is the score that the protocol names. One card is better than another when its score is better and a paired
permutation test over subjects, Holm-corrected over all pairs of the table, gives p < .05. Where a card does not keep
what its subjects add, or the score is no function of sums, its 95% interval must lie wholly on the better side instead:

    a      [-----o-----]            rank 1=
    b          [----o----]          rank 1=      overlaps a
    c   [--o--]                     rank 2       wholly below b only

Bounds, such as an oracle, say where a table ends and compete with nobody: they and incomplete cards have no rank. A
card that contradicts itself (`analysis.consistency`) is refused: it stands apart with the reason.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.compare import p_value, statistic_for
from mebench.leaderboard.cards import Card
from mebench.metrics.statistics.holm import LEVEL, holm


@dataclasses.dataclass(frozen=True)
class Ranked:
    """A card and its rank; `rank` is None for bounds, incomplete and refused cards."""

    card: Card
    rank: int | None
    shared: bool = False

    @property
    def label(self) -> str:
        """`1`, `1=` when the rank is shared, or `–`."""
        return "–" if self.rank is None else f"{self.rank}{'=' if self.shared else ''}"


@dataclasses.dataclass(frozen=True)
class Group:
    """One table: cards that may be compared, best first, the bounds, and what is refused for contradicting itself."""

    rows: tuple[Ranked, ...]
    bounds: tuple[Ranked, ...]
    refused: tuple[Ranked, ...] = ()

    @property
    def first(self) -> Card:
        """Any card of the group, for what they all share."""
        return self.all[0].card

    @property
    def all(self) -> tuple[Ranked, ...]:
        """Rows, then bounds, then what is refused."""
        return self.rows + self.bounds + self.refused


def group_cards(cards: Sequence[Card]) -> tuple[Group, ...]:
    """Return one group for each protocol, convention and dataset, in the order of these."""
    keys = sorted({card.comparable for card in cards})
    return tuple(_group([card for card in cards if card.comparable == key]) for key in keys)


def _group(cards: Sequence[Card]) -> Group:
    everything = sorted(cards, key=lambda card: (-card.merit, card.method, card.card.method.digest, str(card.path)))
    ordered = [card for card in everything if not card.inconsistent]
    bounds = [card for card in ordered if card.card.method.bound]
    rows = [card for card in ordered if not card.card.method.bound]
    competing = [card for card in rows if card.card.complete]
    ranks = dict(zip(map(id, competing), rank_cards(competing), strict=True))
    holders = Counter(ranks.values())
    ranked = [
        Ranked(card, ranks.get(id(card)), holders[ranks[id(card)]] > 1 if id(card) in ranks else False) for card in rows
    ]
    ranked.sort(key=lambda row: (row.rank is None, row.rank or 0))
    refused = [card for card in everything if card.inconsistent]
    return Group(tuple(ranked), *(tuple(Ranked(card, None) for card in apart) for apart in (bounds, refused)))


def rank_cards(cards: Sequence[Card]) -> list[int]:
    """Return each card's rank: one more than the number of cards that are better by more than chance.

    Parameters
    ----------
    cards : cards of one table.
    """
    better = better_by_interval([card.reach for card in cards])
    found = {i: statistic_for(card.card, *card.ranking) for i, card in enumerate(cards)}
    kept = {i: parts for i, parts in found.items() if parts is not None}
    tested = [(i, j) for i, j in itertools.combinations(kept, 2) if kept[i].fits(kept[j])]
    p = [p_value(kept[i], kept[j], cards[i].ranking[0]) for i, j in tested]
    for (i, j), adjusted in zip(tested, holm(p).tolist(), strict=True):
        apart = adjusted < LEVEL
        better[i, j] = apart and cards[i].merit > cards[j].merit
        better[j, i] = apart and cards[j].merit > cards[i].merit
    return (1 + better.sum(axis=0)).tolist()


def better_by_interval(reaches: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    """Return whether interval i lies wholly above interval j.

    Parameters
    ----------
    reaches : (lower, upper) end of each card's interval.

    Returns
    -------
    Shape (n, n).
    """
    ends = np.array(reaches, np.float64).reshape(-1, 2)
    return ends[:, None, 0] > ends[None, :, 1]
