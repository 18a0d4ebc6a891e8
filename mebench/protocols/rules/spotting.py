"""Grading of spotted intervals, the same for every year: counts, scores with intervals, breakdowns.

Conventions
-----------
Scopes: overall, macro, micro and, where several datasets are pooled, each dataset's id. Metrics: precision, recall, f1
of the intervals; `frame_f1` of the frames that lie in predicted and in true intervals (under the method's own
thresholds: none is chosen on the truth here; frames outside the video are none, whatever the convention's `outside`);
`auc` of the frame scores where they are given; those of raw scores, see `rules.raw_scores`; and the scope `movement`,
see `rules.movement`. Counts are added over
videos, subjects and datasets first, then divided, unless the convention says `pooling: mean`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.metrics import frames
from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.metrics.intervals import RATIOS, Tally, defined, tally, video_index
from mebench.metrics.outside import clipped
from mebench.metrics.statistics.additive import Additive
from mebench.metrics.statistics.pooling import ratios_to_average
from mebench.protocols.base import FrameScores, Predicted, Protocol
from mebench.protocols.cards import Graded, counts_of, make_card
from mebench.protocols.rules.fits import check_frame_scores, check_predictions
from mebench.protocols.rules.frame_labels import frame_labels, scored_events
from mebench.protocols.rules.movement import is_untyped, movement_statistics
from mebench.protocols.rules.raw_scores import MOVEMENT, check_raw_scores, raw_statistics, scopes_of
from mebench.schema.intervals import Intervals
from mebench.schema.people import of_dataset
from mebench.schema.scorecard import OF_COUNTS, Counts, DatasetRef, Score, Scorecard, VideoRow
from mebench.schema.truth import Truth, TruthCounts, VideoTable

TYPES = (("macro", 1), ("micro", 0))
"""Scopes of one type and their column in counts and frame scores."""
SCOPES = ("overall", "macro", "micro")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class SpottingProtocol(Protocol):
    """A protocol that grades intervals; the counts of its official sets are `TruthCounts`."""

    task = "spotting"
    convention: ClassVar[Any] = SpottingConvention()
    official: ClassVar[Mapping[str, Any]] = {}
    ranking = ("f1", "overall")

    def score(self, submission: Predicted, truth: Truth, *, convention: Any = None) -> Scorecard:
        """Grade spotted intervals; see `Protocol.score`."""
        rules: SpottingConvention = convention or self.convention
        predictions = submission.predictions
        check_predictions(predictions, truth.videos, submission.source, submission.lines)
        result = tally(predictions, truth.events, truth.videos, rules)
        subjects, of_video = np.unique(truth.videos.subject, return_inverse=True)
        by_subject = {
            scope: _sum_by(of_video, counts, len(subjects)) for scope, counts in _scopes(result.counts, truth).items()
        }
        statistics = [_of_counts(scope, counts, rules.pooling) for scope, counts in by_subject.items()]
        statistics += _frame_f1(predictions, truth, of_video, len(subjects), rules)
        if is_untyped(rules) or MOVEMENT in scopes_of(submission.raw_scores or {}):
            statistics += movement_statistics(predictions, truth, of_video, len(subjects), rules)
        others: list[Score] = []
        if submission.frame_scores is not None:
            check_frame_scores(submission.frame_scores, truth.videos, submission.source)
            others = _auc(submission.frame_scores, truth, of_video, rules)
        if submission.raw_scores:
            check_raw_scores(submission.raw_scores, truth.videos, submission.source)
            more, pooled = raw_statistics(submission.raw_scores, truth, rules)
            statistics, others = [*statistics, *more], [*others, *pooled]
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            [str(subject) for subject in subjects.tolist()],
            statistics,
            {scope: counts_of(counts.sum(axis=0)) for scope, counts in by_subject.items()},
            [{scope: counts_of(counts[i]) for scope, counts in by_subject.items()} for i in range(len(subjects))],
            others,
            _video_rows(truth.videos, result),
            reason=self.official_reason(truth),
            remark="; ".join(self.remarks[dataset] for dataset in truth.datasets() if dataset in self.remarks),
        )
        return make_card(self, submission, rules, graded, truth)

    def official_reason(self, truth: Truth) -> str:
        """Return why a truth is not the official one, or an empty string when it is."""
        for dataset, counts in _counts_by_dataset(truth).items():
            if dataset not in self.official:
                return f"{dataset or 'this truth'} is no official set of {self.id}"
            expected = self.official[dataset]
            if counts != expected:
                return f"{dataset} has {_spell(counts)}, the official set has {_spell(expected)}"
        return ""


def _counts_by_dataset(truth: Truth) -> dict[str, TruthCounts]:
    datasets = truth.datasets()
    if len(datasets) == 1:
        return {datasets[0]: truth.counts()}
    result = {}
    for dataset in datasets:
        of_events = of_dataset(truth.events.subject, dataset)
        macro = int(truth.events.is_macro[of_events].sum())
        videos = int(of_dataset(truth.videos.subject, dataset).sum())
        result[dataset] = TruthCounts(videos, macro, int(of_events.sum()) - macro)
    return result


def _spell(counts: TruthCounts) -> str:
    return f"{counts.macro} macro- and {counts.micro} micro-expressions in {counts.videos} videos"


def _of_counts(scope: str, counts: Ints, pooling: str) -> Additive:
    """Return precision, recall and F1 of counts by subject, pooled or averaged as the convention says."""
    known = tuple(defined(counts.sum(axis=0)).tolist())
    if pooling == "mean":
        return Additive("mean", scope, RATIOS, ratios_to_average(counts), known, key=f"mean/{scope}")
    return Additive("ratios", scope, RATIOS, counts, known, key=f"{OF_COUNTS}{scope}")


def _scopes(counts: Ints, truth: Truth) -> dict[str, Ints]:
    """Return counts of each scope and video, shape (n_videos, 3)."""
    overall = counts.sum(axis=1)
    scopes = {"overall": overall, **{name: counts[:, column] for name, column in TYPES}}
    datasets = truth.datasets()
    if len(datasets) > 1:
        for dataset in datasets:
            inside = of_dataset(truth.videos.subject, dataset)
            scopes[dataset] = overall * inside[:, None]
    return scopes


def _sum_by(group: Ints, counts: Ints, n_groups: int) -> Ints:
    total = np.zeros((n_groups, counts.shape[1]), np.int64)
    np.add.at(total, group, counts)
    return total


def _frame_f1(
    predictions: Intervals, truth: Truth, of_video: Ints, n_subjects: int, rules: SpottingConvention
) -> list[Additive]:
    """Return the frame-wise F1 of either type (thesis Table 5.6 gives it of thresholded scores)."""
    videos = truth.videos
    p_video = video_index(predictions, videos)
    events, offset = scored_events(truth, rules)
    t_video = video_index(events, videos)
    p_ends = clipped(predictions.onset, predictions.offset, videos.n_frames[p_video])
    t_ends = clipped(events.onset, offset, videos.n_frames[t_video])
    found = []
    for scope, is_macro in TYPES:
        p, t = predictions.is_macro == is_macro, events.is_macro == is_macro
        predicted = (p_video[p], *(end[p] for end in p_ends))
        counts = frames.covered_counts(predicted, (t_video[t], *(end[t] for end in t_ends)), len(videos))
        parts = _sum_by(of_video, counts, n_subjects)
        known = (bool(defined(parts.sum(axis=0))[2]),)
        found.append(Additive("ratios", scope, ("frame_f1",), parts, known, key=f"frames/{scope}", options=_F1_ALONE))
    return found


_F1_ALONE = {"only": "f1"}


def _auc(scores: FrameScores, truth: Truth, of_video: Ints, rules: SpottingConvention) -> list[Score]:
    """Return the AUC of either type over the frames of every video that has scores."""
    keys = truth.videos.keys()
    rows = [i for i, key in enumerate(keys) if key in scores]
    if not rows:
        return []
    lengths = truth.videos.n_frames[rows]
    values = np.concatenate([scores[keys[i]] for i in rows])
    subject = np.repeat(np.unique(of_video[rows], return_inverse=True)[1], lengths)
    result = []
    for scope, column in TYPES:
        labels = frame_labels(truth, rows, bool(column), rules)
        value, is_defined = frames.auc(labels, values[:, column])
        result.append(Score("auc", scope, value, frames.auc_interval(labels, values[:, column], subject), is_defined))
    return result


def _video_rows(videos: VideoTable, result: Tally) -> tuple[VideoRow, ...]:
    overall, counts = result.counts.sum(axis=1).tolist(), result.counts.tolist()
    return tuple(
        VideoRow(
            subject,
            video,
            {"overall": Counts(*overall[i]), "macro": Counts(*counts[i][1]), "micro": Counts(*counts[i][0])},
        )
        for i, (subject, video) in enumerate(videos.keys())
    )
