"""What is measured: values with the draws that tell how far they can be trusted.

Conventions
-----------
The draws of a value are the same statistic in `RESAMPLES` resamples of the subjects, or of the videos of one subject
where it speaks of one. Draws of two values pair where both come from the same resamples, which holds for all values of
one measure of one dataset. A value without draws has no interval.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False)
class Value:
    """One value.

    Attributes
    ----------
    row, score : what it is of, and what it is, such as `micro` and `recall`.
    value : the value; NaN where it is not defined.
    draws : shape (resamples,), NaN where it is not defined there; None where nothing can be resampled.
    """

    row: str
    score: str
    value: float
    draws: Floats | None = None

    @property
    def name(self) -> str:
        """What findings and printed values call it: `row: score`."""
        return f"{self.row}: {self.score}"

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval, None without draws."""
        return None if self.draws is None else _interval(self.draws)


def difference(higher: Value, lower: Value) -> tuple[float, tuple[float, float] | None]:
    """Return the difference of two values and its 95% interval, None where their draws do not pair."""
    a, b = higher.draws, lower.draws
    ends = None if a is None or b is None or a.shape != b.shape else _interval(a - b)
    return higher.value - lower.value, ends


def _interval(draws: Floats) -> tuple[float, float] | None:
    known = draws[np.isfinite(draws)]
    if len(known) == 0:
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
