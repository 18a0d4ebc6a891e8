"""Two scorecards of the same truth side by side: how they differ, how certain that is, and whether it may be chance.

Conventions
-----------
A difference is the first card's value minus the second's. Its 95% interval resamples subjects, the same ones for both
cards, and its p-value swaps the two methods' counts subject by subject; both are of the very statistic that the cards
report. Scores that do not follow from what the cards keep of their subjects (such as the AUC) have a difference only.
A score that is 0/0 on one of the cards has no difference: its 0 says nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.consistency import as_they_stand, consistency_of, require_consistent
from mebench.analysis.labels import distinct_settings
from mebench.errors import UserError
from mebench.metrics.statistics.bootstrap import pooled_intervals
from mebench.metrics.statistics.kinds import Statistic, statistic_of
from mebench.metrics.statistics.permutation import SWAPS, permutation_test
from mebench.plain import plain_text
from mebench.schema.scorecard import Score, Scorecard, StatisticRow

_ROUNDING = 1e-9

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Difference:
    """One score of both cards.

    Attributes
    ----------
    metric, scope : which it is.
    first, second : its values; None for 0/0.
    difference : None where one of them is 0/0, as `ci95` and `p` are then.
    ci95, p : None where counts of subjects are not kept.
    """

    metric: str
    scope: str
    first: float | None
    second: float | None
    difference: float | None
    ci95: tuple[float, float] | None = None
    p: float | None = None


@dataclasses.dataclass(frozen=True)
class CardComparison:
    """Two cards that may be compared.

    Attributes
    ----------
    first, second : names of the methods.
    dataset, protocol, fingerprint : what both share.
    subjects : number of subjects.
    differences : one for each score that both have, sorted by metric and scope.
    notes : what a reader should know, one sentence each.
    """

    first: str
    second: str
    dataset: str
    protocol: str
    fingerprint: str
    subjects: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()


def compare_cards(first: Scorecard, second: Scorecard) -> CardComparison:
    """Compare two cards of the same truth, protocol and convention.

    Raises
    ------
    UserError : when one contradicts itself, or they have not been graded alike, with all in which they differ.
    """
    refuse_unlike(first, second)
    for side, card in (("A", first), ("B", second)):
        require_consistent(card, f"Scorecard {side} ({plain_text(card.method.id, 60)})")
    certain = _certain(first, second)
    differences = []
    for score in first.scores:
        other = second.find(score.metric, score.scope)
        if other is not None:
            differences.append(_difference(score, other, *certain.get((score.metric, score.scope), (None, None))))
    return CardComparison(
        *_names(first, second),
        first.dataset.id,
        f"{first.protocol.id} v{first.protocol.version}",
        first.fingerprint,
        len(first.by_subject),
        tuple(sorted(differences, key=lambda d: (d.metric, d.scope))),
        tuple(_notes(first, second, bool(certain))),
    )


def _difference(score: Score, other: Score, ci95: tuple[float, float] | None, p: float | None) -> Difference:
    first, second = (each.value if each.defined else None for each in (score, other))
    if first is None or second is None:
        return Difference(score.metric, score.scope, first, second, None)
    return Difference(score.metric, score.scope, first, second, first - second, ci95, p)


def refuse_unlike(first: Scorecard, second: Scorecard) -> None:
    """Raise when two cards were not graded against the same truth under the same rules.

    Raises
    ------
    UserError : with everything in which they differ.
    """
    unlike = []
    if first.dataset != second.dataset:
        one, other = (f"{card.dataset.id} {card.dataset.digest[:12]}" for card in (first, second))
        unlike.append(f"their truths differ ({one} and {other})")
    if first.protocol != second.protocol:
        one, other = (f"{card.protocol.id} v{card.protocol.version}" for card in (first, second))
        unlike.append(f"their protocols differ ({one} and {other})")
    if first.fingerprint != second.fingerprint:
        unlike.append(f"their conventions differ in {', '.join(differing_rules(first, second)) or 'the fingerprint'}")
    if unlike:
        raise UserError(
            f"These scorecards cannot be compared: {'; '.join(unlike)}; grade both sets of predictions "
            "against one truth under one protocol and convention."
        )


def differing_rules(first: Scorecard, second: Scorecard) -> list[str]:
    """Return the fields in which two cards' conventions differ, sorted."""
    keys = sorted((set(first.convention) | set(second.convention)) - {"fingerprint"})
    return [key for key in keys if first.convention.get(key) != second.convention.get(key)]


