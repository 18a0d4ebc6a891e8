"""Pearson's correlation of paired series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def pearson(first: NDArray[np.floating], second: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return Pearson's r of each column; 0 where one of the two does not vary.

    Parameters
    ----------
    first, second : shape (n, columns).
    """
    a, b = first - first.mean(axis=0), second - second.mean(axis=0)
    norm = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.divide((a * b).sum(axis=0), norm, out=np.zeros(a.shape[1]), where=norm > 0)
