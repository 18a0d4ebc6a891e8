"""When the frames of a recording were taken, and what lasts how long.

Conventions
-----------
Times are seconds, 0 at the start of the first frame; frame *numbers* are 1-based and inclusive at both ends. A frame
lasts until the next one begins; nothing follows the last, which lasts as long as the step before it. Where time is
missing between two frames, as after a pause of the recording, the rate is that of the time that is there.

    frame      1     2     3           4           5
    start      .0    .1    .2          .4          .6    (end .8)
    2-4              |-----------------------|           seconds(2, 4) = (.1, .6)
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

_STEADY = 0.5
"""Mean steps by which a frame may be early or late in a recording of one frame rate."""
_HOLE = 0.5
"""Seconds beyond the usual step after which time is missing between two frames."""
_SAME_RATE = 0.1
"""Share by which a stated rate may differ from that of the time stamps and still mean them, as 30 means 29.4."""


def missing_before(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much time is missing before each frame, in seconds, 0 where none is.

    Parameters
    ----------
    times : float64 (n,), ascending; when each frame begins.
    """
    if len(times) < 2:
        return np.zeros(len(times))
    steps = np.diff(times)
    beyond = steps - np.median(steps)
    return np.concatenate([[0.0], np.where(beyond > _HOLE, beyond, 0.0)])


@dataclasses.dataclass(frozen=True, eq=False)
class Timing:
    """The times of the frames of one recording.

    Attributes
    ----------
    times : float64 (n_frames,), ascending; when each frame begins.
    end : when the last frame ends.
    fps : frames per second by which methods count, the mean rate or a stated one.
    steady : whether the frames come at one rate.
    """

    times: NDArray[np.float64]
    end: float
    fps: float
    steady: bool = True

    @classmethod
    def constant(cls, n_frames: int, fps: float) -> Timing:
        """Return the times of frames at one rate."""
        return cls(np.arange(n_frames) / fps, n_frames / fps, fps)

    @classmethod
    def of_stamps(cls, times: NDArray[np.float64], fps: float | None = None) -> Timing:
        """Return the times that stamps tell.

        Parameters
        ----------
        times : float64 (n,), ascending; when each frame begins.
        fps : a stated rate; one that is plainly another than that of the stamps, as for slow motion, stretches them.
        """
        if len(times) < 2:
            return cls.constant(len(times), fps or 30.0)
        times = times - times[0]
        end = 2 * times[-1] - times[-2]
        mean = len(times) / (end - missing_before(times).sum())
        steady = bool(np.ptp(times - np.arange(len(times)) / mean) <= 2 * _STEADY / mean)
        if fps is None or abs(fps / mean - 1) <= _SAME_RATE:
            return cls(times, float(end), fps or float(mean), steady)
        return cls(times * (mean / fps), float(end * mean / fps), fps, steady)

    def seconds(self, onset: int, offset: int) -> tuple[float, float]:
        """Return when frame `onset` begins and frame `offset` ends; numbers outside the video go on at its rate."""
        return self._begin(onset - 1), self._begin(offset)

    def _begin(self, index: int) -> float:
        n = len(self.times)
        if 0 <= index < n:
            return float(self.times[index])
        return index / self.fps if index < 0 else self.end + (index - n) / self.fps

    def length(self, onset: int, offset: int) -> int:
        """Return how many frames of the mean rate the frames `onset` to `offset` last; their number at one rate."""
        if self.steady:
            return offset - onset + 1
        start, end = self.seconds(onset, offset)
        return round((end - start) * self.fps)

    def lengths(self, runs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the `length` of runs of frames, given as first and last index in an array of shape (n, 2)."""
        return np.array([self.length(first + 1, last + 1) for first, last in runs.tolist()], np.int64)

    def part(self, start: int, stop: int) -> Timing:
        """Return the times of the frames with indices `start <= i < stop` alone; the rate is that of the whole."""
        times = self.times[start:stop]
        begin = self._begin(start)
        return Timing(times - begin, self._begin(stop) - begin, self.fps, self.steady)

    def shifted(self, indices: NDArray[np.int_], lag: int) -> NDArray[np.int_]:
        """Return the indices of the frames that lie `lag` frames of the mean rate later, earlier where it is negative.

        At one rate that is `indices + lag`; else the frames whose times are nearest, none beyond the ends.
        """
        if self.steady:
            return indices + lag
        wanted = self.times[indices] + lag / self.fps
        after = np.clip(np.searchsorted(self.times, wanted), 1, len(self.times) - 1)
        nearer = wanted - self.times[after - 1] < self.times[after] - wanted
        return np.where(nearer, after - 1, after)
