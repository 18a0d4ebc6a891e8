"""Intervals of uncertainty by bootstrap over subjects, of the very statistic that is reported.

Conventions
-----------
A resample draws as many subjects as there are, with replacement; its statistic is that of the counts pooled over the
drawn subjects. Counts are whole numbers, so a resample is a vector of multinomial weights and all resamples together
are one product of weights and counts: exact, and the same on every machine.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20250101
"""One seed for every card, so that the same counts have the same interval everywhere."""

Floats = NDArray[np.float64]


_BLOCK = 1 << 21
"""Weights are made in blocks of so many numbers, which bounds the memory for any number of subjects."""


@functools.lru_cache(maxsize=2)
def weights(n_subjects: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """Return how often each subject is drawn in each resample; read-only, and kept for the next score.

    Returns
    -------
    Shape (resamples, n_subjects); whole numbers, every row adds up to n_subjects.
    """
    result = np.concatenate(list(_blocks(n_subjects, resamples, seed)))
    result.flags.writeable = False
    return result


def drawn_weights(n_subjects: int, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Floats]:
    """Yield the rows of `weights`, all at once where they are few, else in blocks that bound the memory."""
    small = n_subjects * resamples <= _BLOCK
    yield from [weights(n_subjects, resamples, seed)] if small else _blocks(n_subjects, resamples, seed)


def _blocks(n_subjects: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Yield the rows of `weights` in blocks; the numbers do not depend on the size of the blocks."""
    rng = np.random.default_rng([seed, n_subjects])
    rows = max(1, _BLOCK // n_subjects)
    for start in range(0, resamples, rows):
        n = min(rows, resamples - start)
        drawn = rng.integers(0, n_subjects, size=(n, n_subjects), dtype=np.int32)
        drawn += (np.arange(n, dtype=np.int32) * n_subjects)[:, None]
        drawn_often = np.bincount(drawn.ravel(), minlength=n * n_subjects).reshape(n, n_subjects)
        yield drawn_often.astype(np.float64)


def pooled_intervals(
    counts: NDArray[np.generic],
    statistic: Callable[[Floats], Floats],
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Floats | None:
    """Return the percentile interval of a statistic of pooled counts.

    Parameters
    ----------
    counts : counts of each subject, shape (n_subjects, ...).
    statistic : turns pooled counts of shape (resamples, ...) into values of shape (resamples, n_values).
    level : share of the resamples inside the interval.
    resamples, seed : see `weights`.

    Returns
    -------
    Shape (n_values, 2), lower and upper end; None for fewer than two subjects, where nothing can be resampled.
    """
    n_subjects = len(counts)
    if n_subjects < 2:
        return None
    flat = np.asarray(counts, np.float64).reshape(n_subjects, -1)
    pooled = np.concatenate([block @ flat for block in drawn_weights(n_subjects, resamples, seed)])
    values = statistic(pooled.reshape(-1, *np.shape(counts)[1:]))
    tail = (1 - level) / 2
    return np.ascontiguousarray(np.quantile(values.reshape(resamples, -1), (tail, 1 - tail), axis=0).T)
