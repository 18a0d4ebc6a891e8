"""Measures of two folders of OpenFace tables, the second of synthetic videos of the first (thesis 4.3.3).

Conventions
-----------
Coefficients are pooled by Fisher's mean. A subject is what stands before the first `_` of a video's name. The subjects
are resampled, and for a value of one subject that subject's videos.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from mebench.analysis.action_units import Correlated
from mebench.metrics.action_units import NEARLY_ONE, fisher_mean
from mebench.metrics.statistics.bootstrap import RESAMPLES, SEED, weights
from mebench.reproduce.measures.values import Floats, Value
from mebench.schema.action_units import ACTION_UNITS

PEARSON, SPEARMAN = "Pearson", "Spearman"
GLASSES = ("010", "020", "021", "032", "037")
"""The participants of SAMM-LV who wear glasses (thesis 4.3.3)."""
BINS = 6
_RESAMPLES_OF_VIDEOS = 1_000
_NO_SPREAD = 1e-12
"""A variance of coefficients that rounding alone can leave."""


@dataclasses.dataclass(frozen=True, eq=False)
class _Draws:
    """How often each video counts in each resample of the subjects.

    Attributes
    ----------
    subjects : sorted; `of_video` holds the place of each video's subject among them.
    drawn : shape (resamples, subjects).
    """

    subjects: tuple[str, ...]
    of_video: np.ndarray[tuple[int], np.dtype[np.int64]]
    drawn: Floats

    @classmethod
    def of(cls, found: Correlated) -> _Draws:
        names = [name.split("_")[0] for name in found.names]
        subjects, places = np.unique(names, return_inverse=True)
        return cls(tuple(map(str, subjects)), places, weights(len(subjects)))


def by_unit(found: Correlated) -> list[Value]:
    """Return Pearson's r of every action unit over all videos (Table 4.4)."""
    draws = _Draws.of(found)
    return [
        Value(f"AU{unit}", PEARSON, found.correlation.of_unit(i)[0], _drawn_mean(found, i, draws))
        for i, unit in enumerate(ACTION_UNITS)
    ]


def _drawn_mean(found: Correlated, unit: int, draws: _Draws, kept: Sequence[bool] | None = None) -> Floats:
    """Return Fisher's mean of one action unit in each resample, of the kept videos alone."""
    z = _z(found.correlation.pearson[:, unit])
    there = np.isfinite(z) & (True if kept is None else np.asarray(kept))
    sums, counts = (
        np.bincount(draws.of_video, values, len(draws.subjects)) for values in (np.where(there, z, 0), there)
    )
    count = draws.drawn @ counts
    mean = np.divide(draws.drawn @ sums, count, out=np.full(len(count), np.nan), where=count > 0)
    return np.tanh(mean)


def _z(coefficients: Floats) -> Floats:
    return np.arctanh(np.clip(coefficients, -NEARLY_ONE, NEARLY_ONE))


def by_subject(found: Correlated) -> list[Value]:
    """Return r and rho of every subject, their Fisher means, and deviations as printed (Table 4.5).

    The printed deviation of Pearson's is that of the z values, the one of Spearman's that of the coefficients.
    """
    values = []
    coefficients = _of_subjects(found)
    for place, (score, matrix) in enumerate(_matrices(found)):
        for subject, value in coefficients[score].items():
            values.append(Value(subject, score, value, _of_own_videos(found, subject, matrix)))
        own = np.array(list(coefficients[score].values()))
        drawn = weights(len(own))
        z = _z(own)
        values.append(Value("mean", score, fisher_mean(own), np.tanh(drawn @ z / len(own))))
        if len(own) > 1:
            values.append(Value("deviation", score, float((z, own)[place].std(ddof=1))))
    return values


def _of_subjects(found: Correlated) -> Mapping[str, dict[str, float]]:
    pairs = found.by_subject()
    return {score: {s: pair[i] for s, pair in pairs.items()} for i, score in enumerate((PEARSON, SPEARMAN))}