@dataclasses.dataclass(frozen=True, eq=False)
class KeptParts:
    """What a card keeps of one statistic.

    Attributes
    ----------
    row : the statistic.
    people : the subjects that take part in it, sorted.
    parts : what each of them adds, shape (n_people, n_parts).
    statistic : the function from sums to values.
    """

    row: StatisticRow
    people: tuple[str, ...]
    parts: Floats
    statistic: Statistic

    def fits(self, other: KeptParts) -> bool:
        """Return whether two cards keep the same statistic of the same people."""
        return self.row == other.row and self.people == other.people and self.parts.shape == other.parts.shape

    def of(self, people: Sequence[str]) -> KeptParts:
        """Return the parts of some of the people, in the order given."""
        rows = [self.people.index(name) for name in people]
        return dataclasses.replace(self, people=tuple(people), parts=self.parts[rows])


def kept_parts(card: Scorecard, row: StatisticRow) -> KeptParts | None:
    """Return what a card keeps of a statistic; None where it cannot be used.

    It can be used when the subjects' parts are there, their function is known, and they add up to the card's scores.
    """
    found = {subject.subject: subject.part(row.parts) for subject in card.by_subject}
    people = tuple(sorted(name for name, parts in found.items() if parts is not None))
    lengths = {len(found[name] or ()) for name in people}
    if not people or len(lengths) != 1:
        return None
    parts = np.array([found[name] for name in people], np.float64)
    try:
        statistic = statistic_of(row.kind, row.options)
        values = np.atleast_1d(statistic(parts.sum(axis=0)[None])[0])
    except (UserError, ValueError, IndexError):
        return None
    return KeptParts(row, people, parts, statistic) if _adds_up(card, row, values) else None


def _adds_up(card: Scorecard, row: StatisticRow, values: Floats) -> bool:
    if len(values) != len(row.metrics):
        return False
    for metric, value in zip(row.metrics, values.tolist(), strict=True):
        score = card.find(metric, row.scope) if metric else None
        if metric and (score is None or (score.defined and abs(score.value - value) > _ROUNDING)):
            return False
    return True


def statistic_for(card: Scorecard, metric: str, scope: str) -> KeptParts | None:
    """Return what a card keeps of the statistic behind one score; None where there is none that can be used."""
    row = next((row for row in card.statistics if row.scope == scope and metric in row.metrics), None)
    return None if row is None else kept_parts(card, row)


def p_value(first: KeptParts, second: KeptParts, metric: str, swaps: int = SWAPS) -> float:
    """Return the permutation p-value of the difference of two methods in one metric.

    Parameters
    ----------
    first, second : the same statistic of the same people.
    metric : one of its metrics.
    swaps : see `permutation_test`.
    """
    column = first.row.metrics.index(metric)
    return float(permutation_test(first.parts, second.parts, first.statistic, swaps=swaps)[1][column])


Certainty = dict[tuple[str, str], tuple[tuple[float, float] | None, float | None]]


def _certain(first: Scorecard, second: Scorecard) -> Certainty:
    """Return interval and p-value by metric and scope; nothing for what is not kept in both cards."""
    found: Certainty = {}
    for row in first.statistics:
        one = kept_parts(first, row) if row in second.statistics else None
        other = kept_parts(second, row) if one is not None else None
        if one is not None and other is not None and one.fits(other):
            found |= dict(_tested(one, other))
    return found


def _tested(
    one: KeptParts, other: KeptParts
) -> Iterator[tuple[tuple[str, str], tuple[tuple[float, float] | None, float | None]]]:
    """Yield interval and p-value of every score of a statistic; the same subjects are drawn for both cards."""
    _, p = permutation_test(one.parts, other.parts, one.statistic)
    width = one.parts.shape[1]

    def difference(sums: Floats) -> Floats:
        return one.statistic(sums[:, :width]) - one.statistic(sums[:, width:])

    limits = pooled_intervals(np.concatenate((one.parts, other.parts), axis=1), difference)
    for i, metric in enumerate(one.row.metrics):
        if metric:
            ends = None if limits is None else (float(limits[i, 0]), float(limits[i, 1]))
            yield (metric, one.row.scope), (ends, float(p[i]))


def _names(first: Scorecard, second: Scorecard) -> tuple[str, str]:
    """Return both methods with the settings in which they differ, as the leaderboard names them."""
    methods = first.method, second.method
    one, other = (
        f"{method.id}:{settings}" if settings else method.id
        for method, settings in zip(methods, distinct_settings(methods), strict=True)
    )
    return one, other


def _notes(first: Scorecard, second: Scorecard, certain: bool) -> list[str]:
    notes = [f"{name} is not complete." for name, card in (("A", first), ("B", second)) if not card.complete]
    if not certain:
        notes.append("What subjects add is not kept in both cards, so there are no intervals and no p-values.")
    elif len(first.by_subject) < 6:
        count = len(first.by_subject)
        notes.append(f"With {count} subject{'' if count == 1 else 's'} no difference can reach p < .05.")
    unchecked = [name for card in (first, second) for name in consistency_of(card).unchecked]
    shown = {f"{s.metric} of {s.scope}" for s in first.scores if second.find(s.metric, s.scope)}
    return [*notes, *as_they_stand(name for name in unchecked if name in shown)]
