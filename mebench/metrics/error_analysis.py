"""Where a method errs: what its false positives are, which expressions it misses, and how far its boundaries are off.

Conventions
-----------
The same matching as in the scorecard, so every number adds up to the card's counts. That holds for conventions that
match one-to-one with equal types and score every video; for others there is no analysis. Each false positive is one of
four things, looked for in this order:

    duplicate           reaches the threshold with a truth of its type, which another prediction has taken
    wrong type          reaches the threshold with a truth of the other type
    poor localisation   its best IoU with any truth is at least .1, below the threshold
    background          no truth is near

    truth      |---MaE---|        |--ME--|           |---MaE---|
    predicted  |--MaE---|         |--MaE-|                 |---MaE---|        |--ME--|
                 |--MaE--|
               TP, duplicate      wrong type         poor localisation        background

Errors of onset and offset are predicted minus true: positive means late. Durations are inclusive, in seconds.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.conventions.intervals import IntervalRules
from mebench.metrics.intervals import Tally, ratios, tally, true_offsets, video_index
from mebench.metrics.outside import clipped
from mebench.metrics.pairs import Ints, Side, candidate_pairs
from mebench.schema.action_units import action_unit_numbers
from mebench.schema.intervals import Intervals
from mebench.schema.truth import VideoTable

Flags = NDArray[np.bool_]

KINDS = ("duplicate", "wrong_type", "poor_localisation", "background")
LOOSEST = 0.1
"""Lowest IoU at which a prediction is about a truth at all."""
DURATIONS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Upper ends, inclusive, of the groups of durations; .5 s parts micro from macro (thesis section 2.1)."""
UNKNOWN = "not annotated"


@dataclasses.dataclass(frozen=True)
class Misses:
    """How many of some truths were missed."""

    group: str
    truths: int
    missed: int


@dataclasses.dataclass(frozen=True)
class SweepPoint:
    """Counts and F1 of one scope at one IoU threshold."""

    iou: float
    scope: str
    tp: int
    fp: int
    fn: int
    f1: float


@dataclasses.dataclass(frozen=True)
class BoundaryError:
    """Predicted minus true onset or offset over the true positives of a scope; all 0 where there are none.

    Attributes
    ----------
    boundary, scope, unit : onset or offset; overall, macro or micro; frames or seconds.
    n : number of true positives.
    mean : signed, positive when late.
    mean_absolute, median_absolute, p90_absolute : of the absolute errors.
    """

    boundary: str
    scope: str
    unit: str
    n: int
    mean: float
    mean_absolute: float
    median_absolute: float
    p90_absolute: float


@dataclasses.dataclass(frozen=True)
class ErrorAnalysis:
    """Where a method errs.

    Attributes
    ----------
    iou : the threshold.
    counts : tp, fp, fn by scope.
    false_positives : number of each of `KINDS` by scope.
    misses : truths and misses by duration, emotion and action unit; an expression counts under each of its action
        units, so those alone do not add up.
    iou_sweep : counts at thresholds .1 to .9.
    boundaries : errors of onset and offset.
    """

    iou: float
    counts: Mapping[str, Mapping[str, int]]
    false_positives: Mapping[str, Mapping[str, int]]
    misses: Mapping[str, tuple[Misses, ...]]
    iou_sweep: tuple[SweepPoint, ...]
    boundaries: tuple[BoundaryError, ...]


def unsupported(rules: IntervalRules) -> str | None:
    """Return why there is no error analysis under a convention, or None when there is."""
    if rules.matching not in ("one_to_one", "greedy_score", "greedy_time"):
        return f"matching={rules.matching} does not pair predictions and truths one-to-one"
    if rules.event_type != "annotated_must_match":
        return f"event_type={rules.event_type} does not compare annotated types"
    return None if rules.scored_videos == "all" else f"scored_videos={rules.scored_videos} leaves videos out"


def analyse(
    predictions: Intervals, truth: Intervals, videos: VideoTable, convention: IntervalRules | None = None
) -> ErrorAnalysis:
    """Analyse the errors of a method.

    Parameters
    ----------
    predictions, truth : intervals of the videos of `videos`.
    videos : every scored video.
    convention : the rules; `strict` when they are not given.

    Raises
    ------
    ValueError : for a convention under which errors cannot be told apart, or an interval of an unknown video.
    """
    rules = convention or IntervalRules()
    if reason := unsupported(rules):
        raise ValueError(reason)
    offset, kept = true_offsets(truth, rules)
    truth = _in_video(truth.replace(offset=offset).select(kept), videos, rules)
    predictions = _in_video(predictions, videos, rules)
    found = tally(predictions, truth, videos, rules)
    scopes = {"overall": (0, 1), "macro": (1,), "micro": (0,)}
    kinds = _kinds(predictions, truth, videos, found, rules)
    return ErrorAnalysis(
        iou=rules.iou,
        counts={scope: _named(found, which) for scope, which in scopes.items()},
        false_positives={scope: _by_kind(kinds, predictions.is_macro, which) for scope, which in scopes.items()},
        misses=_misses(truth, videos, found.prediction_of < 0),
        iou_sweep=tuple(_sweep(predictions, truth, videos, rules, scopes)),
        boundaries=tuple(_boundaries(predictions, truth, videos, found.truth_of, scopes)),
    )


