"""One training of a network on pictures that are held in memory: a few kilobytes a clip."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from mebench.methods.base import RunContext
from mebench.methods.nets.early_stopping import HeldOut
from mebench.methods.nets.learner import Learner
from mebench.methods.nets.position import Loop
from mebench.methods.nets.supervised import NET, Supervised

_SCORED = 256

Rows = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Examples:
    """Pictures (n, ...), float32 or uint8, and classes (n,) int64 of clips."""

    pictures: NDArray[Any]
    classes: Rows

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self.classes)

    def digest(self) -> str:
        """Return a digest of all."""
        hashed = hashlib.sha256(str(self.pictures.shape).encode())
        hashed.update(np.ascontiguousarray(self.pictures).data.cast("B"))  # no copy of what may be large
        hashed.update(self.classes.tobytes())
        return hashed.hexdigest()

    def weights(self, count: int) -> NDArray[np.float32]:
        """Return the weight of each of `count` classes, (count,): clips / (classes that occur * clips of the class)."""
        of_class = np.bincount(self.classes, minlength=count)
        occurring = int((of_class > 0).sum())
        return np.where(of_class > 0, len(self) / (occurring * np.maximum(of_class, 1)), 0).astype(np.float32)


class PictureTrainer(Supervised[Rows]):
    """Trains one network by cross-entropy.

    Parameters
    ----------
    learner : a `single` one on its device.
    loop : how long; the last epoch is kept, unless clips are held out.
    shuffle : whether clips are mixed anew in every epoch.
    weights : of the classes, (classes,); the mean loss of a batch is then the weighted mean.
    held_out : clips that nobody learns from; the loss on them is what chooses the epoch.
    chosen : what else is measured after every epoch and chooses it; see `nets.best_tested`.
    name : of the training among those of one `fit`.
    """

    def __init__(
        self,
        learner: Learner,
        examples: Examples,
        loop: Loop,
        context: RunContext,
        owner: str,
        *,
        shuffle: bool = True,
        weights: NDArray[np.float32] | None = None,
        held_out: Examples | None = None,
        chosen: Sequence[HeldOut] = (),
        name: str = "training",
    ) -> None:
        others = [] if held_out is None else [HeldOut(lambda: self.held_out_loss(held_out))]
        others.extend(chosen)
        data = [part.digest() for part in (examples, held_out) if part is not None]
        super().__init__(learner, loop, context, owner, others, name=name, data=[*data, _plain(weights)])
        self.net: nn.Module = learner.modules[NET]
        device = next(self.net.parameters()).device
        self.examples, self.count, self.shuffle = examples, len(examples), shuffle
        self.pictures = torch.from_numpy(examples.pictures).to(device)
        self.classes = torch.from_numpy(examples.classes).to(device)
        self.weights = None if weights is None else torch.from_numpy(weights).to(device)
        self.plain_weights = weights

    def draw(self, epoch: int, random: np.random.Generator) -> Rows:
        """Return the rows of all clips, mixed or in order."""
        return random.permutation(self.count) if self.shuffle else np.arange(self.count)

    def losses(self, batch: Rows, random: np.random.Generator) -> torch.Tensor:
        """Return the cross-entropy of each clip, (n,)."""
        return self.costs(self.logits(batch, random), batch)

    def logits(self, batch: Rows, random: np.random.Generator) -> torch.Tensor:
        """Return what the network says of clips, (n, classes)."""
        said: torch.Tensor = self.net(self.pictures[torch.from_numpy(batch)])
        return said

    def costs(self, logits: torch.Tensor, batch: Rows) -> torch.Tensor:
        """Return the cross-entropy of each clip, (n,), weighted so that its mean is the weighted mean."""
        wanted = self.classes[torch.from_numpy(batch)]
        return _costs(logits, wanted, self.weights)

    def held_out_loss(self, examples: Examples) -> float:
        """Return the mean loss on clips that nobody learns from."""
        return mean_loss(self.net, examples, self.plain_weights)

    def keep_best(self) -> int:
        """Put the weights of the best epoch back, and return its number; see `held_out` and `chosen`."""
        (held,) = self.held_out
        self.net.load_state_dict({key.removeprefix(f"{NET}."): w for key, w in held.tracker.best_weights.items()})
        return held.tracker.best_epoch


def _plain(weights: NDArray[np.float32] | None) -> list[float]:
    return [] if weights is None else weights.tolist()


def _costs(logits: torch.Tensor, wanted: torch.Tensor, weights: torch.Tensor | None) -> torch.Tensor:
    costs = F.cross_entropy(logits, wanted, reduction="none")
    if weights is None:
        return costs
    each = weights[wanted]
    return costs * each / each.mean()


def mean_loss(net: nn.Module, examples: Examples, weights: NDArray[np.float32] | None) -> float:
    """Return the mean cross-entropy on clips."""
    logits = torch.from_numpy(logits_of(net, examples.pictures))
    each = None if weights is None else torch.from_numpy(weights)
    return float(_costs(logits, torch.from_numpy(examples.classes), each).mean())


@torch.no_grad()
def logits_of(net: nn.Module, pictures: NDArray[Any]) -> NDArray[np.float32]:
    """Return what a network says of pictures, (n, classes), without dropout."""
    net.eval()
    device = next(net.parameters()).device
    parts: Sequence[Any] = [
        net(torch.from_numpy(pictures[start : start + _SCORED]).to(device)).cpu().numpy()
        for start in range(0, len(pictures), _SCORED)
    ]
    return np.concatenate(parts)
