"""Grading of generated expressions by the ratings of experts: means per database, their composite, and agreement.

Conventions
-----------
`rating` of a database is the mean over its items and all coders; of `composite` it is the mean of the databases'
means, each weighing the same. Agreement is over all items (`overall`) and per database: `icc` is ICC(2,1),
`krippendorff_alpha` has the interval metric. The scale belongs to the fingerprint: ratings on different scales are
never ranked together. What is resampled are the subjects of the sources, or items where none is named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.agreement import alpha_parts, icc, icc_parts, krippendorff_alpha
from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.generation import GenerationConvention
from mebench.metrics.statistics.additive import Additive
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.cards import Graded, make_card
from mebench.schema.people import joined
from mebench.schema.ratings import RatedItems, rating_matrix
from mebench.schema.scorecard import DatasetRef, Scorecard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class RatingProtocol(Protocol):
    """A protocol that grades generated videos by sheets of ratings."""

    task = "generation"
    convention: ClassVar[Convention] = GenerationConvention()
    ranking = ("rating", "composite")

    def score(self, submission: Predicted, truth: RatedItems, *, convention: Any = None) -> Scorecard:
        """Aggregate ratings; see `Protocol.score`."""
        rules = GenerationConvention(scale=str(truth.scale), coders=truth.coders)
        ratings, _ = rating_matrix(submission.predictions, truth, submission.source, submission.lines)
        people, person = np.unique(
            [joined(item.database, item.subject or item.item) for item in truth.items], return_inverse=True
        )
        database = np.array([item.database for item in truth.items], np.str_)
        names = truth.databases()
        statistics = _agreement("overall", ratings, person)
        for name in names:
            inside = database == name
            statistics.append(_rating(name, ratings[inside], person[inside], np.zeros(inside.sum(), np.int64), 1))
            statistics += _agreement(name, ratings[inside], person[inside])
        statistics.append(_rating("composite", ratings, person, np.searchsorted(names, database), len(names)))
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            [str(name) for name in people.tolist()],
            statistics,
            reason=self.official_reason(truth),
        )
        return make_card(self, submission, rules, graded, truth)

    def official_reason(self, truth: RatedItems) -> str:
        """Return why no truth is the official one."""
        return f"the official scale was never published; this one is declared as {truth.scale}"


def _rating(scope: str, ratings: Floats, person: Ints, column: Ints, n: int) -> Additive:
    table = np.zeros((person.max(initial=-1) + 1, n, 2))
    of_item = np.stack((ratings.sum(axis=1), np.full(len(ratings), ratings.shape[1])), axis=1)
    np.add.at(table, (person, column), of_item)
    people = np.unique(person)
    parts = table[people].reshape(len(people), 2 * n)
    rated = (bool(ratings.size),)
    return Additive("rating", scope, ("rating",), parts, rated, people, options={"n_databases": n})


def _agreement(scope: str, ratings: Floats, person: Ints) -> list[Additive]:
    """Return ICC and alpha; the parts of both are added over the items of a person."""
    coefficients: tuple[tuple[str, Floats, Callable[[Floats], tuple[Floats, NDArray[np.bool_]]]], ...] = (
        ("icc", icc_parts(ratings), icc),
        ("krippendorff_alpha", alpha_parts(ratings), krippendorff_alpha),
    )
    people = np.unique(person)
    statistics = []
    for name, parts, coefficient in coefficients:
        table = np.zeros((person.max(initial=-1) + 1, parts.shape[1]))
        np.add.at(table, person, parts)
        known = bool(coefficient(parts.sum(axis=0)[None])[1][0])
        statistics.append(Additive(name, scope, (name,), table[people], (known,), people))
    return statistics
