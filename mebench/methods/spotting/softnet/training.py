"""One training: plain gradient descent on squared errors, a fixed number of epochs, of which the last one is kept.

Nothing is chosen on the way, so nobody is held out. Which samples are learnt, and their order, are drawn once for all
epochs, as published; noise is drawn anew every time.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from mebench.frames.stored import StoredFrames
from mebench.methods.base import RunContext
from mebench.methods.nets.optimisers import make_optimiser
from mebench.methods.nets.position import Loop
from mebench.methods.nets.supervised import Supervised, single
from mebench.methods.spotting.softnet.config import SoftnetConfig
from mebench.methods.spotting.softnet.network import Softnet
from mebench.methods.spotting.softnet.samples import Drawn, SampleTable, as_batch

_SCORED = 64


class PictureTrainer(Supervised[Drawn]):
    """Trains one network on pictures of flow.

    Parameters
    ----------
    net : on its device, with fresh weights.
    table : the training windows.
    owner : name used in messages.
    name : `micro` or `macro`; micro-expressions are multiplied.
    """

    def __init__(
        self, net: Softnet, table: SampleTable, config: SoftnetConfig, context: RunContext, owner: str, name: str
    ) -> None:
        optimiser = make_optimiser("sgd", net.parameters(), config.learning_rate, momentum=0.0)
        loop = Loop(config.epochs, config.batch_size)
        super().__init__(single(net, optimiser), loop, context, owner, name=name, data=[table.digest()])
        self.net, self.table, self.config = net, table, config
        self.samples = table.draw(
            context.rng(owner, name, "samples"), config.keep_negatives, augment=config.augment and name == "micro"
        )

    def draw(self, epoch: int, random: np.random.Generator) -> Drawn:
        """Return the samples, the same in every epoch."""
        return self.samples

    def losses(self, batch: Drawn, random: np.random.Generator) -> torch.Tensor:
        """Return the squared error of each sample, shape (n,)."""
        device = next(self.net.parameters()).device
        pictures = torch.from_numpy(self.table.read(batch, random, self.config.noise)).to(device)
        wanted = torch.from_numpy(self.table.targets(batch)).to(device)
        errors: torch.Tensor = (self.net(pictures) - wanted) ** 2
        return errors


@torch.no_grad()
def scores_of(net: Softnet, pictures: StoredFrames) -> NDArray[np.float64]:
    """Return the score of every picture, float64 (n,)."""
    net.eval()
    device = next(net.parameters()).device
    scores = np.empty(len(pictures))
    for start in range(0, len(pictures), _SCORED):
        stop = min(start + _SCORED, len(pictures))
        batch = as_batch(pictures.gather(np.arange(start, stop)).astype(np.float32) / np.float32(255))
        scores[start:stop] = net(torch.from_numpy(batch).to(device)).cpu().numpy()
    return scores
