"""Grading of spotted intervals, the same for every year: counts, scores with intervals, breakdowns.

Conventions
-----------
Scopes: overall, macro, micro and, where several datasets are pooled, each dataset's id. Metrics: precision, recall, f1
of the intervals; `frame_f1` of the frames that lie in predicted and in true intervals (under the method's own
thresholds: none is chosen on the truth here); `auc` of the frame scores where they are given. Counts are added over
videos, subjects and datasets first, then divided, unless the convention says `pooling: mean`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.metrics import frames
from mebench.metrics.bootstrap import pooled_intervals
from mebench.metrics.conventions import Convention
from mebench.metrics.intervals import Tally, defined, tally, video_index
from mebench.metrics.pooling import pooled_statistic
from mebench.protocols.base import FrameScores, Protocol, Submission
from mebench.protocols.checks import check_frame_scores, check_predictions
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import Counts, DatasetRef, ProtocolRef, Score, Scorecard, SubjectRow, VideoRow
from mebench.schema.truth import Truth, VideoTable

METRICS = ("precision", "recall", "f1")
TYPES = (("macro", 1), ("micro", 0))
"""Scopes of one type and their column in counts and frame scores."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class SpottingProtocol(Protocol):
    """A protocol that grades intervals."""

    def score(self, submission: Submission, truth: Truth, *, convention: Convention | None = None) -> Scorecard:
        """Grade spotted intervals; see `Protocol.score`."""
        rules = convention or self.convention
        predictions = submission.predictions
        check_predictions(predictions, truth.videos, submission.source, submission.lines)
        result = tally(predictions, truth.events, truth.videos, rules)
        subjects, of_video = np.unique(truth.videos.subject, return_inverse=True)
        scopes = _scopes(result.counts, truth)
        by_subject = {scope: _sum_by(of_video, counts, len(subjects)) for scope, counts in scopes.items()}
        scores = interval_scores(by_subject, rules)
        scores += _frame_f1(predictions, truth, of_video, len(subjects))
        if submission.frame_scores is not None:
            check_frame_scores(submission.frame_scores, truth.videos, submission.source)
            scores += _auc(submission.frame_scores, truth, of_video)
        reason = self.official_reason(truth)
        return Scorecard(
            protocol=ProtocolRef(self.id, self.version),
            convention=rules.as_dict(),
            dataset=DatasetRef(truth.dataset, truth.digest()),
            method=submission.method,
            counts={scope: _counts(counts.sum(axis=0)) for scope, counts in by_subject.items()},
            scores=tuple(sorted(scores, key=lambda s: (s.metric, s.scope))),
            by_subject=_subject_rows(subjects, by_subject),
            by_video=_video_rows(truth.videos, result),
            complete=submission.complete,
            official=not reason,
            reason=reason,
            environment=submission.environment,
            timing=submission.timing,
        )


def interval_scores(by_subject: Mapping[str, NDArray[np.generic]], rules: Convention) -> list[Score]:
    """Return precision, recall and F1 of every scope with 95% intervals by bootstrap over subjects.

    Parameters
    ----------
    by_subject : for each scope the counts (tp, fp, fn) of each subject, shape (n_subjects, 3).
    rules : whose `pooling` says whether counts are added first or the subjects' scores are averaged.
    """
    counts = np.stack(list(by_subject.values()), axis=1)
    table, statistic = pooled_statistic(counts, rules.pooling)
    values = statistic(table.sum(axis=0)[None].astype(np.float64))[0]
    is_defined = defined(counts.sum(axis=0))
    limits = pooled_intervals(table, lambda pooled: statistic(pooled).reshape(len(pooled), -1))
    scores = []
    for i, scope in enumerate(by_subject):
        for j, metric in enumerate(METRICS):
            ci95 = None if limits is None else _pair(limits[i * len(METRICS) + j])
            scores.append(Score(metric, scope, float(values[i, j]), ci95, bool(is_defined[i, j])))
    return scores


def _scopes(counts: Ints, truth: Truth) -> dict[str, Ints]:
    """Return counts of each scope and video, shape (n_videos, 3)."""
    overall = counts.sum(axis=1)
    scopes = {"overall": overall, **{name: counts[:, column] for name, column in TYPES}}
    datasets = truth.datasets()
    if len(datasets) > 1:
        for dataset in datasets:
            inside = np.char.startswith(truth.videos.subject, f"{dataset}/")
            scopes[dataset] = overall * inside[:, None]
    return scopes


def _sum_by(group: Ints, counts: Ints, n_groups: int) -> Ints:
    total = np.zeros((n_groups, counts.shape[1]), np.int64)
    np.add.at(total, group, counts)
    return total


def _frame_f1(predictions: Intervals, truth: Truth, of_video: Ints, n_subjects: int) -> list[Score]:
    """Return the frame-wise F1 of either type (thesis Table 5.6 gives it of thresholded scores)."""
    events, videos = truth.events, truth.videos
    p_video, t_video = video_index(predictions, videos), video_index(events, videos)
    offset = np.where((events.offset == 0) & (events.apex > 0), events.apex, events.offset)
    by_subject = {}
    for scope, is_macro in TYPES:
        p, t = predictions.is_macro == is_macro, events.is_macro == is_macro
        predicted = (p_video[p], predictions.onset[p], predictions.offset[p])
        counts = frames.covered_counts(predicted, (t_video[t], events.onset[t], offset[t]), len(videos))
        by_subject[scope] = _sum_by(of_video, counts, n_subjects)
    found = interval_scores(by_subject, Convention())
    return [Score("frame_f1", s.scope, s.value, s.ci95, s.defined) for s in found if s.metric == "f1"]


def _auc(scores: FrameScores, truth: Truth, of_video: Ints) -> list[Score]:
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
        labels = _frame_labels(truth, rows, bool(column))
        value, is_defined = frames.auc(labels, values[:, column])
        result.append(Score("auc", scope, value, frames.auc_interval(labels, values[:, column], subject), is_defined))
    return result


def _frame_labels(truth: Truth, rows: Sequence[int], macro: bool) -> NDArray[np.bool_]:
    """Lay the frames of some videos end to end and mark those inside an event of one type."""
    lengths = truth.videos.n_frames[list(rows)]
    start = np.full(len(truth.videos), -1, np.int64)
    start[list(rows)] = np.cumsum(lengths) - lengths
    labels = np.zeros(int(lengths.sum()), bool)
    events = truth.events.select(truth.events.is_macro == macro)
    video = video_index(events, truth.videos)
    offset = np.where((events.offset == 0) & (events.apex > 0), events.apex, events.offset)
    last = np.minimum(offset, truth.videos.n_frames[video])
    for v, a, b in zip(video.tolist(), events.onset.tolist(), last.tolist(), strict=True):
        if start[v] >= 0 and b >= a:
            labels[start[v] + max(a, 1) - 1 : start[v] + b] = True
    return labels


def _subject_rows(subjects: NDArray[np.str_], by_subject: Mapping[str, Ints]) -> tuple[SubjectRow, ...]:
    shown = {scope: by_subject[scope] for scope in ("overall", "macro", "micro")}
    return tuple(
        SubjectRow(str(subject), {scope: _counts(counts[i]) for scope, counts in shown.items()})
        for i, subject in enumerate(subjects.tolist())
    )


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


def _counts(row: Ints) -> Counts:
    tp, fp, fn = row.tolist()
    return Counts(tp, fp, fn)


def _pair(limits: Floats) -> tuple[float, float]:
    return float(limits[0]), float(limits[1])
