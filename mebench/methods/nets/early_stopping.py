"""Early stopping: which epoch was best on what was held out.

Conventions
-----------
A training may have several trackers, each with its own held-out people and its own best epoch (two subjects that test
each other's model), or none.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

from mebench.methods.nets.weights import Weights


class Tracker:
    """Remembers the best epoch.

    Parameters
    ----------
    higher : whether a higher value is better, as of UF1; a loss is better when lower.

    Attributes
    ----------
    best_value, best_epoch, best_weights : of the first epoch with the best value so far; infinity, 0 and none
        before the first.
    waited : epochs since then.
    """

    def __init__(self, *, higher: bool = False) -> None:
        self.higher = higher
        self.best_value = -math.inf if higher else math.inf
        self.best_epoch = 0
        self.best_weights: Weights = {}
        self.waited = 0

    def update(self, value: float, epoch: int, snapshot: Callable[[], Weights]) -> None:
        """Take note of an epoch's value; the weights are copied only when it is the best."""
        if value > self.best_value if self.higher else value < self.best_value:
            self.best_value, self.best_epoch, self.waited = value, epoch, 0
            self.best_weights = snapshot()
        else:
            self.waited += 1

    def state(self) -> dict[str, Any]:
        """Return everything as a tree, see `tree`."""
        names = ("best_value", "best_epoch", "best_weights", "waited")
        return {name: getattr(self, name) for name in names}

    def load(self, state: Mapping[str, Any]) -> None:
        """Load what `state` returned."""
        self.__dict__.update(state)


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """People that a training never learns from, and what they are asked after every epoch.

    Attributes
    ----------
    measure : returns the value that is tracked, such as the mean loss; must draw nothing at random that differs from
        epoch to epoch.
    tracker : keeps the best epoch.
    """

    measure: Callable[[], float]
    tracker: Tracker = dataclasses.field(default_factory=Tracker)
