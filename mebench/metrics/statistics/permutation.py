"""Can two methods be told apart? A paired permutation test on the counts of the same subjects.

Conventions
-----------
If two methods were equally good, it would not matter which of them had produced a subject's counts. So the counts of
the two are swapped, subject by subject, and the difference of the pooled statistic is computed anew:

    subject       s1       s2       s3
    A           3/1/0    2/0/1    0/2/2      tp/fp/fn
    B           1/1/2    2/0/1    1/0/1      s2 is equal in both: only s1 and s3 are swapped, in 2^2 ways

The p-value is two-sided: the share of swaps whose difference is at least as large as the observed one. Up to
`EXACT_SUBJECTS` subjects that differ, every way is enumerated and p is exact; beyond, 10,000 seeded random swaps give
(1 + hits) / (1 + swaps), which is never 0 (Phipson and Smyth 2010). With n subjects p is at least 2 / 2^n: five
subjects can never reach .05.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.statistics.bootstrap import SEED

Floats = NDArray[np.float64]

EXACT_SUBJECTS = 16
SWAPS = 10_000
_BLOCK = 4096
"""Swaps that are worked out at once: so many fit into a processor's own memory."""
_SLACK = 1e-12
"""Differences that are equal as fractions may differ by rounding; they count as equal."""


def permutation_test(
    first: NDArray[np.generic],
    second: NDArray[np.generic],
    statistic: Callable[[Floats], Floats],
    *,
    swaps: int = SWAPS,
    seed: int = SEED,
) -> tuple[Floats, Floats]:
    """Test whether the pooled statistic of two methods differs.

    Parameters
    ----------
    first, second : counts of each subject under either method, shape (n_subjects, ...).
    statistic : turns pooled counts of shape (n, ...) into values of shape (n, n_values).
    swaps, seed : of the random swaps, where there are too many subjects to enumerate all.

    Returns
    -------
    The observed differences (first minus second) and their p-values, shape (n_values,) each.

    Raises
    ------
    ValueError : for shapes that differ.
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if a.shape != b.shape:
        raise ValueError(f"the counts have shapes {a.shape} and {b.shape}")
    n_subjects, shape = len(a), a.shape[1:]
    flat_a, flat_b = a.reshape(n_subjects, -1), b.reshape(n_subjects, -1)
    total_a, total_b = flat_a.sum(axis=0), flat_b.sum(axis=0)
    change = flat_b - flat_a
    change = change[(change != 0).any(axis=1)]
    exact = len(change) <= EXACT_SUBJECTS
    swapped = _every_way(len(change)) if exact else _random_ways(len(change), swaps, seed)

    def differences(shift: Floats) -> Floats:
        values = [statistic(pooled.reshape(-1, *shape)) for pooled in (total_a + shift, total_b - shift)]
        return (values[0] - values[1]).reshape(len(shift), -1)

    observed = differences(np.zeros((1, flat_a.shape[1])))[0]
    hits = np.zeros(len(observed))
    for start in range(0, len(swapped), _BLOCK):
        moved = swapped[start : start + _BLOCK] @ change
        hits += (np.abs(differences(moved)) >= np.abs(observed) - _SLACK).sum(axis=0)
    return observed, hits / len(swapped) if exact else (1 + hits) / (1 + len(swapped))


@functools.lru_cache(maxsize=2)
def _every_way(n: int) -> Floats:
    """Return every way to swap, shape (2^(n-1), n): swapping all the others instead only turns the sign."""
    if n == 0:
        return np.zeros((1, 0))
    ways = np.arange(1 << (n - 1))[:, None] >> np.arange(n) & 1
    return ways.astype(np.float64)


@functools.lru_cache(maxsize=2)
def _random_ways(n: int, swaps: int, seed: int) -> Floats:
    """Return random ways to swap, shape (swaps, n)."""
    return np.random.default_rng([seed, n]).integers(0, 2, (swaps, n)).astype(np.float64)