def _in_video(table: Intervals, videos: VideoTable, rules: IntervalRules) -> Intervals:
    """Return the intervals as they are compared."""
    if rules.outside == "keep":
        return table
    onset, offset = clipped(table.onset, table.offset, videos.n_frames[video_index(table, videos)])
    return table.replace(onset=onset, offset=offset)


def _named(found: Tally, types: Sequence[int]) -> dict[str, int]:
    tp, fp, fn = found.counts[:, list(types)].sum(axis=(0, 1)).tolist()
    return {"tp": tp, "fp": fp, "fn": fn}


def _kinds(predictions: Intervals, truth: Intervals, videos: VideoTable, found: Tally, rules: IntervalRules) -> Ints:
    """Return for each prediction the number of its kind in `KINDS`, -1 for true positives."""
    p_side = Side(video_index(predictions, videos), predictions.onset, predictions.offset)
    t_side = Side(video_index(truth, videos), truth.onset, truth.offset)
    inclusive = rules.length == "inclusive"
    pairs = candidate_pairs(p_side, t_side, iou=min(LOOSEST, rules.iou), inclusive=inclusive)
    reaches = pairs.iou > rules.iou if rules.comparison == "gt" else pairs.iou >= rules.iou
    same = predictions.is_macro[pairs.prediction] == truth.is_macro[pairs.truth]
    kinds = np.full(len(predictions), KINDS.index("background"), np.int64)
    # from the weakest claim to the strongest, so that the strongest stays
    for kind, which in (
        ("poor_localisation", pairs.iou >= LOOSEST),
        ("wrong_type", reaches & ~same),
        ("duplicate", reaches & same),
    ):
        kinds[pairs.prediction[which]] = KINDS.index(kind)
    return np.where(found.truth_of >= 0, -1, kinds)


def _by_kind(kinds: Ints, macro: Flags, types: Sequence[int]) -> dict[str, int]:
    chosen = kinds[np.isin(macro, types) & (kinds >= 0)]
    return dict(zip(KINDS, np.bincount(chosen, minlength=len(KINDS)).tolist(), strict=True))


def _misses(truth: Intervals, videos: VideoTable, missed: Flags) -> dict[str, tuple[Misses, ...]]:
    seconds = (truth.offset - truth.onset + 1) / videos.fps[video_index(truth, videos)]
    bins = np.where(truth.offset >= truth.onset, np.searchsorted(DURATIONS, seconds), len(DURATIONS) + 1)
    names = [f"up to {DURATIONS[0]:g} s"]
    names += [f"{a:g} to {b:g} s" for a, b in itertools.pairwise(DURATIONS)]
    names += [f"over {DURATIONS[-1]:g} s", UNKNOWN]
    emotions = np.where(truth.emotion == "", UNKNOWN, truth.emotion)
    units = [action_unit_numbers(text) for text in truth.action_units.tolist()]
    named = sorted(set().union(*units))
    by_unit = [_group(f"AU{n}", np.array([n in has for has in units], bool), missed) for n in named]
    without = np.array([not has for has in units], bool)
    return {
        "duration": tuple(_group(name, bins == i, missed) for i, name in enumerate(names) if (bins == i).any()),
        "emotion": tuple(_group(str(name), emotions == name, missed) for name in np.unique(emotions).tolist()),
        "action_unit": (*by_unit, *([_group(UNKNOWN, without, missed)] if without.any() else [])),
    }


def _group(name: str, which: Flags, missed: Flags) -> Misses:
    return Misses(name, int(which.sum()), int((which & missed).sum()))


def _sweep(
    predictions: Intervals,
    truth: Intervals,
    videos: VideoTable,
    rules: IntervalRules,
    scopes: Mapping[str, Sequence[int]],
) -> list[SweepPoint]:
    points = []
    for tenth in range(1, 10):
        found = tally(predictions, truth, videos, dataclasses.replace(rules, iou=tenth / 10))
        for scope, types in scopes.items():
            counts = found.counts[:, list(types)].sum(axis=(0, 1))
            tp, fp, fn = counts.tolist()
            points.append(SweepPoint(tenth / 10, scope, tp, fp, fn, float(ratios(counts)[2])))
    return points


def _boundaries(
    predictions: Intervals, truth: Intervals, videos: VideoTable, truth_of: Ints, scopes: Mapping[str, Sequence[int]]
) -> list[BoundaryError]:
    hits = np.flatnonzero(truth_of >= 0)
    p, t = predictions.select(hits), truth.select(truth_of[hits])
    fps = videos.fps[video_index(t, videos)]
    errors = []
    for boundary, frames in (("onset", p.onset - t.onset), ("offset", p.offset - t.offset)):
        for scope, types in scopes.items():
            inside = np.isin(t.is_macro, types)
            errors.append(_boundary(boundary, scope, "frames", frames[inside]))
            errors.append(_boundary(boundary, scope, "seconds", (frames / fps)[inside]))
    return errors


def _boundary(boundary: str, scope: str, unit: str, error: NDArray[np.int64] | NDArray[np.float64]) -> BoundaryError:
    if not len(error):
        return BoundaryError(boundary, scope, unit, 0, 0.0, 0.0, 0.0, 0.0)
    size = np.abs(error)
    numbers = (np.mean(error), size.mean(), np.median(size), np.quantile(size, 0.9))
    return BoundaryError(boundary, scope, unit, len(size), *map(float, numbers))