def _matrices(found: Correlated) -> tuple[tuple[str, Floats], tuple[str, Floats]]:
    return (PEARSON, found.correlation.pearson), (SPEARMAN, found.correlation.spearman)


def _of_own_videos(found: Correlated, subject: str, matrix: Floats) -> Floats | None:
    """Return a subject's coefficient in resamples of its videos; None where it has one alone."""
    rows = [i for i, name in enumerate(found.names) if name.split("_")[0] == subject]
    if len(rows) < 2:
        return None
    z = _z(matrix[rows])
    # Each subject's videos are drawn independently of those of others, or differences would look surer than they are.
    drawn = weights(len(rows), _RESAMPLES_OF_VIDEOS, SEED + 1 + found.names.index(found.names[rows[0]]))
    sums, counts = drawn @ np.nansum(z, axis=1), drawn @ np.isfinite(z).sum(axis=1)
    return np.tanh(np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0))


def distribution(found: Correlated) -> list[Value]:
    """Return the histograms of the subjects' coefficients, and how far each is skewed to the right (Figure 4.10)."""
    own = _of_subjects(found)
    drawn = weights(len(own[PEARSON]), RESAMPLES).astype(np.int64)
    return _distribution(own, drawn)


def printed_distribution(subjects: Mapping[str, Mapping[str, float]]) -> list[Value]:
    """Return the same of printed coefficients: score -> subject -> coefficient."""
    return _distribution(subjects, None)


def _distribution(own: Mapping[str, Mapping[str, float]], drawn: np.ndarray | None) -> list[Value]:  # type: ignore[type-arg]
    values = []
    for score in (PEARSON, SPEARMAN):
        coefficients = np.array(list(own[score].values()))
        known = coefficients[np.isfinite(coefficients)]
        counts = np.histogram(known, BINS)[0] if len(known) else np.zeros(BINS)
        values += [Value(f"bin {i} of {BINS}", score, float(count)) for i, count in enumerate(counts, 1)]
        draws = None if drawn is None else _skewness(coefficients, drawn)
        values.append(Value("skewness", score, float(stats.skew(known)) if len(known) else np.nan, draws))
    return values


def _skewness(coefficients: Floats, drawn: np.ndarray) -> Floats:  # type: ignore[type-arg]
    known = np.isfinite(coefficients)
    x, w = coefficients[known], drawn[:, known].astype(np.float64)
    n = w.sum(axis=1)
    mean = w @ x / n
    apart = x[None, :] - mean[:, None]
    second, third = ((w * apart**power).sum(axis=1) / n for power in (2, 3))
    return np.divide(third, second**1.5, out=np.full(len(n), np.nan), where=second > _NO_SPREAD)


def glasses(found: Correlated) -> list[Value]:
    """Return Pearson's r of every action unit with and without those who wear glasses (Figure 4.11)."""
    draws = _Draws.of(found)
    clear = [draws.subjects[i] not in GLASSES for i in draws.of_video]
    values = []
    for i, unit in enumerate(ACTION_UNITS):
        own = found.correlation.pearson[:, i]
        values.append(Value(f"AU{unit}, all", PEARSON, fisher_mean(own), _drawn_mean(found, i, draws)))
        without = _drawn_mean(found, i, draws, clear)
        values.append(Value(f"AU{unit}, without glasses", PEARSON, fisher_mean(own[clear]), without))
    return [*values, *printed_glasses(_of_subjects(found))]


def printed_glasses(subjects: Mapping[str, Mapping[str, float]]) -> list[Value]:
    """Return Fisher's means over the subjects with and without glasses, of printed or own coefficients."""
    own = subjects[PEARSON]
    groups = {
        "subjects without glasses": [value for subject, value in own.items() if subject not in GLASSES],
        "subjects with glasses": [value for subject, value in own.items() if subject in GLASSES],
    }
    return [Value(name, PEARSON, fisher_mean(np.array(values))) for name, values in groups.items()]
