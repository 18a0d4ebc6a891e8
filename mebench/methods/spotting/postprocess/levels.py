"""Levels of a series of one video, of which nothing is learnt: its own threshold, and its own range.

Conventions
-----------
A series has shape (n_frames,), NaN where it is not defined.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def threshold(series: NDArray[np.float64], p: float) -> float:
    """Return mean + p (max - mean) over the defined values; infinite when there are none."""
    defined = series[~np.isnan(series)]
    return float(defined.mean() + p * (defined.max() - defined.mean())) if len(defined) else np.inf


def lower_quartile(series: NDArray[np.float64]) -> float:
    """Return the value that a quarter of the defined values lies below; infinite when there are none."""
    defined = series[~np.isnan(series)]
    return float(np.quantile(defined, 0.25)) if len(defined) else np.inf


def unit_range(series: NDArray[np.float64]) -> NDArray[np.float32]:
    """Scale the defined values to 0..1, 0 elsewhere and for a series that does not vary."""
    defined = ~np.isnan(series)
    scaled = np.zeros(len(series), np.float32)
    if defined.any() and np.ptp(series[defined]) > 0:
        scaled[defined] = (series[defined] - series[defined].min()) / np.ptp(series[defined])
    return scaled
