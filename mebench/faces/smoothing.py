"""Zero-phase Gaussian low-passes for rows that arrive in chunks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


class LowPass:
    """Gaussian smoothing along the first axis, streamed.

    Output row i is final once `reach` rows after it have arrived. Beyond the two ends the rows are continued by point
    reflection, which keeps both value and slope there. The result does not depend on how the rows were chunked.

    Parameters
    ----------
    deviation : standard deviation of the Gaussian in rows; 0 passes everything through.
    """

    def __init__(self, deviation: float) -> None:
        self.reach = math.ceil(3 * deviation)
        offsets = np.arange(-self.reach, self.reach + 1)
        kernel = np.exp(-0.5 * (offsets / max(deviation, 1e-9)) ** 2)
        self._kernel = kernel / kernel.sum()
        self._held: NDArray[np.float64] | None = None
        self._continued = False

    def push(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take rows (n, d) and return the smoothed rows that have become final, in order."""
        held = rows if self._held is None else np.concatenate([self._held, rows])
        if not self._continued and len(held) > self.reach:
            held = np.concatenate([self._before(held), held])
            self._continued = True
        return self._final(held) if self._continued else self._wait(held)

    def finish(self) -> NDArray[np.float64]:
        """Return the smoothed rows that are still owed."""
        held = self._held
        if held is None or len(held) == 0:
            return np.empty((0, 0)) if held is None else held
        end = held[-self.reach - 1 :]
        if not self._continued:
            held = np.concatenate([self._before(held), held])
        return self._final(np.concatenate([held, self._after(end)]))

    def _wait(self, held: NDArray[np.float64]) -> NDArray[np.float64]:
        self._held = held
        return held[:0]

    def _final(self, held: NDArray[np.float64]) -> NDArray[np.float64]:
        ready = len(held) - 2 * self.reach
        if ready <= 0:
            return self._wait(held)
        self._held = held[ready:]
        return np.lib.stride_tricks.sliding_window_view(held, 2 * self.reach + 1, axis=0) @ self._kernel

    def _before(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the `reach` rows that continue the beginning; a short video's end is held."""
        steps = np.minimum(np.arange(self.reach, 0, -1), len(rows) - 1)
        return 2 * rows[0] - rows[steps]

    def _after(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        steps = np.minimum(np.arange(1, self.reach + 1), len(rows) - 1)
        return 2 * rows[-1] - rows[len(rows) - 1 - steps]


class TwoPasses:
    """Two low-passes side by side over rows of two parts, each with its own deviation; rows come out together.

    Parameters
    ----------
    split : number of columns of the first part.
    deviations : standard deviation of the Gaussian of each part, in rows.
    """

    def __init__(self, split: int, deviations: tuple[float, float]) -> None:
        self._split = split
        self._passes = tuple(LowPass(deviation) for deviation in deviations)
        self._ready: list[list[NDArray[np.float64]]] = [[], []]

    def push(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take rows (n, d) and return the smoothed rows that have become final, in order."""
        parts = (rows[:, : self._split], rows[:, self._split :])
        return self._out([one.push(part) for one, part in zip(self._passes, parts, strict=True)])

    def finish(self) -> NDArray[np.float64]:
        """Return the smoothed rows that are still owed."""
        return self._out([one.finish() for one in self._passes])

    def _out(self, parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        for ready, part in zip(self._ready, parts, strict=True):
            ready.extend(part)
        count = min(map(len, self._ready))
        if count == 0:
            return np.empty((0, 0))
        rows = np.concatenate([np.stack(ready[:count]) for ready in self._ready], axis=1)
        self._ready = [ready[count:] for ready in self._ready]
        return rows
