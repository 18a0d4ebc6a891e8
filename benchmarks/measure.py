"""Timing that compares: every contestant runs in interleaved rounds of the same process.

Absolute figures swing by 30% and more between runs on shared machines, so only ratios are reported.
"""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable, Mapping


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the benchmark table.

    Attributes
    ----------
    name : what is compared with what.
    ratio : the measured ratio.
    target : the least (or, for `at_most`, the greatest) ratio that the project promises; None without a promise.
    detail : the absolute figures behind the ratio, for the curious.
    """

    name: str
    ratio: float
    target: float | None = None
    at_most: bool = False
    detail: str = ""

    @property
    def ok(self) -> bool:
        """True when there is no promise or it is kept."""
        if self.target is None:
            return True
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target


def interleaved(
    contestants: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Return the median seconds of each contestant over interleaved rounds, after one round of warm-up.

    Parameters
    ----------
    clock : `time.process_time` where every contestant computes on one thread and waits for nothing: what other
        processes do then counts less.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for round_number in range(rounds + 1):
        for name, run in contestants.items():
            start = clock()
            run()
            if round_number:
                times[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in times.items()}
