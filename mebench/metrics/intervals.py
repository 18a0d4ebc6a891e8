"""Counting spotted intervals: true positives, false positives, false negatives for every video and type.

Conventions
-----------
Frames are inclusive at both ends. A prediction is a true positive when it is matched with a truth of the same subject,
video and type at an IoU of at least 0.5 (MEGC2019 rules, thesis eq. 3.13); matching is one-to-one and of maximum
cardinality, so it depends on no order; what reaches outside its video is clipped to it first. `IntervalRules` change
each of these rules. Counts are of shape (n_videos, 2, 3): the types micro and macro, then tp, fp, fn. They are whole
numbers that add up over everything.

    truth      |----MaE----|            |-ME-|
    predicted     |---MaE---|        |-ME-|
    IoU              .62                .33       -> 1 TP, 1 FP, 1 FN

A true positive is counted under the truth's type, and FP = N - TP, FN = M - TP for N predictions and M truths of the
type. Under legacy rules that let one prediction find several truths, FP can therefore be negative: that is what those
systems compute, and precision is TP / N in every case.

Metrics
-------
`match` : the pairs under a convention.
`tally` : the pairs and the counts.
`ratios` : precision, recall, F1 of counts.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.metrics import matching
from mebench.metrics.conventions.intervals import IntervalRules
from mebench.metrics.outside import clipped
from mebench.metrics.pairs import Ints, Pairs, Side, candidate_pairs
from mebench.schema.intervals import Intervals
from mebench.schema.truth import VideoTable

TP, FP, FN = 0, 1, 2
"""Last axis of counts."""
RATIOS = ("precision", "recall", "f1")
"""Last axis of `ratios`."""


@dataclasses.dataclass(frozen=True)
class Tally:
    """What matching gives.

    Attributes
    ----------
    counts : int64, shape (n_videos, 2, 3); types micro, macro; tp, fp, fn.
    truth_of : for each prediction the row of the truth it is credited with, or -1.
    prediction_of : for each truth the row of the prediction that finds it, or -1.
    """

    counts: Ints
    truth_of: Ints
    prediction_of: Ints


@dataclasses.dataclass(frozen=True)
class _Rows:
    """One table as numbers: the video's row, the interval, and the type under the convention."""

    video: Ints
    onset: Ints
    offset: Ints
    macro: NDArray[np.bool_]

    def side(self, typed: bool) -> Side:
        return Side(self.video * 2 + self.macro if typed else self.video, self.onset, self.offset)


def video_index(table: Intervals, videos: VideoTable) -> Ints:
    """Return the row of each interval's video in the video table, -1 for a video that is not there.

    Runs of equal names are looked up once, so sorted tables cost next to nothing.
    """
    if not len(table):
        return np.empty(0, np.int64)
    known = {key: i for i, key in enumerate(videos.keys())}
    changes = (table.subject[1:] != table.subject[:-1]) | (table.video[1:] != table.video[:-1])
    first = np.concatenate(([0], np.flatnonzero(changes) + 1))
    names = zip(table.subject[first].tolist(), table.video[first].tolist(), strict=True)
    rows = np.array([known.get(name, -1) for name in names], np.int64)
    return np.repeat(rows, np.diff(np.append(first, len(table))))


def tally(
    predictions: Intervals, truth: Intervals, videos: VideoTable, convention: IntervalRules | None = None
) -> Tally:
    """Match predictions with truths and count.

    Parameters
    ----------
    predictions, truth : intervals of the videos of `videos`.
    videos : every scored video.
    convention : the rules; `strict` when it is not given.

    Raises
    ------
    ValueError : when an interval belongs to no video of the table.
    """
    rules = convention or IntervalRules()
    p_rows = _rows_of(predictions, predictions.offset, videos, rules)
    offset, kept = true_offsets(truth, rules)
    t_rows = _rows_of(truth, offset, videos, rules)
    p_scored, t_scored = _scored(p_rows, t_rows, kept, len(videos), videos, rules)
    pairs = _pairs(p_rows, t_rows, rules)
    scored = p_scored[pairs.prediction] & t_scored[pairs.truth]
    pairs = Pairs(pairs.prediction[scored], pairs.truth[scored], pairs.iou[scored])
    truth_of, prediction_of = _match(pairs, predictions, p_rows, len(truth), rules)
    counts = _count(p_rows, t_rows, p_scored, t_scored, truth_of, prediction_of, len(videos), rules)
    return Tally(counts, truth_of, prediction_of)


def match(
    predictions: Intervals, truth: Intervals, videos: VideoTable, convention: IntervalRules | None = None
) -> matching.Match:
    """Return (truth of each prediction, prediction of each truth), -1 where there is none; see `tally`."""
    result = tally(predictions, truth, videos, convention)
    return result.truth_of, result.prediction_of


def _rows_of(table: Intervals, offset: Ints, videos: VideoTable, rules: IntervalRules) -> _Rows:
    video = video_index(table, videos)
    if (video < 0).any():
        raise ValueError("an interval belongs to no video of the video table")
    macro, onset = np.asarray(table.is_macro), np.asarray(table.onset)
    if rules.outside == "clip":
        onset, offset = clipped(onset, offset, videos.n_frames[video])
    if rules.event_type in ("by_duration", "typed_by_duration"):
        length = offset - onset + (1 if rules.type_length == "inclusive" else 0)
        longest = rules.type_frames if rules.type_frames else rules.type_seconds * videos.fps[video]
        macro = length > longest
    return _Rows(video, onset, offset, macro)


