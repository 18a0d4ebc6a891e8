"""Spot-then-recognise: how well intervals are spotted, times how well the spotted ones are recognised.

Conventions
-----------
Spotting counts (tp, fp, fn) are of all events. The analysis is over spotted true positives whose truth has one of the C
classes; its confusion counts have shape (C + 1, C + 1), rows are the truth, and the last column is for predictions that
name no class. A class that never occurs keeps its place in the means as 0. 0/0 is 0 with `defined` False, never NaN.

Metrics
-------
`spot_recognise_values` : f1_spotting, f1_analysis, strs, and what they are made of (MEGC2024, MEGC2025).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.classification import recognition_defined, recognition_values
from mebench.metrics.intervals import defined, ratios

NAMES = ("precision", "recall", "f1_spotting", "macro_precision", "uar", "uf1", "f1_analysis", "strs")
"""Order of the values: precision and recall are those of spotting, the next three those of the analysis."""


def spot_recognise_values(
    spotted: NDArray[np.generic], matrix: NDArray[np.generic], *, drop_absent: bool = False
) -> NDArray[np.float64]:
    """Return every score of spot-then-recognise; vectorised, for the bootstrap.

    F1 analysis = 2 P R / (P + R) of the macro precision P and the macro recall R: the harmonic mean of two means, not
    the mean of the classes' F1 (that is `uf1`). STRS = F1 spotting times F1 analysis.

    Parameters
    ----------
    spotted : pooled counts tp, fp, fn, shape (..., 3).
    matrix : pooled confusion counts of the spotted true positives, shape (..., C + 1, C + 1).
    drop_absent : leave classes without any true or predicted sample out of the means (legacy).

    Returns
    -------
    Shape (..., 8) in the order of `NAMES`.
    """
    n_classes = np.shape(matrix)[-1] - 1
    precision, recall, f1_spotting = np.moveaxis(ratios(spotted), -1, 0)
    values = recognition_values(matrix, drop_absent=drop_absent, n_classes=n_classes)
    uf1, uar, macro_precision = np.moveaxis(values[..., :3], -1, 0)
    total = macro_precision + uar
    f1_analysis = np.divide(2 * macro_precision * uar, total, out=np.zeros_like(total), where=total > 0)
    strs = f1_spotting * f1_analysis
    return np.stack((precision, recall, f1_spotting, macro_precision, uar, uf1, f1_analysis, strs), axis=-1)


def spot_recognise_defined(spotted: NDArray[np.generic], matrix: NDArray[np.generic]) -> tuple[bool, ...]:
    """Tell which of the values are no 0/0, in the order of `NAMES`.

    STRS is 0 and defined when nothing is spotted; it is undefined when intervals are spotted and none of them has a
    class to be recognised.

    Parameters
    ----------
    spotted, matrix : see `spot_recognise_values`, of one card.
    """
    precision, recall, f1 = defined(spotted).tolist()
    uf1, uar, macro_precision, _ = recognition_defined(matrix, n_classes=np.shape(matrix)[-1] - 1)
    nothing_spotted = not np.asarray(spotted)[0]
    return precision, recall, f1, macro_precision, uar, uf1, uar, bool(f1 and (uar or nothing_spotted))


def spot_recognise_statistic(
    size: int, drop_absent: bool = False
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return `spot_recognise_values` as a function of flat sums: tp, fp, fn, then size * size confusion counts."""
    return lambda sums: spot_recognise_values(
        sums[..., :3], sums[..., 3:].reshape(*sums.shape[:-1], size, size), drop_absent=drop_absent
    )
