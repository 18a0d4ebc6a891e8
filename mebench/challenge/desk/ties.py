"""Which teams cannot be told apart by the part of the truth that ranks them.

Conventions
-----------
Two teams are *tied* when a paired permutation test over the subjects of that part, Holm-corrected over all pairs of
teams, gives p >= .05. Where a score is no function of sums over subjects, or the pairs are so many that no p-value of
random swaps could outlive the correction, overlapping 95% intervals tie two teams instead:

    rank   team   hidden part        tied with
    1      A      [-----o-----]      B             the test cannot tell A from B ...
    2      B         [----o----]     A, C          ... nor B from C, but it tells A from C
    3      C      [--o--]            B
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

from mebench.analysis.compare import p_value, statistic_for
from mebench.challenge.desk.rule_tables import Column
from mebench.metrics.statistics.holm import LEVEL, holm
from mebench.metrics.statistics.permutation import EXACT_SUBJECTS, SWAPS
from mebench.schema.scorecard import Score, Scorecard


@dataclasses.dataclass(frozen=True)
class Ties:
    """What cannot be told apart.

    Attributes
    ----------
    pairs : of keys.
    is_tested : whether a test says so, and not overlapping intervals.
    """

    pairs: frozenset[frozenset[str]]
    is_tested: bool

    def between(self, one: str, other: str) -> bool:
        """Tell whether two that differ are tied."""
        return frozenset((one, other)) in self.pairs


def find_ties(cards: Mapping[str, Scorecard], column: Column) -> Ties:
    """Return which of several cards of one truth cannot be told apart by one score.

    Parameters
    ----------
    cards : by any key.
    column : the score.
    """
    pairs = list(itertools.combinations(cards, 2))
    p_values = _p_values(cards, column, pairs)
    if p_values is None:
        tied = [pair for pair in pairs if _overlap(*(cards[key].find(*column) for key in pair))]
    else:
        tied = [pair for pair, p in zip(pairs, holm(p_values).tolist(), strict=True) if p >= LEVEL]
    return Ties(frozenset(map(frozenset, tied)), p_values is not None)


def _p_values(cards: Mapping[str, Scorecard], column: Column, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
    """Return the p-value of every pair; None where the score is no function of sums, or the test could say nothing."""
    subjects = max((len(card.by_subject) for card in cards.values()), default=0)
    if subjects > EXACT_SUBJECTS and len(pairs) / (1 + SWAPS) >= LEVEL:
        return None
    kept = {key: statistic_for(card, *column) for key, card in cards.items()}
    p_values = []
    for one, other in pairs:
        first, second = kept[one], kept[other]
        if first is None or second is None or not first.fits(second):
            return None
        p_values.append(p_value(first, second, column.metric))
    return p_values


def _overlap(first: Score | None, second: Score | None) -> bool:
    if first is None or second is None or first.ci95 is None or second.ci95 is None:
        return first is None or second is None or first.value == second.value
    return first.ci95[0] <= second.ci95[1] and second.ci95[0] <= first.ci95[1]


def too_few(subjects: int, teams: int) -> bool:
    """Tell whether no pair of so many teams could ever be told apart by the test.

    Parameters
    ----------
    subjects : of the part that ranks.
    teams : that are ranked.
    """
    # Two that differ in every subject get this p at least, and Holm multiplies the smallest by the pairs.
    return teams > 1 and teams * (teams - 1) / 2 * 2.0 ** (1 - subjects) >= LEVEL
