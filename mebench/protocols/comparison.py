"""Two scorecards of the same truth side by side: how they differ, how certain that is, and whether it may be chance.

Conventions
-----------
A difference is the first card's value minus the second's. Its 95% interval resamples subjects, the same ones for both
cards, and its p-value swaps the two methods' counts subject by subject; both are of the very statistic that the cards
report. Scores that do not follow from kept counts of subjects (such as the AUC) have a difference only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.metrics.bootstrap import pooled_intervals
from mebench.metrics.permutation import permutation_test
from mebench.metrics.pooling import pooled_statistic
from mebench.schema.scorecard import Scorecard

METRICS = ("precision", "recall", "f1")
SCOPES = ("overall", "macro", "micro")
_ROUNDING = 1e-9

Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Difference:
    """One score of both cards; `ci95` and `p` are None where counts of subjects are not kept."""

    metric: str
    scope: str
    first: float
    second: float
    difference: float
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
    UserError : when they have not been graded alike, in one sentence that says in what they differ.
    """
    refuse_unlike(first, second)
    certain = _certain(first, second)
    differences = []
    for score in first.scores:
        other = second.find(score.metric, score.scope)
        if other is not None:
            ci95, p = certain.get((score.metric, score.scope), (None, None))
            change = score.value - other.value
            differences.append(Difference(score.metric, score.scope, score.value, other.value, change, ci95, p))
    return CardComparison(
        _name(first, second),
        _name(second, first),
        first.dataset.id,
        f"{first.protocol.id} v{first.protocol.version}",
        first.fingerprint,
        len(first.by_subject),
        tuple(sorted(differences, key=lambda d: (d.metric, d.scope))),
        tuple(_notes(first, second, bool(certain))),
    )


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


def subject_counts(card: Scorecard, scopes: Sequence[str] = SCOPES) -> Ints | None:
    """Return a card's counts by subject, where they are those that its overall F1 was made of.

    Parameters
    ----------
    card : the scorecard.
    scopes : which scopes, in which order.

    Returns
    -------
    Shape (n_subjects, n_scopes, 3): tp, fp, fn, sorted by subject; None where the card keeps none, or others than those
    of its own F1.
    """
    rows = sorted(card.by_subject, key=lambda row: row.subject)
    overall = card.find("f1", "overall")
    if not rows or overall is None or any(scope not in row.counts for row in rows for scope in {"overall", *scopes}):
        return None
    table = _table([[row.counts[scope] for scope in ("overall", *scopes)] for row in rows])
    added, statistic = pooled_statistic(table[:, 0], pooling_of(card))
    if abs(float(statistic(np.asarray(added, np.float64).sum(axis=0))[2]) - overall.value) > _ROUNDING:
        return None
    return table[:, 1:]


def pooling_of(card: Scorecard) -> str:
    """Return how a card's convention pools: `counts` or `mean`."""
    return str(card.convention.get("pooling", "counts"))


def f1_p_value(first: Ints, second: Ints, pooling: str = "counts") -> float:
    """Return the permutation p-value of the difference of two F1s.

    Parameters
    ----------
    first, second : counts of the same subjects, shape (n_subjects, 3).
    pooling : see `metrics.pooling`.
    """
    one, statistic = pooled_statistic(first, pooling)
    other, _ = pooled_statistic(second, pooling)
    return float(permutation_test(one, other, lambda pooled: statistic(pooled)[..., 2:])[1][0])


def _certain(
    first: Scorecard, second: Scorecard
) -> dict[tuple[str, str], tuple[tuple[float, float] | None, float | None]]:
    """Return interval and p-value by metric and scope; nothing where counts of subjects are not kept."""
    counts = subject_counts(first), subject_counts(second)
    if counts[0] is None or counts[1] is None or counts[0].shape != counts[1].shape:
        return {}
    pooling = pooling_of(first)
    one, statistic = pooled_statistic(counts[0], pooling)
    other, _ = pooled_statistic(counts[1], pooling)
    _, p = permutation_test(one, other, lambda pooled: statistic(pooled).reshape(len(pooled), -1))
    limits = pooled_intervals(
        np.stack((one, other), axis=1),
        lambda pooled: (statistic(pooled[:, 0]) - statistic(pooled[:, 1])).reshape(len(pooled), -1),
    )
    keys = [(metric, scope) for scope in SCOPES for metric in METRICS]
    return {
        key: (None if limits is None else (float(limits[i, 0]), float(limits[i, 1])), float(p[i]))
        for i, key in enumerate(keys)
    }


def _table(rows: list[list[Any]]) -> Ints:
    return np.array([[(c.tp, c.fp, c.fn) for c in row] for row in rows], np.int64)


def _name(card: Scorecard, other: Scorecard) -> str:
    """Return the method with the settings in which it differs from the other."""
    mine, theirs = card.method.config, other.method.config
    keys = [key for key in sorted(mine) if card.method.id == other.method.id and mine[key] != theirs.get(key)]
    return card.method.id + (":" + ",".join(f"{key}={mine[key]}" for key in keys) if keys else "")


def _notes(first: Scorecard, second: Scorecard, certain: bool) -> list[str]:
    notes = [f"{name} is not complete." for name, card in (("A", first), ("B", second)) if not card.complete]
    if not certain:
        notes.append("The counts of subjects are not kept in both cards, so there are no intervals and no p-values.")
    elif len(first.by_subject) < 6:
        notes.append(f"With {len(first.by_subject)} subjects no difference can reach p < .05.")
    return notes
