"""Recognition metrics from pooled counts: UF1, UAR, macro precision, accuracy.

Conventions
-----------
A confusion matrix is pooled over all folds first (never is a fold's score averaged), rows are the truth, columns the
prediction. The number of classes C is fixed by the protocol: a class without samples keeps its place in the mean as 0,
unless `drop_absent` asks for the legacy rule. 0/0 is 0 with `defined` False, never NaN. UAR is recall; what several
papers print as UAR is macro precision, which has its own name here.

Metrics
-------
`confusion` : counts.
`recognition_scores` : uf1, uar, macro_precision, accuracy (MEGC2019 recognition guideline).
`recognition_values`, `recognition_defined` : the same for many matrices, and which of them are no 0/0.
`recognition_statistic`, `class_statistic`, `uf1_statistic` : the same of flat sums, see `statistics.kinds`.
`recognition_folds_statistic` : means over folds, of flat sums of each fold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NAMES = ("uf1", "uar", "macro_precision", "accuracy")
"""Order of the values of `recognition_values`."""


class Value(NamedTuple):
    """A number, and whether it is anything but 0/0."""

    value: float
    defined: bool


def confusion(truth: ArrayLike, predicted: ArrayLike, n_classes: int) -> Ints:
    """Count samples by true and predicted class.

    Parameters
    ----------
    truth, predicted : class numbers from 0, shape (n,).
    n_classes : number of classes C.

    Returns
    -------
    Shape (C, C); rows are the truth.

    Raises
    ------
    ValueError : for shapes that differ or a class outside 0..C-1.
    """
    t, p = np.asarray(truth, np.int64), np.asarray(predicted, np.int64)
    if t.shape != p.shape or t.ndim != 1:
        raise ValueError(f"truth has shape {t.shape}, predicted has shape {p.shape}")
    if len(t) and (min(t.min(), p.min()) < 0 or max(t.max(), p.max()) >= n_classes):
        raise ValueError(f"classes must lie in 0..{n_classes - 1}")
    return np.bincount(t * n_classes + p, minlength=n_classes**2).reshape(n_classes, n_classes)


def per_class(matrix: NDArray[np.generic]) -> tuple[Floats, Floats, Floats]:
    """Return precision, recall and F1 of each class.

    Parameters
    ----------
    matrix : shape (..., C, C).

    Returns
    -------
    Three arrays of shape (..., C); 0/0 is 0.
    """
    counts = np.asarray(matrix, np.float64)
    tp = np.diagonal(counts, axis1=-2, axis2=-1)
    true, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    return _divide(tp, predicted), _divide(tp, true), _divide(2 * tp, true + predicted)


def recognition_values(
    matrix: NDArray[np.generic], *, drop_absent: bool = False, n_classes: int | None = None
) -> Floats:
    """Return UF1, UAR, macro precision and accuracy; vectorised, for the bootstrap.

    UF1 = mean of 2 TP_c / (2 TP_c + FP_c + FN_c), UAR = mean of TP_c / n_c (MEGC2019 recognition guideline).

    Parameters
    ----------
    matrix : pooled confusion counts, shape (..., C, C).
    drop_absent : leave classes without any true or predicted sample out of the means (legacy).
    n_classes : how many classes the means are over; later rows and columns are answers that name none of them.

    Returns
    -------
    Shape (..., 4) in the order of `NAMES`.
    """
    precision, recall, f1 = (value[..., :n_classes] for value in per_class(matrix))
    counts = np.asarray(matrix, np.float64)
    present = np.ones_like(f1, bool)
    if drop_absent:
        present = (counts.sum(axis=-1) + counts.sum(axis=-2) > 0)[..., :n_classes]
    kept = present.sum(axis=-1)
    means = [_divide((value * present).sum(axis=-1), kept) for value in (f1, recall, precision)]
    right = np.trace(counts[..., :n_classes, :n_classes], axis1=-2, axis2=-1)
    return np.stack([*means, _divide(right, counts.sum(axis=(-2, -1)))], axis=-1)


def recognition_defined(matrix: NDArray[np.generic], *, n_classes: int | None = None) -> tuple[bool, bool, bool, bool]:
    """Tell which of UF1, UAR, macro precision and accuracy are no 0/0.

    A mean is undefined when it has no class that is defined, accuracy when there is no sample.

    Parameters
    ----------
    matrix, n_classes : see `recognition_values`.
    """
    counts = np.asarray(matrix)
    has_true = bool(counts[:n_classes].any())
    has_predicted = bool(counts[:, :n_classes].any())
    return has_true or has_predicted, has_true, has_predicted, bool(counts.any())


def recognition_scores(matrix: NDArray[np.generic], *, drop_absent: bool = False) -> dict[str, Value]:
    """Return UF1, UAR, macro precision and accuracy of one pooled confusion matrix.

    Parameters
    ----------
    matrix : shape (C, C), rows are the truth.
    drop_absent : see `recognition_values`.

    Returns
    -------
    By name.
    """
    values = recognition_values(np.asarray(matrix), drop_absent=drop_absent)
    flags = recognition_defined(matrix)
    return {name: Value(float(v), flag) for name, v, flag in zip(NAMES, values, flags, strict=True)}


def recognition_statistic(size: int, n_classes: int, drop_absent: bool = False) -> Callable[[Floats], Floats]:
    """Return UF1, UAR, macro precision and accuracy as a function of flat confusion counts.

    Parameters
    ----------
    size : rows of the matrix; sums have shape (n, size * size).
    n_classes, drop_absent : see `recognition_values`.
    """
    return lambda sums: recognition_values(
        sums.reshape(*sums.shape[:-1], size, size), drop_absent=drop_absent, n_classes=n_classes
    )


def recognition_folds_statistic(
    size: int, n_classes: int, n_folds: int, drop_absent: bool = False
) -> Callable[[Floats], Floats]:
    """Return means over folds of UF1, UAR, macro precision and accuracy; a fold without samples takes no part.

    Parameters
    ----------
    size, n_classes, drop_absent : see `recognition_statistic`.
    n_folds : sums have shape (n, n_folds * size * size), the confusion counts of one fold after those of another.
    """

    def values(sums: Floats) -> Floats:
        matrices = sums.reshape(*sums.shape[:-1], n_folds, size, size)
        present = (matrices.sum(axis=(-2, -1)) > 0)[..., None]
        of_fold = recognition_values(matrices, drop_absent=drop_absent, n_classes=n_classes)
        return _divide((of_fold * present).sum(axis=-2), present.sum(axis=-2))

    return values


def class_statistic(size: int, number: int) -> Callable[[Floats], Floats]:
    """Return precision, recall and F1 of one class as a function of flat confusion counts of shape (n, size * size)."""
    return lambda sums: np.stack(
        [value[..., number] for value in per_class(sums.reshape(*sums.shape[:-1], size, size))], axis=-1
    )


def uf1_statistic(n_classes: int) -> Callable[[Floats], Floats]:
    """Return UF1 as a function of flat counts tp, fp, fn of each class, shape (n, n_classes * 3).

    Cards of schema 1 keep these counts alone; a class that never occurs counts as 0.
    """

    def uf1(sums: Floats) -> Floats:
        tp, fp, fn = np.moveaxis(sums.reshape(*sums.shape[:-1], n_classes, 3), -1, 0)
        return _divide(2 * tp, 2 * tp + fp + fn).mean(axis=-1, keepdims=True)

    return uf1


def _divide(above: NDArray[np.generic], below: NDArray[np.generic]) -> Floats:
    top = np.asarray(above, np.float64)
    return np.divide(top, below, out=np.zeros_like(top), where=np.asarray(below) != 0)
