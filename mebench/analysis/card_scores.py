"""Whether the scores of a card follow from what its subjects add: values, and 95% intervals by the same bootstrap."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Iterator

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.card_claims import is_own
from mebench.analysis.card_sums import spelled
from mebench.errors import UserError
from mebench.metrics.catalogue import METRICS, metric_of
from mebench.metrics.intervals import RATIOS, defined, ratios
from mebench.metrics.statistics.bootstrap import RESAMPLES, pooled_intervals
from mebench.metrics.statistics.kinds import OF_METRIC, Statistic, statistic_of
from mebench.schema.scorecard import Score, Scorecard, StatisticRow

Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""Sums of fractions may differ by rounding between machines, so far relative to numbers above 1."""
_ENDS_ROUNDING = 1e-6
_CHEAP = 1 << 21
"""Intervals of so many draws of a subject, or fewer, are worked out again."""
_RATIO_OF = {**{name: i for i, name in enumerate(RATIOS)}, "f1_spotting": RATIOS.index("f1")}
"""Scores that are plain ratios of the counts of their scope."""


def wrong_scores(card: Scorecard) -> Iterator[str]:
    """Yield every score that does not follow from what the card keeps, a sentence each."""
    for score in card.scores:
        if not score.defined and (score.value, score.ci95) != (0.0, None):
            yield f"{_named(score)} is 0/0, but has the value {score.value:.6g}."
        elif _is_ours(score.metric) and (range := _outside(card, score)):
            yield f"{_named(score)} is {score.value:.6g}, outside its range from {range}."
    told = {}
    if is_own(card.protocol.id):
        told = {(s.metric, s.scope): fault for s in card.scores if (fault := _of_counts(card, s))}
        yield from told.values()
    for row in card.statistics:
        if _is_judged(row):
            yield from _of_statistic(card, row, told.keys())


def unchecked_scores(card: Scorecard) -> tuple[str, ...]:
    """Return our own scores, as `METRIC of SCOPE`, that a card keeps nothing of to work them out from."""
    kept = {(metric, row.scope) for row in card.statistics for metric in row.metrics}
    return tuple(
        _named(score)
        for score in card.scores
        if (score.metric, score.scope) not in kept and not _is_ratio(card, score) and _is_ours(score.metric)
    )


def _is_ours(metric: str) -> bool:
    return metric in METRICS and METRICS.entry(metric).origin == "mebench"


def _outside(card: Scorecard, score: Score) -> str:
    """Return the range of a score that nothing else is known of, when the score lies outside it."""
    low, top = metric_of(score.metric).bounds
    beyond = (low is not None and score.value < low - ROUNDING) or (top is not None and score.value > top + ROUNDING)
    kept = any(score.metric in row.metrics and score.scope == row.scope for row in card.statistics)
    return f"{low} to {top}" if beyond and not kept and not _is_ratio(card, score) else ""


def _is_judged(row: StatisticRow) -> bool:
    """Return whether the function of a statistic is ours: what other packages compute is shown and not judged."""
    return not row.kind.startswith(OF_METRIC) or _is_ours(row.kind.removeprefix(OF_METRIC))


def _named(score: Score) -> str:
    return f"{score.metric} of {score.scope}"


def _of_statistic(card: Scorecard, row: StatisticRow, told: Container[tuple[str, str]]) -> Iterator[str]:
    """Yield the scores of a statistic that the parts of its subjects do not add up to, but for those told before."""
    names = " and ".join(filter(None, row.metrics))
    found = [(subject.subject, subject.part(row.parts)) for subject in card.by_subject]
    parts = [part for _, part in found if part is not None]
    try:
        if not parts or len({len(part) for part in parts}) != 1:
            raise ValueError("its parts are missing or of different lengths")
        table = np.array(parts, np.float64)
        if not np.isfinite(table).all():
            raise ValueError("its parts are not finite")
        statistic = statistic_of(row.kind, row.options)
        with np.errstate(all="ignore"):
            values = np.atleast_1d(statistic(table.sum(axis=0)[None])[0])
            limits = _limits(table, statistic)
    except (UserError, ValueError, IndexError, TypeError) as error:
        yield f"{names} of {row.scope} cannot be worked out from what the subjects add ({error})."
        return
    if len(values) != len(row.metrics):
        yield f"{names} of {row.scope} should be {len(values)} scores, not {len(row.metrics)}."
        return
    rest = row if not told else dataclasses.replace(row, metrics=tuple(_untold(row, told)))
    yield from _differing(card, rest, values, limits)


def _untold(row: StatisticRow, told: Container[tuple[str, str]]) -> Iterator[str]:
    yield from ("" if (metric, row.scope) in told else metric for metric in row.metrics)


def _limits(table: Floats, statistic: Statistic) -> Floats | bool | None:
    """Return the intervals of all values, None where there are none, False where they would cost too much."""
    return pooled_intervals(table, statistic) if len(table) * RESAMPLES <= _CHEAP else False


def _differing(card: Scorecard, row: StatisticRow, values: Floats, limits: Floats | bool | None) -> Iterator[str]:
    for i, (metric, value) in enumerate(zip(row.metrics, values.tolist(), strict=True)):
        if not metric:
            continue
        score = card.find(metric, row.scope)
        if score is None:
            yield f"{metric} of {row.scope} is missing, though the card says how it follows from what subjects add."
        elif not _equal(score.value, value):
            yield f"{_named(score)} is given as {score.value:.6f}, but what its subjects add gives {value:.6f}."
        elif score.defined and not isinstance(limits, bool):
            yield from _differing_ends(score, None if limits is None else (float(limits[i, 0]), float(limits[i, 1])))


def _equal(stated: float, derived: float, rounding: float = ROUNDING) -> bool:
    return abs(stated - derived) <= rounding * max(1.0, abs(derived))


def _differing_ends(score: Score, derived: tuple[float, float] | None) -> Iterator[str]:
    stated = score.ci95
    if stated is None and derived is None:
        return
    if stated is None or derived is None or not all(map(_equal, stated, derived, (_ENDS_ROUNDING, _ENDS_ROUNDING))):
        yield f"The interval of {_named(score)} is given as {_ends(stated)}, but its subjects give {_ends(derived)}."


def _ends(ends: tuple[float, float] | None) -> str:
    return "none" if ends is None else f"[{ends[0]:.4f}, {ends[1]:.4f}]"


def _is_ratio(card: Scorecard, score: Score) -> bool:
    """Return whether a score is a plain ratio of the counts of its scope."""
    if score.metric not in _RATIO_OF or score.scope not in card.counts:
        return False
    averaged = (row for row in card.statistics if row.kind == "mean" and row.scope == score.scope)
    return not any(score.metric in row.metrics for row in averaged)


def _of_counts(card: Scorecard, score: Score) -> str:
    """Return what is wrong with a score that is a ratio of counts; empty where nothing is, or it is none."""
    if not _is_ratio(card, score):
        return ""
    counts = card.counts[score.scope]
    sums = np.array([counts.tp, counts.fp, counts.fn], np.float64)
    column = _RATIO_OF[score.metric]
    value, is_defined = float(ratios(sums)[column]), bool(defined(sums)[column])
    if _equal(score.value, value) and score.defined == is_defined:
        return ""
    stated = f"{score.value:.6f}" if score.defined else "0/0"
    derived = f"{value:.6f}" if is_defined else "0/0"
    return f"{_named(score)} is given as {stated}, but its counts ({spelled(counts)}) give {derived}."
