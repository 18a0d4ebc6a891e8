"""Statistics that are functions of sums over people: report, interval, paired test and comparison all come from one.

Conventions
-----------
Every person contributes parts, a row of numbers; parts are added over people, and the values follow from the sums
alone. So a resample of people is a weighted sum, and swapping a person between two methods is a difference of rows. A
statistic has a `kind`, which names the function from sums to values, so that a card that keeps the parts can be tested
again without its predictions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.statistics.bootstrap import pooled_intervals
from mebench.metrics.statistics.kinds import statistic_of
from mebench.schema.scorecard import Score

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False)
class Additive:
    """One statistic of a group of people.

    Attributes
    ----------
    kind : which function turns sums into values; see `statistics.kinds`.
    scope : of what the values are, such as `macro`, a class, or a database.
    names : ids of the metrics, in the order of the values; one that is empty is not reported.
    parts : what each person adds, shape (n_people, n_parts).
    defined : which of the values are no 0/0.
    people : rows of the grading's list of people to whom `parts` belong; None for all of them.
    key : where a card keeps the parts; statistics with equal parts share a key.
    options : what the kind needs to know, as plain JSON types.
    """

    kind: str
    scope: str
    names: tuple[str, ...]
    parts: NDArray[np.generic]
    defined: tuple[bool, ...]
    people: NDArray[np.int64] | None = None
    key: str = ""
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def statistic(self) -> Callable[[Floats], Floats]:
        """Return the function from sums of shape (n, n_parts) to values of shape (n, n_values)."""
        return statistic_of(self.kind, self.options)

    def scores(self) -> list[Score]:
        """Return the values of the pooled parts with 95% intervals by bootstrap over the people."""
        return additive_scores(self.names, self.scope, self.parts, self.statistic(), self.defined)


def additive_scores(
    names: Sequence[str],
    scope: str,
    parts: NDArray[np.generic],
    statistic: Callable[[Floats], Floats],
    defined: Sequence[bool],
) -> list[Score]:
    """Return scores of parts added over people, with 95% intervals by bootstrap over those people.

    Parameters
    ----------
    names, scope, parts, defined : see `Additive`.
    statistic : turns sums of shape (n, n_parts) into values of shape (n, n_values).
    """
    values = statistic(np.asarray(parts.sum(axis=0), np.float64)[None])[0]
    limits = pooled_intervals(parts, statistic)
    scores = []
    for i, name in enumerate(names):
        if not name:
            continue
        ends = None if limits is None or not defined[i] else (float(limits[i, 0]), float(limits[i, 1]))
        scores.append(Score(name, scope, float(values[i]) if defined[i] else 0.0, ends, bool(defined[i])))
    return scores
