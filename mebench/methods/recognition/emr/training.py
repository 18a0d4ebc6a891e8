"""The training of emr: what both heads and the adversary cost."""

from __future__ import annotations

import dataclasses
import hashlib
import math

import numpy as np
import torch
from torch.nn import functional as F

from mebench.methods.recognition.emr.network import PartNetwork
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer, Rows


@dataclasses.dataclass(frozen=True)
class DomainExamples(Examples):
    """Pictures (n, 3, side, side) uint8, classes (n,) and domains (n,) int64, the place of a clip's dataset."""

    domains: Rows

    def digest(self) -> str:
        """Return a digest of all."""
        return hashlib.sha256(super().digest().encode() + self.domains.tobytes()).hexdigest()


def strength(done: float) -> float:
    """Return the share of its strength that the adversary has when a share of the training is done (Ganin 2016)."""
    return 2 / (1 + math.exp(-10 * done)) - 1


class PartTrainer(PictureTrainer):
    """Trains a `PartNetwork` on `DomainExamples`."""

    def losses(self, batch: Rows, random: np.random.Generator) -> torch.Tensor:
        """Return the mean cost of both heads for each clip, and what the adversary costs where there is one, (n,)."""
        net, examples = self.net, self.examples
        assert isinstance(net, PartNetwork)
        assert isinstance(examples, DomainExamples)
        parts = net.parts(self.pictures[torch.from_numpy(batch)])
        costs = torch.stack([self.costs(said, batch) for said in net.said_of(parts)]).mean(0)
        if len(np.unique(examples.domains)) == 1:
            return costs
        factor = net.adversary * strength((self.at.epoch - 1) / self.loop.epochs)
        domains = torch.from_numpy(examples.domains[batch]).to(costs.device)
        return costs + F.cross_entropy(net.domains_of(parts, factor), domains, reduction="none")
