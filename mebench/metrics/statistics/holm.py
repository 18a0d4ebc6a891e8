"""Holm's correction: many comparisons on one board, and still at most one chance in twenty of any false one.

Conventions
-----------
Adjusted p-values are compared with the level as plain ones are, and are at most 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.05
"""Two methods are told apart when the adjusted p-value of their difference is below this."""


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return p-values adjusted for their number (Holm 1979): step-down, valid under any dependence.

    Parameters
    ----------
    p_values : shape (n,), in [0, 1].

    Returns
    -------
    Shape (n,), in the order given; the smallest is multiplied by n, the next by n - 1, and none may fall below a
    smaller one's.

    Raises
    ------
    ValueError : for another shape or a value outside [0, 1].
    """
    p = np.asarray(p_values, np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p-values must be a list of numbers from 0 to 1, not {p_values!r}")
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
