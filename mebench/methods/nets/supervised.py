"""Training of one network by one loss."""

from __future__ import annotations

import abc
import math
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from mebench.methods.nets.learner import Learner
from mebench.methods.nets.loop import Trainer
from mebench.methods.nets.position import S

NET = "net"
"""The network's name among those of the learner."""


def single(net: nn.Module, optimiser: Optimizer, schedule: LRScheduler | None = None) -> Learner:
    """Return the learner of one network."""
    return Learner({NET: net}, {NET: optimiser}, {} if schedule is None else {NET: schedule})


class Supervised(Trainer[S]):
    """A training whose step is one step down the mean loss of a batch; the learner is a `single` one.

    Class attributes
    ----------------
    parts : each batch is passed through the network in so many parts, whose gradients add up to those of the batch;
        saves memory.
    longest_gradient : gradients are scaled down to this norm; None leaves them alone.
    """

    parts: int = 1
    longest_gradient: float | None = None

    @abc.abstractmethod
    def losses(self, batch: S, random: np.random.Generator) -> torch.Tensor:
        """Return the loss of each sample of a batch in training, shape (n,)."""

    def step(self, batch: S, random: np.random.Generator) -> dict[str, float]:
        """Take one step down the mean loss."""
        net, optimiser = self.learner.modules[NET], self.learner.optimisers[NET]
        size = math.ceil(len(batch) / self.parts)
        optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for start in range(0, len(batch), size):
            part: Any = batch[start : start + size]
            loss = self.losses(part, random).mean() * (len(part) / len(batch))
            loss.backward()  # type: ignore[no-untyped-call]
            total += loss.item()
        if self.longest_gradient is not None:
            nn.utils.clip_grad_norm_(net.parameters(), self.longest_gradient)
        optimiser.step()
        return {"loss": total}
