"""All that a training changes: networks, optimisers and schedules, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from mebench.methods.nets.optimisers import first_rate, load_optimiser
from mebench.methods.nets.weights import Weights, weights_of


class Learner:
    """Networks that learn together: one, or several as in adversarial training.

    Parameters
    ----------
    modules : networks by name, on their device.
    optimisers : by name.
    schedules : by name; stepped at the end of every epoch.
    kept : names of the networks whose weights are worth keeping from the best epoch; by default all.
    """

    def __init__(
        self,
        modules: Mapping[str, nn.Module],
        optimisers: Mapping[str, Optimizer],
        schedules: Mapping[str, LRScheduler] | None = None,
        kept: Sequence[str] | None = None,
    ) -> None:
        self.modules = dict(modules)
        self.optimisers = dict(optimisers)
        self.schedules = dict(schedules or {})
        self.kept = tuple(modules if kept is None else kept)

    def train(self) -> None:
        """Put every network into training mode."""
        for module in self.modules.values():
            module.train()

    def rates(self) -> float | dict[str, float]:
        """Return the step size now: a number for one optimiser, numbers by name for several."""
        rates = {name: float(optimiser.param_groups[0]["lr"]) for name, optimiser in self.optimisers.items()}
        return next(iter(rates.values())) if len(rates) == 1 else rates

    def first_rates(self) -> str:
        """Return the step sizes that the optimisers began with, for a message."""
        return " and ".join(f"{first_rate(optimiser):g}" for optimiser in self.optimisers.values())

    def end_epoch(self) -> None:
        """Step the schedules."""
        for schedule in self.schedules.values():
            schedule.step()

    def snapshot(self) -> Weights:
        """Return copies of the weights that are worth keeping, named `network.weight`."""
        return {f"{name}.{key}": value for name in self.kept for key, value in weights_of(self.modules[name]).items()}

    def state(self) -> dict[str, Any]:
        """Return everything as a tree, see `tree`."""
        parts: dict[str, Mapping[str, Any]] = {
            "modules": self.modules,
            "optimisers": self.optimisers,
            "schedules": self.schedules,
        }
        return {kind: {name: part.state_dict() for name, part in named.items()} for kind, named in parts.items()}

    def load(self, state: Mapping[str, Any]) -> None:
        """Load what `state` returned."""
        for name, module in self.modules.items():
            module.load_state_dict(state["modules"][name])
        for name, optimiser in self.optimisers.items():
            load_optimiser(optimiser, state["optimisers"][name])
        for name, schedule in self.schedules.items():
            schedule.load_state_dict(state["schedules"][name])
