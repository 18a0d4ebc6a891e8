"""Counts by subject that give the score by which a table ranks, and the test of whether two methods differ in it.

Conventions
-----------
Two scores follow from kept counts: the overall F1, and the UF1 of pooled counts, which is the mean over classes of
2 TP / (2 TP + FP + FN). Counts that do not add up to the card's own score are not used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.leaderboard.cards import F1, NONE, Card
from mebench.metrics.permutation import permutation_test
from mebench.protocols.comparison import f1_p_value, pooling_of, subject_counts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDING = 1e-9


def has_test(card: Card) -> bool:
    """Return whether the score by which a card is ranked follows from counts by subject."""
    return card.ranking == F1 or (card.ranking[0] == "uf1" and bool(card.classes))


def ranking_counts(card: Card) -> Ints | None:
    """Return the counts of each subject that give the score by which the card is ranked, or None.

    Returns
    -------
    Shape (n_subjects, 3) for the overall F1, (n_subjects, n_classes, 3) for UF1: tp, fp, fn, sorted by subject.
    """
    if card.ranking == F1:
        table = subject_counts(card.card, ("overall",))
        return None if table is None else table[:, 0]
    score, rows = card.score(*card.ranking), sorted(card.card.by_subject, key=lambda row: row.subject)
    if not has_test(card) or score is None or not rows or pooling_of(card.card) != "counts":
        return None
    of_class = [[row.counts.get(label, NONE) for label in card.classes] for row in rows]
    counts = np.array([[(c.tp, c.fp, c.fn) for c in row] for row in of_class], np.int64)
    found = float(_uf1(counts.sum(axis=0, dtype=np.float64)[None])[0, 0])
    return counts if abs(found - score.value) <= _ROUNDING else None


def p_value(card: Card, first: Ints, second: Ints) -> float:
    """Return the permutation p-value of the difference of two methods.

    Parameters
    ----------
    card : either of the cards, for how its protocol ranks.
    first, second : their `ranking_counts`, of equal shape.
    """
    if card.ranking == F1:
        return f1_p_value(first, second, pooling_of(card.card))
    return float(permutation_test(first, second, _uf1)[1][0])


def _uf1(pooled: Floats) -> Floats:
    """Return UF1, shape (n, 1), of counts of shape (n, n_classes, 3); a class that never occurs counts as 0."""
    total = 2 * pooled[..., 0] + pooled[..., 1] + pooled[..., 2]
    return (2 * pooled[..., 0] / np.where(total > 0, total, 1)).mean(axis=-1, keepdims=True)
