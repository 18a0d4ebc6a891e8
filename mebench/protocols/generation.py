"""Grading of generated expressions by the ratings of experts: means per database, their composite, and agreement.

Conventions
-----------
`rating` of a database is the mean over its items and all coders; of `composite` it is the mean of the databases'
means, each weighing the same. Agreement is over all items (`overall`) and per database: `icc` is ICC(2,1),
`krippendorff_alpha` has the interval metric. The scale belongs to the fingerprint: ratings on different scales are
never ranked together. What is resampled are the subjects of the sources, or items where none is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.agreement import alpha_parts, icc, icc_parts, krippendorff_alpha, mean_rating
from mebench.metrics.conventions import Convention
from mebench.protocols.base import Protocol, Submission
from mebench.protocols.pooled import Graded, make_card, pooled_scores
from mebench.schema.ratings import RatedItems, Rating, rating_matrix, read_ratings
from mebench.schema.scorecard import DatasetRef, Score, Scorecard
from mebench.settings import digest_of

Floats = NDArray[np.float64]


class RatingProtocol(Protocol):
    """A protocol that grades generated videos by sheets of ratings."""

    task = "generation"
    ranking = ("rating", "composite")

    def read_predictions(self, path: Path) -> tuple[tuple[Rating, ...], Sequence[int]]:
        """Read a table of ratings, or a folder with a sheet a coder; see `Protocol.read_predictions`."""
        return read_ratings(path)

    def read_truth(self, directory: Path) -> RatedItems:
        """Read `items.csv`, and the declared scale of `truth.json`; see `Protocol.read_truth`."""
        return RatedItems.read(directory)

    def score(self, submission: Submission, truth: RatedItems, *, convention: Convention | None = None) -> Scorecard:
        """Aggregate ratings; see `Protocol.score`."""
        rules = self.pooled_rules(convention)
        ratings, _ = rating_matrix(submission.predictions, truth, submission.source, submission.lines)
        people = [f"{item.database}/{item.subject or item.item}" for item in truth.items]
        person = np.unique(people, return_inverse=True)[1]
        database = np.array([item.database for item in truth.items], np.str_)
        names = truth.databases()
        scores = _agreement("overall", ratings, person)
        for name in names:
            inside = database == name
            scores += _rating(name, ratings[inside], person[inside], np.zeros(inside.sum(), np.int64), 1)
            scores += _agreement(name, ratings[inside], person[inside])
        scores += _rating("composite", ratings, person, np.searchsorted(names, database), len(names))
        graded = Graded(DatasetRef(truth.dataset, truth.digest()), {}, scores, reason=self.official_reason(truth))
        card = make_card(self, submission, rules, graded)
        scale = {"scale": str(truth.scale), "coders": truth.coders}
        return card.replace(
            convention={**card.convention, **scale, "fingerprint": digest_of(rules.fingerprint, scale)[:16]}
        )

    def official_reason(self, truth: RatedItems) -> str:
        """Return why no truth is the official one."""
        return f"the official scale was never published; this one is declared as {truth.scale}"


def _rating(scope: str, ratings: Floats, person: NDArray[np.int64], column: NDArray[np.int64], n: int) -> list[Score]:
    table = np.zeros((person.max(initial=-1) + 1, n, 2))
    of_item = np.stack((ratings.sum(axis=1), np.full(len(ratings), ratings.shape[1])), axis=1)
    np.add.at(table, (person, column), of_item)
    rated = bool(ratings.size)
    return pooled_scores(
        ("rating",), scope, table[np.unique(person)], lambda sums: mean_rating(sums)[:, None], (rated,)
    )


def _values_of(coefficient: Callable[[Floats], tuple[Floats, NDArray[np.bool_]]]) -> Callable[[Floats], Floats]:
    return lambda sums: coefficient(sums)[0][:, None]


def _agreement(scope: str, ratings: Floats, person: NDArray[np.int64]) -> list[Score]:
    """Return ICC and alpha; the parts of both are added over the items of a person."""
    scores: list[Score] = []
    for name, parts, statistic in (
        ("icc", icc_parts(ratings), icc),
        ("krippendorff_alpha", alpha_parts(ratings), krippendorff_alpha),
    ):
        table = np.zeros((person.max(initial=-1) + 1, parts.shape[1]))
        np.add.at(table, person, parts)
        defined = bool(statistic(parts.sum(axis=0)[None])[1][0])
        scores += pooled_scores((name,), scope, table[np.unique(person)], _values_of(statistic), (defined,))
    return scores
