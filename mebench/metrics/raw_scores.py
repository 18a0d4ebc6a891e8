"""Metrics of raw frame scores beside those of `frames`: the loss, and AUCs of people who are drawn again and again.

Conventions
-----------
Labels are booleans, one a frame; scores of a loss are probabilities. The pooled AUC of drawn people is exact: of every
two people it is counted once how often a positive frame of one lies above a negative frame of the other, ties counting
one half; a resample weights these counts.

Metrics
-------
`cross_entropy`, `Pairs`.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]

_LEAST = 1e-7
"""Probabilities are kept so far from 0 and 1, so that one frame cannot make a loss infinite."""


def cross_entropy(labels: Labels, scores: Scores, positive: float = 1.0, negative: float = 1.0) -> Floats:
    """Return the weighted binary cross-entropy of every frame (thesis eq. 5.1).

    Parameters
    ----------
    labels, scores : shape (n,); scores are probabilities.
    positive, negative : weights of frames inside and outside an expression.

    Raises
    ------
    ValueError : for shapes that differ, or scores outside 0..1.
    """
    if np.shape(labels) != np.shape(scores):
        raise ValueError(f"labels have shape {np.shape(labels)}, scores have shape {np.shape(scores)}")
    values = np.asarray(scores, np.float64)
    if values.size and not (values.min() >= 0 and values.max() <= 1):
        raise ValueError("scores of a loss must be probabilities from 0 to 1")
    certain = np.clip(values, _LEAST, 1 - _LEAST)
    return np.where(labels, -positive * np.log(certain), -negative * np.log1p(-certain))


@dataclasses.dataclass(frozen=True, eq=False)
class Pairs:
    """How the frames of people are ordered.

    Attributes
    ----------
    above : shape (n_people, n_people): of the pairs of a positive frame of one (row) and a negative frame of another
        (column), how many are in order, ties counting one half.
    positives, negatives : frames of each person, shape (n_people,).
    """

    above: Floats
    positives: Floats
    negatives: Floats

    @classmethod
    def of(cls, labels: Labels, scores: Scores, person: NDArray[np.integer[Any]], n_people: int) -> Pairs:
        """Count the pairs.

        Parameters
        ----------
        labels, scores : shape (n,).
        person : shape (n,), whose frame it is, from 0.
        n_people : number of people.
        """
        inside = [scores[labels & (person == i)] for i in range(n_people)]
        outside = [np.sort(scores[~labels & (person == i)]) for i in range(n_people)]
        above = np.zeros((n_people, n_people))
        for row, high in enumerate(inside):
            for column, low in enumerate(outside):
                ends = [np.searchsorted(low, high, side=side).sum() for side in ("left", "right")]
                above[row, column] = sum(ends) / 2
        return cls(above, np.array([len(x) for x in inside], float), np.array([len(x) for x in outside], float))

    def auc(self, weights: Floats) -> Floats:
        """Return the pooled AUC where each person is there so many times; NaN where one class is absent.

        Parameters
        ----------
        weights : shape (n, n_people).

        Returns
        -------
        Shape (n,).
        """
        pairs = (weights @ self.positives) * (weights @ self.negatives)
        ordered = np.einsum("ni,ij,nj->n", weights, self.above, weights, optimize=True)
        return np.divide(ordered, pairs, out=np.full(len(weights), np.nan), where=pairs > 0)

    def own(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the AUC of each person alone, 0 where there is none, and whether there is one."""
        known = (self.positives > 0) & (self.negatives > 0)
        pairs = np.where(known, self.positives * self.negatives, 1)
        return np.where(known, np.diagonal(self.above) / pairs, 0.0), known
