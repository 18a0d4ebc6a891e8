"""Ratings of the same items by several coders: their mean, and how far the coders agree.

Conventions
-----------
Ratings are of shape (n_items, n_coders), on a scale whose distances mean something (interval). Both coefficients are
ratios of sums over items, so they are computed from *parts* that add up over items and subjects; a bootstrap adds the
parts of the drawn subjects. 1 is perfect agreement, 0 that of chance, and either may be negative. 0/0, as where every
rating is the same, is 0 with `defined` False.

Metrics
-------
`mean_rating` : mean over the databases' means (MEGC2021 generation; each database weighs the same).
`icc` : intraclass correlation ICC(2,1), two-way random, absolute agreement, of a single coder (Shrout and Fleiss 1979).
`krippendorff_alpha` : Krippendorff's alpha with the interval metric (Krippendorff 2011).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mean_rating(sums: Floats) -> Floats:
    """Return the unweighted mean of the databases' means.

    Parameters
    ----------
    sums : sum and number of the ratings of each database, shape (..., n_databases, 2).

    Returns
    -------
    Shape (...); databases without ratings are left out.
    """
    total, n = sums[..., 0], sums[..., 1]
    means = np.divide(total, n, out=np.zeros_like(total), where=n > 0)
    return means.sum(axis=-1) / np.maximum((n > 0).sum(axis=-1), 1)


def icc_parts(ratings: Floats) -> Floats:
    """Return what `icc` adds up: 1, each coder's rating, the sum of squares, the square of the sum.

    Parameters
    ----------
    ratings : shape (n_items, n_coders), complete.

    Returns
    -------
    Shape (n_items, n_coders + 3).
    """
    one = np.ones((len(ratings), 1))
    squares = (ratings**2).sum(axis=1, keepdims=True)
    return np.hstack((one, ratings, squares, ratings.sum(axis=1, keepdims=True) ** 2))


def icc(parts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return ICC(2,1) = (BMS - EMS) / (BMS + (k - 1) EMS + k (JMS - EMS) / n).

    BMS, JMS and EMS are the mean squares between items, between coders, and of the rest.

    Parameters
    ----------
    parts : added parts, shape (..., n_coders + 3).

    Returns
    -------
    Values and whether they are defined, shape (...); two items and two coders are the least.
    """
    k = parts.shape[-1] - 3
    n, by_coder, squares, row_squares = parts[..., 0], parts[..., 1 : 1 + k], parts[..., -2], parts[..., -1]
    safe = np.maximum(n, 1)
    correction = by_coder.sum(axis=-1) ** 2 / (safe * k)
    between_items = row_squares / k - correction
    between_coders = (by_coder**2).sum(axis=-1) / safe - correction
    rest = squares - correction - between_items - between_coders
    bms = between_items / np.maximum(n - 1, 1)
    jms = between_coders / max(k - 1, 1)
    ems = rest / np.maximum((n - 1) * (k - 1), 1)
    below = bms + (k - 1) * ems + k * (jms - ems) / safe
    enough = (n > 1) & (k > 1) & _positive(below, squares)
    return np.divide(bms - ems, below, out=np.zeros_like(below), where=enough), enough


def alpha_parts(ratings: Floats) -> Floats:
    """Return what `krippendorff_alpha` adds up: the number of ratings, their sum, their squares, the disagreement.

    Parameters
    ----------
    ratings : shape (n_items, n_coders); NaN where a coder gave none. Items with fewer than two ratings do not count.

    Returns
    -------
    Shape (n_items, 4).
    """
    given = ~np.isnan(ratings)
    m = given.sum(axis=1).astype(np.float64)
    values = np.where(given, ratings, 0.0)
    total, squares = values.sum(axis=1), (values**2).sum(axis=1)
    within = 2 * (m * squares - total**2) / np.maximum(m - 1, 1)
    return np.stack((m, total, squares, within), axis=1) * (m > 1)[:, None]


def krippendorff_alpha(parts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return alpha = 1 - observed / expected disagreement, with squared distances.

    Parameters
    ----------
    parts : added parts, shape (..., 4).

    Returns
    -------
    Values and whether they are defined, shape (...).
    """
    n, total, squares, within = np.moveaxis(parts, -1, 0)
    expected = 2 * (n * squares - total**2) / np.maximum(n - 1, 1)
    varied = _positive(expected, n * squares)
    return np.where(varied, 1 - np.divide(within, expected, out=np.ones_like(within), where=varied), 0.0), varied


def _positive(value: Floats, size: Floats) -> NDArray[np.bool_]:
    """Tell where a difference of sums is more than what rounding leaves of it."""
    return value > 1e-12 * np.maximum(size, 1.0)


def rating_statistic(n_databases: int) -> Callable[[Floats], Floats]:
    """Return `mean_rating` as a function of flat sums, shape (n, n_databases * 2)."""
    return lambda sums: mean_rating(sums.reshape(*sums.shape[:-1], n_databases, 2))[..., None]


def icc_statistic() -> Callable[[Floats], Floats]:
    """Return `icc` as a function of added parts."""
    return lambda sums: icc(sums)[0][..., None]


def alpha_statistic() -> Callable[[Floats], Floats]:
    """Return `krippendorff_alpha` as a function of added parts."""
    return lambda sums: krippendorff_alpha(sums)[0][..., None]
