"""What the subjects of a table can and cannot tell apart, in words.

Conventions
-----------
Differences are those of `standing`: by more than chance means p < .05 after Holm's correction for all pairs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from mebench.leaderboard.bars import decimals
from mebench.leaderboard.standing import Standing
from mebench.metrics.statistics.holm import LEVEL
from mebench.metrics.statistics.permutation import EXACT_SUBJECTS

MOST = 8
"""Methods that are named in one go; the matrix of differences has all."""
LISTED = 10
"""Pairs up to which all are named: those of five methods."""

Pair = tuple[int, int]


def verdict(standing: Standing, names: Sequence[str]) -> str:
    """Return one or a few sentences; empty where nothing is compared.

    Parameters
    ----------
    standing : how the methods stand to each other.
    names : the methods, in the order of `standing.ranks`.
    """
    if len(names) < 2:
        return ""
    tested = {pair: found.apart for pair, found in standing.pairs.items() if found.p is not None}
    if not tested:
        return "What subjects add is not kept on these cards, so no two methods can be tested against each other."
    return " ".join(filter(None, (_told(standing, tested, names), _left_out(standing), _untested(tested, names))))


def _told(standing: Standing, tested: Mapping[Pair, bool], names: Sequence[str]) -> str:
    subjects = _number(standing.subjects, "subject")
    apart = [pair for pair, is_apart in tested.items() if is_apart]
    among = f"of {_number(len(tested), 'pair')} {'differ' if len(apart) > 1 else 'differs'} by more than chance"
    if not apart:
        return f"{subjects} cannot separate these methods: none {among}.{_never(standing.subjects, len(tested))}"
    if len(apart) == len(tested):
        return f"{subjects} separate these methods: {len(apart)} {among}."
    return (
        f"{subjects} cannot separate all of these methods: {len(apart)} {among}. "
        f"{_pairs(tested, names) if len(tested) <= LISTED else _beside_the_first(tested, names)}"
    )


def _pairs(tested: Mapping[Pair, bool], names: Sequence[str]) -> str:
    """Name every pair."""
    apart, others = ([pair for pair in tested if tested[pair] is wanted] for wanted in (True, False))
    return f"Told apart: {_listed(apart, names)}. Not told apart: {_listed(others, names)}."


def _beside_the_first(tested: Mapping[Pair, bool], names: Sequence[str]) -> str:
    """Name those that may be as good as the first; the matrix of differences has all pairs."""
    first = min(tested)[0]
    open_ = [names[j] for (i, j), is_apart in tested.items() if i == first and not is_apart]
    if not open_:
        return f"The first, {names[first]}, is told apart from all others."
    return f"Not told apart from the first, {names[first]}: {_and(_short(open_, 'method'))}."


def _never(subjects: int, pairs: int) -> str:
    """Say when no result whatever could have told two methods apart; the least p of n subjects is 2 / 2^n."""
    least = pairs * 2.0 ** (1 - subjects)
    if subjects > EXACT_SUBJECTS or least < LEVEL:
        return ""
    needed = next(n for n in itertools.count(subjects) if pairs * 2.0 ** (1 - n) < LEVEL)
    corrected = f" corrected for {pairs} pairs" if pairs > 1 else ""
    return f" So few never can: their least p{corrected} is {decimals(min(least, 1.0))}; {needed} subjects could."


def _left_out(standing: Standing) -> str:
    if not standing.left_out:
        return ""
    return f"Only subjects that all cards have are compared; left out: {_and(_short(standing.left_out, 'subject'))}."


def _untested(tested: Iterable[Pair], names: Sequence[str]) -> str:
    within = set(itertools.chain.from_iterable(tested))
    without = [name for i, name in enumerate(names) if i not in within]
    if not without:
        return ""
    return f"Placed by the intervals of their scores alone, as nothing else is kept: {_and(_short(without, 'method'))}."


def _listed(pairs: Sequence[Pair], names: Sequence[str]) -> str:
    """Return `a from b and c; b from c`."""
    return "; ".join(
        f"{names[first]} from {_and([names[second] for _, second in found])}"
        for first, found in itertools.groupby(pairs, key=lambda pair: pair[0])
    )


def _short(words: Sequence[str], what: str) -> list[str]:
    rest = len(words) - MOST
    return [*words] if rest <= 1 else [*words[:MOST], f"{rest} more {what}s"]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
