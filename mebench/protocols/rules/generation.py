"""Grading of generated expressions: by their likeness to recordings, or by the ratings of experts.

Conventions
-----------
Likeness is of every metric that the clips were measured by, over all clips (`overall`) and per database where there are
several; parts are added over frames, clips and people, then divided. A clip that was not generated makes the card
incomplete.

`rating` of a database is the mean over its items and all coders; of `composite` it is the mean of the databases'
means, each weighing the same. Agreement is over all items (`overall`) and per database: `icc` is ICC(2,1),
`krippendorff_alpha` has the interval metric. The scale belongs to the fingerprint: ratings on different scales are
never ranked together. What is resampled are the subjects of the sources, or items where none is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.agreement import alpha_parts, icc, icc_parts, krippendorff_alpha
from mebench.metrics.catalogue import metric_of
from mebench.metrics.conventions.generation import GenerationConvention
from mebench.metrics.statistics.additive import Additive
from mebench.metrics.statistics.kinds import OF_METRIC
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.cards import Graded, make_card
from mebench.schema.clips import ClipTable
from mebench.schema.generated import GeneratedClip, GeneratedTable
from mebench.schema.people import joined
from mebench.schema.problems import Problem, quoted, refuse
from mebench.schema.ratings import RatedItems, rating_matrix
from mebench.schema.scorecard import DatasetRef, Scorecard, VideoRow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class RatingProtocol(Protocol):
    """A protocol that grades generated videos by sheets of ratings."""

    task = "generation"
    convention: ClassVar[Any] = GenerationConvention()
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


class LikenessProtocol(Protocol):
    """A protocol that grades generated clips by how like they are to recorded ones."""

    task = "generation"
    convention: ClassVar[Any] = GenerationConvention()
    ranking = ("psnr", "overall")
    together = True

    def score(self, submission: Predicted, truth: ClipTable, *, convention: Any = None) -> Scorecard:
        """Grade generated clips; see `Protocol.score`."""
        rules = convention or self.convention
        generated: GeneratedTable = submission.predictions
        _check_known(generated, truth, submission)
        people = truth.subjects()
        person_of = {clip.key: clip.person for clip in truth.clips}
        databases = truth.databases()
        statistics = []
        for scope in ("overall", *(databases if len(databases) > 1 else ())):
            rows = [row for row in generated.rows if scope in ("overall", row.database)]
            statistics += [_likeness(metric, scope, rows, person_of, people) for metric in generated.metrics()]
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            people,
            [statistic for statistic in statistics if len(statistic.parts)],
            by_video=tuple(VideoRow(person_of[row.key], row.clip, {}, dict(row.parts)) for row in generated.rows),
            complete=len(generated) == len(truth.clips),
            reason=self.official_reason(truth),
        )
        return make_card(self, submission, rules, graded, truth)

    def official_reason(self, truth: ClipTable) -> str:
        """Return why no truth is the official one."""
        return "no challenge has published a set of targets"


def _check_known(generated: GeneratedTable, truth: ClipTable, submission: Predicted) -> None:
    known = {clip.key for clip in truth.clips}
    lines = submission.lines
    refuse(
        [
            Problem(
                submission.source,
                lines[i] if len(lines) else i + 1,
                "clip",
                "a clip of the truth",
                quoted(joined(*row.key)),
                "unknown_clip",
            )
            for i, row in enumerate(generated.rows)
            if row.key not in known
        ]
    )


def _likeness(
    metric: str,
    scope: str,
    rows: Sequence[GeneratedClip],
    person_of: Mapping[tuple[str, str, str], str],
    people: Sequence[str],
) -> Additive:
    """Add the parts of a metric over the clips of each person."""
    width = max((len(row.parts.get(metric, ())) for row in rows), default=0)
    table = np.zeros((len(people), width))
    measured = np.zeros(len(people), bool)
    number = {person: i for i, person in enumerate(people)}
    for row in rows:
        if len(row.parts.get(metric, ())) == width:
            table[number[person_of[row.key]]] += row.parts[metric]
            measured[number[person_of[row.key]]] = True
    who = np.flatnonzero(measured)
    known = bool(len(who)) and metric_of(metric).defined(table[who].sum(axis=0))
    return Additive(f"{OF_METRIC}{metric}", scope, (metric,), table[who], (known,), who)


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
