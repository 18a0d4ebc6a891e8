"""rcn_a: a recurrent convolutional network with attention that has no parameters of its own.

Xia, Peng, Khor, Feng and Zhao, "Revealing the Invisible with Model and Data Shrinking for Composite-database
Micro-expression Recognition", IEEE TIP 2020 (arXiv 2006.09674), and the program that they published with it.

    u, v, strain -> conv 5x5 -> BN -> ReLU -> max pool 2 -> dropout                                             = x
    x -> conv 1x1 -> BN -> ReLU = y;  twice, with the same weights: conv 3x3 of x + y -> BN -> ReLU = y
      -> max pool 2 -> dropout -> mean pool to 7x7, times the attention -> dense
    attention: mean pool of x to 7x7, for each class times its weights in the dense layer, mean over the maps,
               stretched to 0..1; the mean over the classes

Conventions
-----------
The program's defaults are 64 maps, 7x7 and 100 epochs, its instructions say 32 maps, 5x5 and 20; the first are the
defaults here. No text that we have says how large its pictures are: with 60 px all pools are whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, StepLR

from mebench.methods.nets.optimisers import make_optimiser
from mebench.methods.recognition.flow_networks.config import NetworkConfig, rendered
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.settings import check_limits, setting

PROGRAM = "Xia 2020, program"
_SIDE = 60
_FLAT = 1e-12
"""A map of attention that varies less is taken as flat, all 0, where the program divides by 0."""


@dataclasses.dataclass(frozen=True)
class RcnAConfig(NetworkConfig):
    """All settings of rcn_a."""

    learning_rate: float = setting(5e-4, "first step size of gradient descent", source=PROGRAM)
    batch_size: int = setting(64, "clips a step", source=PROGRAM)
    epochs: int = setting(100, "epochs; the last one is kept", unit="epochs", source=PROGRAM)
    momentum: float = setting(0.9, "momentum", source=PROGRAM)
    halve_after: int = setting(10, "the step size is halved after so many epochs", unit="epochs", source=PROGRAM)
    maps: int = setting(64, "filters of each convolution", source=PROGRAM)
    pool: int = setting(7, "side of what the dense layer sees", source=PROGRAM)

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values out of range.
        """
        super().__post_init__()
        check_limits(self, "halve_after", "maps", "pool", least=1)
        check_limits(self, "momentum", least=0, below=1)


def _layer(channels: int, maps: int, size: int, edge: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, maps, size, padding=edge), nn.BatchNorm2d(maps), nn.ReLU())


class RcnANetwork(nn.Module):
    """The network; weights begin as the authors' do.

    Parameters
    ----------
    maps : filters of each convolution.
    pool : side of what the dense layer sees.
    """

    def __init__(self, classes: int, maps: int = 64, pool: int = 7) -> None:
        super().__init__()
        self.first = _layer(3, maps, 5, 0)
        self.straight = _layer(maps, maps, 1, 0)
        self.again = _layer(maps, maps, 3, 1)
        self.narrow = nn.Sequential(nn.MaxPool2d(2), nn.Dropout(0.5))
        self.pool = nn.AdaptiveAvgPool2d(pool)
        self.output = nn.Linear(maps * pool * pool, classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
        nn.init.normal_(self.output.weight, 0, 0.01)
        nn.init.zeros_(self.output.bias)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (n, classes) of pictures (n, 3, side, side)."""
        x = self.narrow(self.first(pictures))
        y = self.again(x + self.straight(x))
        y = self.again(x + y)
        seen = self.pool(self.narrow(y)) * self.attention(self.pool(x))
        said: torch.Tensor = self.output(seen.flatten(1))
        return said

    def attention(self, x: torch.Tensor) -> torch.Tensor:
        """Return the attention (n, 1, pool, pool) of maps (n, maps, pool, pool)."""
        weights = self.output.weight.view(-1, *x.shape[1:])
        classes = torch.einsum("nmij,cmij->ncij", x, weights) / x.shape[1]
        above = classes - classes.amin((2, 3), keepdim=True)
        return (above / above.amax((2, 3), keepdim=True).clamp_min(_FLAT)).mean(1, keepdim=True)


class RcnA(NetworkRecogniser):
    """Recurrent convolutions and attention on flow and strain."""

    config: RcnAConfig
    id: ClassVar[str] = "rcn_a"
    paper: ClassVar[str] = "arXiv:2006.09674"
    Config: ClassVar[type] = RcnAConfig
    side: ClassVar[int] = _SIDE
    smallest_batch: ClassVar[int] = 2
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(batch_size=21, epochs=50, maps=32)

    def network(self, classes: int) -> nn.Module:
        """Return the network with fresh weights."""
        return RcnANetwork(classes, self.config.maps, self.config.pool)

    def optimiser(self, net: nn.Module) -> tuple[Optimizer, LRScheduler | None]:
        """Return gradient descent with momentum, whose step is halved every `halve_after` epochs."""
        config = self.config
        optimiser = make_optimiser(
            "sgd", net.parameters(), config.learning_rate, weight_decay=config.weight_decay, momentum=config.momentum
        )
        return optimiser, StepLR(optimiser, config.halve_after, 0.5)
