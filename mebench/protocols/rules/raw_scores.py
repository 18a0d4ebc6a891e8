"""Grading of raw frame scores: precision, recall, F1, AUC and loss of every frame with a face (thesis 5.3, 5.4.5).

Conventions
-----------
Only frames in which the method saw a face count, on both sides: elsewhere it has no score that could be right or
wrong. A frame is positive when its raw score is at or above the threshold of its output, which the method chose without
the tested people. The loss of movement has the weights of eq. 5.1 (W = .75), for Table 5.1, which alone prints a loss,
defines it so; that of macro and micro has none. There is no loss of scores that are no probabilities.

Every metric is *pooled*: counts, losses and pairs of frames are added over people and then divided; and it has a mean
and a deviation over folds, which are the tested people, see `metrics.statistics.folds`. A fold without a positive
frame, true or predicted, has no precision, recall and F1; one that lacks a class has no AUC; one without a frame with a
face has no loss, and is not drawn for the intervals of losses.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.metrics.conventions.intervals import IntervalRules
from mebench.metrics.frames import auc
from mebench.metrics.intervals import defined, ratios
from mebench.metrics.raw_scores import Pairs, cross_entropy
from mebench.metrics.statistics.additive import Additive
from mebench.metrics.statistics.bootstrap import weights
from mebench.metrics.statistics.folds import over_folds
from mebench.protocols.rules.frame_labels import frame_labels
from mebench.schema.raw_scores import RawByVideo, problem_of
from mebench.schema.scorecard import Score
from mebench.schema.truth import Truth, VideoTable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOVEMENT = "movement"
"""Scope of any expression, whatever its type."""
OUTPUTS: dict[int, dict[str, tuple[int, bool | None]]] = {
    2: {"macro": (1, True), "micro": (0, False)},
    1: {MOVEMENT: (0, None)},
}
"""By number of outputs and scope: column of the raw scores, and which events are meant (None: all)."""
WEIGHTS = {MOVEMENT: (0.75, 0.25)}
"""Weights of positive and negative frames in the loss (eq. 5.1); 1 and 1 for what is not here."""
RATIOS = ("raw_precision", "raw_recall", "raw_f1")


@dataclasses.dataclass(frozen=True, eq=False)
class ScopeFrames:
    """The frames with a face of all videos that have raw scores, end to end.

    Attributes
    ----------
    labels, scores, person : shape (n,); `person` numbers the people of the truth, sorted, from 0.
    predicted : shape (n,), whether the score reaches the threshold; None where there is none.
    people : all people of the truth, sorted.
    """

    labels: NDArray[np.bool_]
    scores: NDArray[np.float32]
    person: Ints
    predicted: NDArray[np.bool_] | None
    people: tuple[str, ...]

    def pairs(self) -> Pairs:
        """Return how the frames of these people are ordered."""
        return Pairs.of(self.labels, self.scores, self.person, len(self.people))


def scopes_of(raw: RawByVideo) -> tuple[str, ...]:
    """Return what raw scores are of: macro and micro, or movement; nothing where there are none.

    Raises
    ------
    UserError : when some are of two outputs and some of one.
    """
    outputs = {video.scores.shape[1] for video in raw.values()}
    if len(outputs) > 1:
        raise UserError("Raw scores of some videos have two columns and of others one: give all in one form.")
    return tuple(scope for n in outputs for scope in OUTPUTS[n])


def check_raw_scores(raw: RawByVideo, videos: VideoTable, source: str) -> None:
    """Refuse raw scores of unknown videos, of the wrong shape, or that are not finite.

    Raises
    ------
    UserError : for the first that does not fit.
    """
    lengths = dict(zip(videos.keys(), videos.n_frames.tolist(), strict=True))
    for key, video in raw.items():
        name = "/".join(key)
        if key not in lengths:
            raise UserError(f"{source} has raw scores of {name}, which is no video of the truth: remove them.")
        problem = problem_of(video.scores, video.thresholds, lengths[key]).rstrip(",")
        if problem or video.found.shape != (lengths[key],):
            raise UserError(f"{name} has {problem or 'raw scores and a presence of two lengths'}: spot it again.")


def scope_frames(raw: RawByVideo, truth: Truth, scope: str, rules: IntervalRules) -> ScopeFrames:
    """Lay the frames with a face of every video with raw scores end to end.

    Parameters
    ----------
    scope : one of `scopes_of`.
    """
    keys = truth.videos.keys()
    people, of_video = np.unique(truth.videos.subject, return_inverse=True)
    rows = [i for i, key in enumerate(keys) if key in raw]
    videos = [raw[keys[i]] for i in rows]
    column, macro = OUTPUTS[videos[0].scores.shape[1]][scope]
    seen = np.concatenate([video.found for video in videos])
    labels = frame_labels(truth, rows, macro, rules)
    scores = np.concatenate([video.scores[:, column] for video in videos])
    person = np.repeat(of_video[rows], truth.videos.n_frames[rows])
    predicted = None
    if all(video.thresholds is not None for video in videos):
        levels = np.array([(video.thresholds or ())[column] for video in videos])
        predicted = (scores >= np.repeat(levels, truth.videos.n_frames[rows]))[seen]
    return ScopeFrames(labels[seen], scores[seen], person[seen], predicted, tuple(map(str, people.tolist())))


def raw_statistics(raw: RawByVideo, truth: Truth, rules: IntervalRules) -> tuple[list[Additive], list[Score]]:
    """Return every metric of raw scores: those that are sums over people, and the pooled AUC, which is none."""
    statistics: list[Additive] = []
    scores: list[Score] = []
    for scope in scopes_of(raw):
        frames = scope_frames(raw, truth, scope, rules)
        statistics += [*_ratios(frames, scope), *_loss(frames, scope)]
        pairs = frames.pairs()
        scores.append(_auc(frames, pairs, scope))
        own, known = pairs.own()
        if known.any():
            drawn = np.flatnonzero(known)
            statistics.append(over_folds(scope, ("raw_auc",), own[:, None], known, f"raw_auc_folds/{scope}", drawn))
    return statistics, scores


def _ratios(frames: ScopeFrames, scope: str) -> list[Additive]:
    if frames.predicted is None:
        return []
    count = len(frames.people)
    tp, n, m = (
        np.bincount(frames.person[which], minlength=count)
        for which in (frames.predicted & frames.labels, frames.predicted, frames.labels)
    )
    counts = np.stack((tp, n - tp, m - tp), axis=1)
    known = tuple(defined(counts.sum(axis=0)).tolist())
    pooled = Additive("ratios", scope, RATIOS, counts, known, key=f"raw/{scope}")
    return [pooled, over_folds(scope, RATIOS, ratios(counts), (counts != 0).any(axis=1), f"raw_folds/{scope}")]


def _loss(frames: ScopeFrames, scope: str) -> list[Additive]:
    if not len(frames.scores) or frames.scores.min() < 0 or frames.scores.max() > 1:
        return []
    losses = cross_entropy(frames.labels, frames.scores, *WEIGHTS.get(scope, (1.0, 1.0)))
    total = np.bincount(frames.person, losses, minlength=len(frames.people))
    count = np.bincount(frames.person, minlength=len(frames.people)).astype(np.float64)
    # Of people without any frame no loss is known: a draw of them alone would count as 0, which is a perfect loss.
    drawn = np.flatnonzero(count)
    parts = np.stack((total, count), axis=1)[drawn]
    means = (total / np.maximum(count, 1))[:, None]
    pooled = Additive("mean", scope, ("raw_loss",), parts, (True,), drawn, f"raw_loss/{scope}")
    return [pooled, over_folds(scope, ("raw_loss",), means, count > 0, f"raw_loss_folds/{scope}", drawn)]


def _auc(frames: ScopeFrames, pairs: Pairs, scope: str) -> Score:
    value, is_defined = auc(frames.labels, frames.scores)
    return Score("raw_auc", scope, value, _auc_interval(pairs) if is_defined else None, is_defined)


def _auc_interval(pairs: Pairs) -> tuple[float, float] | None:
    """Return the 95% interval by bootstrap over people; draws that lack a class are left out."""
    present = (pairs.positives + pairs.negatives) > 0
    if present.sum() < 2:
        return None
    values = pairs.auc(weights(len(present)))
    low, high = np.quantile(values[~np.isnan(values)], (0.025, 0.975))
    return float(low), float(high)
