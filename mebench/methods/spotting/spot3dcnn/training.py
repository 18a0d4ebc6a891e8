"""One training with early stopping on one or two validation subjects at once (thesis 5.4.4, Algorithm 1).

Conventions
-----------
An epoch is `samples_per_epoch` freshly drawn stacks. Each validation subject has its own tracker with its own best
epoch; its stacks are drawn once, with random skips, so that its losses differ by the network alone. Training ends when
no tracker has improved for `patience` epochs, or after `max_epochs`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import torch

from mebench.methods.base import RunContext
from mebench.methods.nets.early_stopping import HeldOut, Tracker
from mebench.methods.nets.optimisers import make_optimiser, make_schedule
from mebench.methods.nets.position import Loop
from mebench.methods.nets.supervised import Supervised, single
from mebench.methods.spotting.spot3dcnn.augment import augment
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.loss import WeightedLoss
from mebench.methods.spotting.spot3dcnn.network import TwoStreamNet
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import Draw, SampleTable

VALIDATION_BATCH = 32


class ValidationStacks:
    """The stacks of one validation subject, drawn once, and what they say of each epoch."""

    def __init__(self, table: SampleTable, count: int, random: np.random.Generator) -> None:
        self.table = table
        self.draw: Draw = table.draw(count, random)
        self.tracker = Tracker()


class StackTrainer(Supervised[Draw]):
    """Trains one network on four-frame stacks.

    Parameters
    ----------
    net : network on its device, with fresh weights.
    table : the training frames.
    owner : name used in messages.
    validation : one for each validation subject; without any all epochs are trained.
    """

    def __init__(
        self,
        net: TwoStreamNet,
        loss: WeightedLoss,
        table: SampleTable,
        preprocess: Preprocessor,
        config: Spot3DConfig,
        context: RunContext,
        owner: str,
        validation: Sequence[ValidationStacks] = (),
    ) -> None:
        optimiser = make_optimiser(
            config.optimiser, net.parameters(), config.learning_rate, weight_decay=config.weight_decay
        )
        # Batch statistics need two stacks.
        loop = Loop(config.max_epochs, config.batch_size, 2 if config.batch_norm else 1, config.patience)
        super().__init__(
            single(net, optimiser, make_schedule(config.schedule, optimiser, config.max_epochs)),
            loop,
            context,
            owner,
            [HeldOut(functools.partial(self.validate, stacks), stacks.tracker) for stacks in validation],
            data=[table.digest(), *(stacks.table.digest() for stacks in validation)],
        )
        self.net, self.loss, self.table = net, loss, table
        self.preprocess, self.config = preprocess, config

    def draw(self, epoch: int, random: np.random.Generator) -> Draw:
        """Draw the stacks of an epoch."""
        return self.table.draw(self.config.samples_per_epoch, random)

    def losses(self, batch: Draw, random: np.random.Generator) -> torch.Tensor:
        """Return the loss of each augmented stack, shape (n,)."""
        return self._losses(augment(self.table.read(batch), self.config, random), batch)

    @torch.no_grad()
    def validate(self, stacks: ValidationStacks) -> float:
        """Return the mean loss over the stacks of a validation subject, without augmentation."""
        self.net.eval()
        total = 0.0
        for start in range(0, len(stacks.draw), VALIDATION_BATCH):
            part = stacks.draw[start : start + VALIDATION_BATCH]
            total += float(self._losses(stacks.table.read(part), part).sum())
        return total / len(stacks.draw)

    def _losses(self, frames: np.ndarray, draw: Draw) -> torch.Tensor:
        stacks = self.preprocess(frames)
        with torch.autocast(stacks.device.type, torch.bfloat16, enabled=self.config.bf16):
            logits = self.net(stacks)
        losses: torch.Tensor = self.loss(logits.float(), torch.from_numpy(draw.labels).to(stacks.device))
        return losses