def true_offsets(truth: Intervals, rules: IntervalRules) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the offsets of truths under the convention, and which truths are kept; both of shape (n,)."""
    open_end = truth.offset == 0
    kept = ~open_end if rules.zero_offset == "drop" else np.ones(len(truth), bool)
    if rules.zero_offset in ("keep", "drop") or not open_end.any():
        return np.asarray(truth.offset), kept
    extra = rules.apex_plus if rules.zero_offset == "apex_plus" else 0
    return np.where(open_end & (truth.apex > 0), truth.apex + extra, truth.offset), kept


def _scored(
    p_rows: _Rows, t_rows: _Rows, kept: NDArray[np.bool_], n_videos: int, videos: VideoTable, rules: IntervalRules
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which predictions and truths count at all."""
    p_scored = np.ones(len(p_rows.video), bool)
    if rules.scored_videos == "with_events":
        has_truth = np.zeros((n_videos, 2), bool)
        has_truth[t_rows.video[kept], t_rows.macro[kept].astype(int)] = True
        if rules.event_type in ("ignored", "typed_by_duration"):
            has_truth[:] = has_truth.any(axis=1, keepdims=True)
        p_scored = has_truth[p_rows.video, p_rows.macro.astype(int)]
    if rules.matching != "strs":
        return p_scored, kept
    has_truth_any = np.zeros(n_videos, bool)
    has_truth_any[t_rows.video[kept]] = True
    spoke = np.isin(videos.subject, videos.subject[p_rows.video])
    return p_scored & has_truth_any[p_rows.video], kept & spoke[t_rows.video]


def _pairs(p_rows: _Rows, t_rows: _Rows, rules: IntervalRules) -> Pairs:
    typed = rules.event_type in ("annotated_must_match", "by_duration")
    return candidate_pairs(
        p_rows.side(typed),
        t_rows.side(typed),
        iou=rules.iou,
        inclusive=rules.length == "inclusive",
        strictly_above=rules.comparison == "gt",
    )


def _match(pairs: Pairs, predictions: Intervals, rows: _Rows, n_truths: int, rules: IntervalRules) -> matching.Match:
    n = len(predictions)
    if rules.matching == "one_to_one":
        return matching.one_to_one(pairs, n, n_truths)
    if rules.matching == "greedy_score":
        falling = -np.nan_to_num(predictions.score, nan=-np.inf)
        return matching.greedy_by_score(pairs, n, n_truths, matching.rank_of((falling, rows.onset, rows.offset)))
    if rules.matching == "greedy_time":
        return matching.greedy_by_time(pairs, n, n_truths, matching.rank_of((rows.onset, rows.offset)))
    rule = {"truth_found": matching.truth_found, "truth_best": matching.best_of_truth, "strs": matching.first_come}
    return rule[rules.matching](pairs, n, n_truths)


def _count(
    p_rows: _Rows,
    t_rows: _Rows,
    p_scored: NDArray[np.bool_],
    t_scored: NDArray[np.bool_],
    truth_of: Ints,
    prediction_of: Ints,
    n_videos: int,
    rules: IntervalRules,
) -> Ints:
    """Count under the truth's type; `truth_best` counts predictions, `strs` counts the false ones one by one."""
    counts = np.zeros((n_videos, 2, 3), np.int64)
    n, m = _per_type(p_rows, p_scored, n_videos), _per_type(t_rows, t_scored, n_videos)
    if rules.matching == "truth_best":
        counts[..., TP] = _per_type(p_rows, truth_of >= 0, n_videos)
    else:
        counts[..., TP] = _per_type(t_rows, prediction_of >= 0, n_videos)
    counts[..., FP] = n - counts[..., TP]
    if rules.matching == "strs":
        counts[..., FP] = _per_type(p_rows, p_scored & (truth_of < 0), n_videos)
    counts[..., FN] = m - counts[..., TP]
    return counts


def _per_type(rows: _Rows, which: NDArray[np.bool_], n_videos: int) -> Ints:
    """Count rows by video and type, shape (n_videos, 2)."""
    return np.bincount((rows.video * 2 + rows.macro)[which], minlength=2 * n_videos).reshape(n_videos, 2)


def ratios(counts: NDArray[np.generic]) -> NDArray[np.float64]:
    """Precision, recall and F1 of counts (thesis eqs. 3.10-3.12); 0/0 is 0.

    Parameters
    ----------
    counts : shape (..., 3): tp, fp, fn.

    Returns
    -------
    Shape (..., 3): precision, recall, F1 = 2 tp / (2 tp + fp + fn).
    """
    tp, fp, fn = (np.asarray(counts[..., i], np.float64) for i in (TP, FP, FN))
    return np.stack((_divide(tp, tp + fp), _divide(tp, tp + fn), _divide(2 * tp, 2 * tp + fp + fn)), axis=-1)


def defined(counts: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Tell which of precision, recall and F1 are no 0/0; shape (..., 3) for counts of shape (..., 3)."""
    tp, fp, fn = (np.asarray(counts[..., i]) for i in (TP, FP, FN))
    return np.stack((tp + fp != 0, tp + fn != 0, 2 * tp + fp + fn != 0), axis=-1)


def _divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)
