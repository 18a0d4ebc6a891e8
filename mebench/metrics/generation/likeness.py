"""How like generated frames are to recorded ones, pixel by pixel.

Conventions
-----------
Frames are uint8; sums run over all pixels and channels of all frames, and are divided once, so a long clip weighs more
than a short one. Perfect likeness is an error of 0; the PSNR of a perfect copy has no end and is reported as 100 dB.

Metrics
-------
`mean_absolute_error` : in grey levels, 0 to 255.
`psnr` : 10 log10(255^2 / mean squared error), in dB.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.base import FrameMetric

Floats = NDArray[np.float64]

PEAK = 255.0
PERFECT_DB = 100.0


class MeanAbsoluteError(FrameMetric):
    """Mean absolute difference of pixels, in grey levels."""

    id = "mean_absolute_error"
    name = "MAE"
    higher_is_better = False
    bounds = (0.0, PEAK)
    summary = "mean absolute difference of generated and recorded pixels, in grey levels; less is better"
    source = "mebench's choice"

    def measure(self, generated: NDArray[np.uint8], target: NDArray[np.uint8]) -> tuple[float, float]:
        """Return the sum of absolute differences, and the number of values."""
        difference = np.abs(generated.astype(np.int16) - target.astype(np.int16))
        return float(difference.sum(dtype=np.int64)), float(difference.size)

    def values(self, sums: Floats) -> Floats:
        """Return sums of shape (n, 2) as means of shape (n, 1)."""
        return sums[..., :1] / np.maximum(sums[..., 1:2], 1)

    def defined(self, sums: Floats) -> bool:
        """Return whether there is any pixel."""
        return bool(sums[1] > 0)


class Psnr(FrameMetric):
    """Peak signal-to-noise ratio of all pixels together, in dB."""

    id = "psnr"
    name = "PSNR"
    bounds = (0.0, PERFECT_DB)
    summary = "peak signal-to-noise ratio of generated and recorded pixels, all frames together, in dB"
    source = "ITU-T J.340; one mean squared error over all frames"

    def measure(self, generated: NDArray[np.uint8], target: NDArray[np.uint8]) -> tuple[float, float]:
        """Return the sum of squared differences, and the number of values."""
        difference = generated.astype(np.int32) - target.astype(np.int32)
        return float((difference**2).sum(dtype=np.int64)), float(difference.size)

    def values(self, sums: Floats) -> Floats:
        """Return sums of shape (n, 2) as decibels of shape (n, 1); at most `PERFECT_DB`."""
        error = sums[..., :1] / np.maximum(sums[..., 1:2], 1)
        least = PEAK**2 / 10 ** (PERFECT_DB / 10)
        return np.minimum(10 * np.log10(PEAK**2 / np.maximum(error, least)), PERFECT_DB)

    def defined(self, sums: Floats) -> bool:
        """Return whether there is any pixel."""
        return bool(sums[1] > 0)
