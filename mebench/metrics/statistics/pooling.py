"""Averages over people instead of pooled counts, as sums: what conventions with `pooling: mean` add up.

Conventions
-----------
A mean is a sum of values divided by a sum of ones, so resampling and swapping people are sums here as well; its kind is
`mean` in `statistics.kinds`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.intervals import ratios

Floats = NDArray[np.float64]


def ratios_to_average(counts: NDArray[np.generic]) -> Floats:
    """Return precision, recall and F1 of each person and a 1 for whoever counts anything.

    Parameters
    ----------
    counts : tp, fp, fn of each person, shape (..., 3).

    Returns
    -------
    Shape (..., 4); zeros for a person without any count, who does not take part in the mean.
    """
    present = (counts != 0).any(axis=-1, keepdims=True).astype(np.float64)
    return np.concatenate((ratios(counts) * present, present), axis=-1)
