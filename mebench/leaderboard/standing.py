"""How the cards of one table stand to each other: intervals of rank, and paired differences.

Conventions
-----------
Cards that keep what their subjects add, of the same statistic, are compared on the subjects that all of them have. Two
are *apart* when a paired permutation test over subjects, Holm-corrected over all pairs of the table, gives p < .05.

A card's interval of rank goes from the best to the worst place that it has in 95% of the resamples of subjects, the
same for all cards. A resample cannot show subjects whom nobody recorded, so with few of them that interval is too
narrow: it is widened to all places that the paired tests leave open to the card, each at p < .05 and without
correction, as the interval is of one card alone. Five subjects can never reach that, and leave every place open.

A card that keeps nothing, or whose score is no function of sums, is placed by the 95% interval of its score, and by the
value alone where there is none:

    a           [----o----]         1-2
    b      [-----o-----]            1-3      overlaps both
    c   [--o--]                     2-3      wholly below a
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.compare import KeptParts, p_value, statistic_for
from mebench.leaderboard.cards import Card
from mebench.metrics.statistics.holm import LEVEL, holm
from mebench.metrics.statistics.permutation import SWAPS
from mebench.metrics.statistics.ranks import difference_intervals, rank_intervals, resampled_values

Floats = NDArray[np.float64]
Places = tuple[int, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two cards of a table: what ranks, the first card's less the second's.

    Attributes
    ----------
    difference : of the subjects that all cards have.
    ci95 : its interval by bootstrap over these subjects; None where they are not kept.
    p : of the paired test, corrected for the number of pairs; None where it cannot be made.
    apart : whether the two differ by more than chance.
    """

    difference: float
    ci95: tuple[float, float] | None
    p: float | None
    apart: bool


@dataclasses.dataclass(frozen=True)
class Standing:
    """What is known of the order of the cards.

    Attributes
    ----------
    ranks : best and worst place of each card, from 1.
    pairs : by the positions of two cards, the smaller first.
    subjects : people over whom the cards are compared; 0 where no two cards can be compared so.
    left_out : people that some of these cards have and others lack, sorted.
    """

    ranks: tuple[Places, ...] = ()
    pairs: Mapping[tuple[int, int], Pair] = dataclasses.field(default_factory=dict)
    subjects: int = 0
    left_out: tuple[str, ...] = ()


def stand(cards: Sequence[Card]) -> Standing:
    """Return how cards of one table stand to each other.

    Parameters
    ----------
    cards : those that compete, best first.
    """
    above = better_by_interval([card.reach for card in cards])
    kept, left_out = _in_common([statistic_for(card.card, *card.ranking) for card in cards])
    ranks, pairs = _by_interval(cards, above)
    if len(kept) > 1:
        places, tested = _by_resampling(kept, cards[0])
        pairs |= tested
        others = [i for i in range(len(cards)) if i not in kept]
        for i, (best, worst) in places.items():
            beaten_by, not_below = above[others, i].sum(), (~above[i, others]).sum()
            ranks[i] = (int(best + beaten_by), int(worst + not_below))
    subjects = len(next(iter(kept.values())).people) if len(kept) > 1 else 0
    return Standing(tuple(ranks), dict(sorted(pairs.items())), subjects, left_out if len(kept) > 1 else ())


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


def _by_interval(cards: Sequence[Card], above: NDArray[np.bool_]) -> tuple[list[Places], dict[tuple[int, int], Pair]]:
    """Place cards by the intervals of their scores alone."""
    best, worst = 1 + above.sum(axis=0), len(cards) - above.sum(axis=1)
    scores = [card.score(*card.ranking) for card in cards]
    pairs = {}
    for i, j in itertools.combinations(range(len(cards)), 2):
        one, other = scores[i], scores[j]
        if one is not None and other is not None:
            pairs[i, j] = Pair(one.value - other.value, None, None, bool(above[i, j] or above[j, i]))
    return list(zip(best.tolist(), worst.tolist(), strict=True)), pairs


