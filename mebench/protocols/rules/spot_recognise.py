"""Grading of spot-then-recognise: intervals with an emotion each.

Conventions
-----------
Tables have no types, so types are left out on both sides and every event of the truth is to be spotted. Recognition is
graded over spotted true positives whose truth is negative, positive or surprise; finer emotions count under the class
that MEGC2019 gave them, and events of other emotions are to be spotted but not to be recognised. Scopes: overall, of
counts pooled over datasets, and each dataset where there are several. `macro_precision` is what the published code
and the table of 2025 call UAR; `uar` is mean recall.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.conventions.spot_recognise import SpotRecogniseConvention
from mebench.metrics.intervals import tally
from mebench.metrics.spot_recognise import NAMES, spot_recognise_defined
from mebench.metrics.statistics.additive import Additive
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.cards import Graded, class_counts, counts_of, make_card
from mebench.protocols.rules.fits import check_predictions
from mebench.schema.emotions import COMPOSITE_CLASS_OF, COMPOSITE_CLASSES
from mebench.schema.intervals import Intervals
from mebench.schema.people import of_dataset
from mebench.schema.scorecard import Counts, DatasetRef, Scorecard, VideoRow
from mebench.schema.truth import Truth

Ints = NDArray[np.int64]


class SpotRecogniseProtocol(Protocol):
    """A protocol that grades spotted intervals and the emotions of those that are right."""

    task = "spot_recognise"
    convention: ClassVar[Any] = SpotRecogniseConvention()
    ranking = ("strs", "overall")
    unseen = True
    published_convention = "strs_metric"
    classes: ClassVar[tuple[str, ...]] = COMPOSITE_CLASSES

    def score(self, submission: Predicted, truth: Truth, *, convention: Any = None) -> Scorecard:
        """Grade spotting, analysis, and their product; see `Protocol.score`."""
        rules: SpotRecogniseConvention = convention or self.convention
        check_predictions(submission.predictions, truth.videos, submission.source, submission.lines)
        predictions, events = untyped(submission.predictions), untyped(truth.events)
        result = tally(predictions, events, truth.videos, rules)
        spotted = result.counts.sum(axis=1)
        matrix = self._confusions(predictions, events, result.prediction_of, truth)
        of_video = np.concatenate((spotted, matrix.reshape(len(spotted), -1)), axis=1)
        subjects, person = np.unique(truth.videos.subject, return_inverse=True)
        table = np.zeros((len(subjects), of_video.shape[1]), np.int64)
        np.add.at(table, person, of_video)
        scopes = _scopes(subjects, truth)
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            [str(subject) for subject in subjects.tolist()],
            [self._statistic(scope, table, inside, rules) for scope, inside in scopes.items()],
            {scope: counts_of(table[inside].sum(axis=0)) for scope, inside in scopes.items()}
            | class_counts(self._matrix(table.sum(axis=0)), self.classes),
            [self._row(row) for row in table],
            by_video=tuple(VideoRow(s, v, self._row(of_video[i])) for i, (s, v) in enumerate(truth.videos.keys())),
            reason=self.official_reason(truth),
        )
        return make_card(self, submission, rules, graded, truth)

    def official_reason(self, truth: Truth) -> str:
        """Return why no truth is the official one."""
        return f"{truth.dataset or 'this truth'} is no official set of {self.id}"

    def _confusions(self, predictions: Intervals, events: Intervals, prediction_of: Ints, truth: Truth) -> Ints:
        """Count the classes of spotted events by video, shape (n_videos, C + 1, C + 1)."""
        size = len(self.classes) + 1
        rows = np.flatnonzero(prediction_of >= 0)
        true = self._numbers(events.emotion[rows])
        predicted = self._numbers(predictions.emotion[prediction_of[rows]])
        analysed = true < len(self.classes)
        row_of = {key: i for i, key in enumerate(truth.videos.keys())}
        names = zip(events.subject[rows].tolist(), events.video[rows].tolist(), strict=True)
        video = np.array([row_of[name] for name in names], np.int64)
        matrix = np.zeros((len(truth.videos), size, size), np.int64)
        np.add.at(matrix, (video[analysed], true[analysed], predicted[analysed]), 1)
        return matrix

    def _numbers(self, emotions: NDArray[np.str_]) -> Ints:
        """Return the number of each emotion's class, C where it has none."""
        found = [COMPOSITE_CLASS_OF.get(emotion, "") for emotion in emotions.tolist()]
        return np.array([self.classes.index(c) if c in self.classes else len(self.classes) for c in found], np.int64)

    def _matrix(self, row: Ints) -> Ints:
        return row[3:].reshape(len(self.classes) + 1, -1)

    def _row(self, row: Ints) -> dict[str, Counts]:
        return {"overall": counts_of(row)} | class_counts(self._matrix(row), self.classes)

    def _statistic(
        self, scope: str, table: Ints, inside: NDArray[np.bool_], rules: SpotRecogniseConvention
    ) -> Additive:
        people = np.flatnonzero(inside)
        total = table[people].sum(axis=0)
        known = spot_recognise_defined(total[:3], self._matrix(total))
        options = {"size": len(self.classes) + 1, "drop_absent": rules.absent_class == "drop"}
        return Additive(
            "spot_recognise", scope, NAMES, table[people], known, people, key=f"spotted/{scope}", options=options
        )


def untyped(table: Intervals) -> Intervals:
    """Return the intervals all of one type, so that types neither match nor differ."""
    return table.replace(is_macro=np.zeros(len(table), bool))


def _scopes(subjects: NDArray[np.str_], truth: Truth) -> dict[str, NDArray[np.bool_]]:
    """Return which subjects belong to each scope."""
    scopes = {"overall": np.ones(len(subjects), bool)}
    datasets = truth.datasets()
    if len(datasets) > 1:
        scopes |= {name: of_dataset(subjects, name) for name in datasets}
    return scopes
