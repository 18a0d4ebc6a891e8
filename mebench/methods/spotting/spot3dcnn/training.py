"""One training with early stopping on one or two validation subjects at once (thesis 5.4.4, Algorithm 1).

Conventions
-----------
An epoch is `samples_per_epoch` freshly drawn stacks. Each validation subject has its own tracker with its own best
epoch; its stacks are drawn once, with random skips, so that its losses differ by the network alone. Training ends when
no tracker has improved for `patience` epochs, or after `max_epochs`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.spotting.spot3dcnn.augment import augment
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.loss import WeightedLoss
from mebench.methods.spotting.spot3dcnn.network import TwoStreamNet
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import Draw, SampleTable
from mebench.methods.spotting.spot3dcnn.skips import Skips

VALIDATION_BATCH = 32
Weights = dict[str, torch.Tensor]


class Tracker:
    """Early stopping on one validation subject.

    Attributes
    ----------
    best_loss, best_epoch, best_weights : of the epoch with the lowest validation loss so far.
    waited : epochs since then.
    """

    def __init__(self, table: SampleTable, skips: Skips, count: int, random: np.random.Generator) -> None:
        self.table = table
        self.draw: Draw = table.draw(count, skips, random)
        self.best_loss = math.inf
        self.best_epoch = 0
        self.best_weights: Weights = {}
        self.waited = 0

    def update(self, loss: float, epoch: int, net: TwoStreamNet) -> None:
        """Take note of an epoch's validation loss."""
        if loss < self.best_loss:
            self.best_loss, self.best_epoch, self.waited = loss, epoch, 0
            self.best_weights = weights_of(net)
        else:
            self.waited += 1


def weights_of(net: TwoStreamNet) -> Weights:
    """Return a copy of a network's weights and running statistics on the CPU."""
    return {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in net.state_dict().items()
    }


class Trainer:
    """Trains one network.

    Parameters
    ----------
    net : network on its device, with fresh weights.
    table : the training frames.
    skips : random ranges of the frame skips.
    owner : name used in messages.
    """

    def __init__(
        self,
        net: TwoStreamNet,
        loss: WeightedLoss,
        table: SampleTable,
        skips: Skips,
        preprocess: Preprocessor,
        config: Spot3DConfig,
        context: RunContext,
        owner: str,
    ) -> None:
        self.net, self.loss, self.table, self.skips = net, loss, table, skips
        self.preprocess, self.config, self.context, self.owner = preprocess, config, context, owner
        self.optimiser = _optimiser(net, config)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, _schedule(config))

    def run(self, trackers: Sequence[Tracker]) -> None:
        """Train until every tracker has waited `patience` epochs; without trackers for `max_epochs`.

        Raises
        ------
        UserError : when the loss stops being a number.
        """
        for epoch in range(1, self.config.max_epochs + 1):
            rate = self.schedule.get_last_lr()[0]
            record: dict[str, Any] = {"event": "epoch", "epoch": epoch, "learning_rate": rate}
            record["loss"] = self._epoch(epoch)
            record["validation_loss"] = []
            for tracker in trackers:
                value = self._checked(self.validate(tracker), epoch, "validation")
                tracker.update(value, epoch, self.net)
                record["validation_loss"].append(value)
            self.context.log(record)
            self.context.progress("train", epoch, self.config.max_epochs)
            if trackers and all(tracker.waited >= self.config.patience for tracker in trackers):
                break

    def _epoch(self, epoch: int) -> float:
        """Train on one epoch's draw and return the mean loss."""
        self.net.train()
        random = self.context.rng(self.owner, "epoch", epoch)
        draw = self.table.draw(self.config.samples_per_epoch, self.skips, random)
        total = 0.0
        for start in range(0, len(draw), self.config.batch_size):
            part = draw.part(start, start + self.config.batch_size)
            if len(part) == 1 and self.config.batch_norm:
                break  # batch statistics need two stacks
            stacks = self.preprocess(augment(self.table.read(part), self.config, random))
            loss = self._losses(stacks, part).mean()
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimiser.step()
            total += self._checked(loss.item(), epoch, "training") * len(part)
        self.schedule.step()
        return total / len(draw)

    @torch.no_grad()
    def validate(self, tracker: Tracker) -> float:
        """Return the mean loss over a tracker's stacks, without augmentation."""
        self.net.eval()
        total = 0.0
        for start in range(0, len(tracker.draw), VALIDATION_BATCH):
            part = tracker.draw.part(start, start + VALIDATION_BATCH)
            stacks = self.preprocess(tracker.table.read(part))
            total += float(self._losses(stacks, part).sum())
        return total / len(tracker.draw)

    def _losses(self, stacks: torch.Tensor, draw: Draw) -> torch.Tensor:
        with torch.autocast(stacks.device.type, torch.bfloat16, enabled=self.config.bf16):
            logits = self.net(stacks)
        losses: torch.Tensor = self.loss(logits.float(), torch.from_numpy(draw.labels).to(stacks.device))
        return losses

    def _checked(self, value: float, epoch: int, what: str) -> float:
        if math.isfinite(value):
            return value
        raise UserError(
            f"The {what} loss of {self.owner} became {value} in epoch {epoch}, because its weights grew without bound: "
            f"lower learning_rate (now {self.config.learning_rate:g})."
        )


def _optimiser(net: TwoStreamNet, config: Spot3DConfig) -> torch.optim.Optimizer:
    rate, decay = config.learning_rate, config.weight_decay
    if config.optimiser == "sgd":
        return torch.optim.SGD(net.parameters(), rate, momentum=0.9, weight_decay=decay)
    kind = torch.optim.AdamW if config.optimiser == "adamw" else torch.optim.Adam
    return kind(net.parameters(), rate, weight_decay=decay)


def _schedule(config: Spot3DConfig) -> Callable[[int], float]:
    if config.schedule == "constant":
        return lambda epoch: 1.0
    return lambda epoch: 0.05 + 0.95 * (1 + math.cos(math.pi * min(epoch / config.max_epochs, 1))) / 2


def seed_of(random: np.random.Generator) -> int:
    """Return a seed for torch from a numpy stream."""
    return int(random.integers(2**31))


def restore(net: TwoStreamNet, weights: Mapping[str, torch.Tensor]) -> TwoStreamNet:
    """Load weights into a network and return it."""
    net.load_state_dict(dict(weights))
    return net
