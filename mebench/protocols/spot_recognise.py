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

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.conventions import Convention
from mebench.metrics.intervals import tally
from mebench.metrics.spot_recognise import NAMES, spot_recognise_defined, spot_recognise_values
from mebench.protocols.base import Protocol, Split, Submission
from mebench.protocols.checks import check_predictions
from mebench.protocols.pooled import Graded, class_counts, make_card, pooled_scores
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import read_predictions
from mebench.schema.scorecard import Counts, DatasetRef, Score, Scorecard, SubjectRow, VideoRow
from mebench.schema.truth import Truth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLASSES = ("negative", "positive", "surprise")

COARSE = {
    **{label: label for label in CLASSES},
    **dict.fromkeys(("repression", "anger", "contempt", "disgust", "fear", "sadness"), "negative"),
    "happiness": "positive",
}
"""Class of every emotion that has one (MEGC2019 recognition guideline)."""


class SpotRecogniseProtocol(Protocol):
    """A protocol that grades spotted intervals and the emotions of those that are right."""

    task = "str"
    ranking = ("strs", "overall")
    published_convention = "strs_metric"
    classes: ClassVar[tuple[str, ...]] = CLASSES

    def splits(self, subjects: Sequence[str]) -> list[Split]:
        """Return one split that tests everybody."""
        return [Split("unseen", tuple(sorted(set(subjects))))]

    def read_predictions(self, path: Path) -> tuple[Intervals, Sequence[int]]:
        """Read `subject,video,onset,offset,emotion`; see `Protocol.read_predictions`."""
        return read_predictions(path, typed=False)

    def score(self, submission: Submission, truth: Truth, *, convention: Convention | None = None) -> Scorecard:
        """Grade spotting, analysis, and their product; see `Protocol.score`."""
        rules = self.pooled_rules(convention)
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
        total = table.sum(axis=0)
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            {scope: _counts(table[inside].sum(axis=0)) for scope, inside in scopes.items()}
            | class_counts(self._matrix(total), self.classes),
            [s for scope, inside in scopes.items() for s in self._scores(scope, table[inside], rules)],
            tuple(SubjectRow(str(s), self._row(table[i])) for i, s in enumerate(subjects.tolist())),
            tuple(VideoRow(s, v, self._row(of_video[i])) for i, (s, v) in enumerate(truth.videos.keys())),
            reason=self.official_reason(truth),
        )
        return make_card(self, submission, rules, graded)

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
        found = [COARSE.get(emotion, "") for emotion in emotions.tolist()]
        return np.array([self.classes.index(c) if c in self.classes else len(self.classes) for c in found], np.int64)

    def _matrix(self, row: Ints) -> Ints:
        return row[3:].reshape(len(self.classes) + 1, -1)

    def _row(self, row: Ints) -> dict[str, Counts]:
        return {"overall": _counts(row)} | class_counts(self._matrix(row), self.classes)

    def _scores(self, scope: str, table: Ints, rules: Convention) -> list[Score]:
        size, drop = len(self.classes) + 1, rules.absent_class == "drop"

        def statistic(sums: Floats) -> Floats:
            return spot_recognise_values(sums[:, :3], sums[:, 3:].reshape(-1, size, size), drop_absent=drop)

        total = table.sum(axis=0)
        defined = spot_recognise_defined(total[:3], self._matrix(total))
        return pooled_scores(NAMES, scope, table, statistic, defined)

    def supports(self, datasets: Sequence[str], task: str = "spotting") -> str | None:
        """Return a reason: a run spots without recognising, and trains and tests on the same dataset."""
        return super().supports(datasets, task) or (
            f"{self.id} tests on a set that nobody has trained on, but a run on {' and '.join(datasets)} would do both "
            "there; grade finished predictions with mebench grade"
        )


def untyped(table: Intervals) -> Intervals:
    """Return the intervals all of one type, so that types neither match nor differ."""
    return table.replace(is_macro=np.zeros(len(table), bool))


def _scopes(subjects: NDArray[np.str_], truth: Truth) -> dict[str, NDArray[np.bool_]]:
    """Return which subjects belong to each scope."""
    scopes = {"overall": np.ones(len(subjects), bool)}
    datasets = truth.datasets()
    if len(datasets) > 1:
        scopes |= {name: np.char.startswith(subjects, f"{name}/") for name in datasets}
    return scopes


def _counts(row: Ints) -> Counts:
    tp, fp, fn = row[:3].tolist()
    return Counts(tp, fp, fn)
