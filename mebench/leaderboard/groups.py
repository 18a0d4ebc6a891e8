"""Which scorecards may be compared, and how they rank.

Conventions
-----------
Cards share a table only when protocol and version, convention fingerprint, and dataset digest are all the same. They
stand in the order of the score that the protocol names. A rank is an interval, such as `1-3`: the places that the card
could have if other subjects of the kind had been recorded; `standing` says how it is worked out, and which pairs of
cards differ by more than chance.

Bounds, such as an oracle, say where a table ends and compete with nobody: they and incomplete cards have no rank. A
card that contradicts itself (`analysis.consistency`) is refused: it stands apart with the reason.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mebench.leaderboard.cards import Card
from mebench.leaderboard.standing import Places, Standing, stand


@dataclasses.dataclass(frozen=True)
class Ranked:
    """A card and its rank.

    Attributes
    ----------
    rank : its place by score, from 1; None for bounds, incomplete and refused cards.
    places : best and worst place of its interval of rank.
    """

    card: Card
    rank: int | None
    places: Places | None = None

    @property
    def label(self) -> str:
        """The interval, such as `1-3`, or `2` where it is one place, or `–`."""
        if self.places is None:
            return "–"
        best, worst = self.places
        return str(best) if best == worst else f"{best}-{worst}"


@dataclasses.dataclass(frozen=True)
class Group:
    """One table: cards that may be compared, best first, the bounds, and what is refused for contradicting itself.

    `standing` is of the rows that have a rank.
    """

    rows: tuple[Ranked, ...]
    bounds: tuple[Ranked, ...]
    refused: tuple[Ranked, ...]
    standing: Standing

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
    standing = stand(competing)
    ranks = dict(zip(map(id, competing), _places(competing, standing), strict=True))
    ranked = [ranks.get(id(card), Ranked(card, None)) for card in rows]
    ranked.sort(key=lambda row: row.rank is None)
    refused = [card for card in everything if card.inconsistent]
    return Group(tuple(ranked), _unranked(bounds), _unranked(refused), standing)


def _unranked(cards: Sequence[Card]) -> tuple[Ranked, ...]:
    return tuple(Ranked(card, None) for card in cards)


def _places(cards: Sequence[Card], standing: Standing) -> list[Ranked]:
    """Return cards with their places by score, which equal cards share, and their intervals."""
    merits = [card.merit for card in cards]
    return [
        Ranked(card, 1 + merits.index(card.merit), places) for card, places in zip(cards, standing.ranks, strict=True)
    ]
