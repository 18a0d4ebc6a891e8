"""Which scorecards may be compared, and how they rank.

Conventions
-----------
Cards share a table only when protocol and version, convention fingerprint, and dataset digest are all the same. A
card's rank is one more than the number of ranked cards whose 95% interval of the overall F1 lies wholly above its own.
Cards whose intervals overlap are not told apart, so ranks may be shared:

    a      [-----o-----]            rank 1=
    b          [----o----]          rank 1=      overlaps a
    c   [--o--]                     rank 2       wholly below b only

Bounds (`oracle`, `random_intervals`) and incomplete cards are shown, and have no rank.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence

from mebench.leaderboard.cards import Card

BOUNDS = ("oracle", "random_intervals")
"""Methods that say where a table ends above and below, and compete with nobody."""


@dataclasses.dataclass(frozen=True)
class Ranked:
    """A card and its rank; `rank` is None for bounds and incomplete cards."""

    card: Card
    rank: int | None
    shared: bool = False

    @property
    def label(self) -> str:
        """`1`, `1=` when the rank is shared, or `–`."""
        return "–" if self.rank is None else f"{self.rank}{'=' if self.shared else ''}"


@dataclasses.dataclass(frozen=True)
class Group:
    """One table: cards that may be compared, best first, and the bounds."""

    rows: tuple[Ranked, ...]
    bounds: tuple[Ranked, ...]

    @property
    def first(self) -> Card:
        """Any card of the group, for what they all share."""
        return (self.rows or self.bounds)[0].card

    @property
    def all(self) -> tuple[Ranked, ...]:
        """Rows, then bounds."""
        return self.rows + self.bounds


def group_cards(cards: Sequence[Card]) -> tuple[Group, ...]:
    """Return one group for each protocol, convention and dataset, in the order of these."""
    keys = sorted({card.comparable for card in cards})
    return tuple(_group([card for card in cards if card.comparable == key]) for key in keys)


def _group(cards: Sequence[Card]) -> Group:
    ordered = sorted(cards, key=lambda card: (-_value(card), card.method, card.card.method.digest, str(card.path)))
    bounds = [card for card in ordered if card.method in BOUNDS]
    rows = [card for card in ordered if card.method not in BOUNDS]
    competing = [card for card in rows if card.card.complete]
    ranks = dict(zip(map(id, competing), ranks_of([_reach(card) for card in competing]), strict=True))
    holders = Counter(ranks.values())
    ranked = [
        Ranked(card, ranks.get(id(card)), holders[ranks[id(card)]] > 1 if id(card) in ranks else False) for card in rows
    ]
    ranked.sort(key=lambda row: (row.rank is None, row.rank or 0))
    return Group(tuple(ranked), tuple(Ranked(card, None) for card in bounds))


def ranks_of(reaches: Sequence[tuple[float, float]]) -> list[int]:
    """Return each interval's rank: one more than the number of intervals that lie wholly above it.

    Parameters
    ----------
    reaches : (lower, upper) end of each card's interval.
    """
    return [1 + sum(low > high for low, _ in reaches) for _, high in reaches]


def _value(card: Card) -> float:
    score = card.score("f1", "overall")
    return score.value if score is not None else float("-inf")


def _reach(card: Card) -> tuple[float, float]:
    """Return the interval by which a card is ranked; without one, the value alone."""
    score = card.score("f1", "overall")
    if score is None:
        return float("-inf"), float("-inf")
    return score.ci95 if score.ci95 is not None else (score.value, score.value)