def _in_common(found: Sequence[KeptParts | None]) -> tuple[dict[int, KeptParts], tuple[str, ...]]:
    """Return the parts of the statistic that most cards keep, cut to the people that all of these have."""
    forms = [None if kept is None else (repr(kept.row), kept.parts.shape[1]) for kept in found]
    usual = Counter(form for form in forms if form is not None).most_common(1)
    chosen = {i: kept for i, kept in enumerate(found) if kept is not None and usual and forms[i] == usual[0][0]}
    peoples = [set(kept.people) for kept in chosen.values()]
    common = sorted(set.intersection(*peoples)) if peoples else []
    left_out = sorted(set().union(*peoples) - set(common))
    return {i: kept.of(common) for i, kept in chosen.items() if common}, tuple(left_out)


def _by_resampling(kept: Mapping[int, KeptParts], card: Card) -> tuple[dict[int, Places], dict[tuple[int, int], Pair]]:
    """Return intervals of rank among cards that keep their parts, and their paired differences."""
    first = next(iter(kept.values()))
    column, sign = first.row.metrics.index(card.ranking[0]), -1.0 if card.lower_is_better else 1.0
    parts = [one.parts for one in kept.values()]
    now: Floats = np.array([first.statistic(rows.sum(axis=0)[None])[0, column] for rows in parts])
    p = _p_values(list(kept.values()), card.ranking[0])
    ranks = _left_open(sign * now, p)
    ends = None
    if len(first.people) > 1:
        values = resampled_values(parts, first.statistic, column)
        resampled, ends = rank_intervals(sign * values, sign * now), difference_intervals(values)
        ranks = np.stack((np.minimum(ranks[:, 0], resampled[:, 0]), np.maximum(ranks[:, 1], resampled[:, 1])), axis=1)
    names = list(kept)
    pairs = {}
    for (i, j), adjusted in zip(p, holm(list(p.values())).tolist(), strict=True):
        ci95 = None if ends is None else (float(ends[i, j, 0]), float(ends[i, j, 1]))
        pairs[names[i], names[j]] = Pair(float(now[i] - now[j]), ci95, adjusted, adjusted < LEVEL)
    return {name: (int(low), int(high)) for name, (low, high) in zip(names, ranks, strict=True)}, pairs


def _left_open(merits: Floats, p: Mapping[tuple[int, int], float]) -> NDArray[np.int64]:
    """Return the best and worst place that the paired tests leave open to each method, shape (n_methods, 2)."""
    ranks = np.tile([1, len(merits)], (len(merits), 1))
    for (i, j), chance in p.items():
        if chance < LEVEL:
            better, worse = (i, j) if merits[i] > merits[j] else (j, i)
            ranks[worse, 0] += 1
            ranks[better, 1] -= 1
    return ranks


def _p_values(kept: Sequence[KeptParts], metric: str) -> dict[tuple[int, int], float]:
    """Return the p-value of every pair.

    With many pairs the usual number of random swaps is too coarse for any p to survive their correction, so pairs at
    the least p that it can give are swapped more often.
    """
    pairs = list(itertools.combinations(range(len(kept)), 2))
    p = {(i, j): p_value(kept[i], kept[j], metric) for i, j in pairs}
    swaps = math.ceil(1.25 * len(pairs) / LEVEL)
    if swaps > SWAPS:
        least = [pair for pair in pairs if p[pair] <= 1 / (1 + SWAPS)]
        # Pairs that differ in as many people share their swaps.
        for i, j in sorted(least, key=lambda pair: _differing(kept[pair[0]], kept[pair[1]])):
            p[i, j] = p_value(kept[i], kept[j], metric, swaps)
    return p


def _differing(first: KeptParts, second: KeptParts) -> int:
    return int((first.parts != second.parts).any(axis=1).sum())
