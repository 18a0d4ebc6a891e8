"""ststnet: the shallow triple-stream three-dimensional network (Liong et al., FG 2019).

Liong, Gan, See, Khor and Huang, "Shallow Triple Stream Three-dimensional CNN (STSTNet) for Micro-expression
Recognition", FG 2019 (arXiv 1902.03634).

    u, v, strain 28x28 -> three convolutions 3x3 of 3, 5 and 8 filters, edge 2, each -> ReLU -> batch normalisation
                       -> max pool 3, edge 1 -> dropout; together 16x10x10
                       -> mean pool 2 -> 400 -> dense                                              1,683 parameters

Conventions
-----------
Settings are those of the paper; the authors' Python program trains 800 epochs in the order of the clips on pictures of
0..255. The last epoch is kept. The three streams see the same picture, so that they are one convolution of 16 filters,
of which the first 3, the next 5 and the last 8 are theirs; on a processor training takes the way of `streams`.

The published UAR of .7605 is the unweighted average *precision* of the authors' log; its recall is .7186 (UF1 .7353).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from mebench.methods.recognition.flow_networks.config import NetworkConfig, rendered
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.streams import WINDOWS, Workspace, phases_of, pooled, rows_of
from mebench.methods.recognition.flow_networks.training import PictureTrainer, Rows
from mebench.settings import setting

PAPER = "Liong 2019"
PROGRAM = "Liong 2019, program"
FILTERS = (3, 5, 8)
_NARROW = 2


@dataclasses.dataclass(frozen=True)
class STSTNetConfig(NetworkConfig):
    """All settings of ststnet."""

    learning_rate: float = setting(5e-5, "step size of Adam", source=PAPER)
    batch_size: int = setting(256, "clips a step", source=PAPER)
    epochs: int = setting(500, "epochs; the last one is kept", unit="epochs", source=PAPER)
    shuffle: bool = setting(
        False, "mix the clips in every epoch; else they are learnt in the order of the dataset", source=PROGRAM
    )


class STSTNetwork(nn.Module):
    """The network; its three streams are one convolution."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        filters = sum(FILTERS)
        self.streams = nn.Conv2d(3, filters, 3, padding=2)
        self.norm = nn.BatchNorm2d(filters)
        self.output = nn.Linear(filters * (WINDOWS // _NARROW) ** 2, classes)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (n, classes) of pictures (n, 3, 28, 28)."""
        maps = F.max_pool2d(self.norm(torch.relu(self.streams(pictures))), 3, 3, 1)
        features = F.avg_pool2d(F.dropout(maps, 0.5, self.training), _NARROW)
        said: torch.Tensor = self.output(features.flatten(1))
        return said

    def fast(self, phases: torch.Tensor, work: Workspace, kept: torch.Tensor) -> torch.Tensor:
        """Return the same in training; see `streams`.

        Parameters
        ----------
        phases : of `phases_of`.
        kept : which of the pooled values are not dropped, 0 or 1, (n, 1600), ordered by place, then filter.

        Returns
        -------
        (n, classes). Means of 2x2 values before a dense layer are a dense layer on all values.
        """
        values = pooled(phases, self.streams, self.norm, work).flatten(1)
        side, classes, filters = WINDOWS // _NARROW, self.output.out_features, sum(FILTERS)
        narrow = self.output.weight.view(classes, filters, side, 1, side, 1).permute(0, 2, 3, 4, 5, 1)
        weight = narrow.expand(classes, side, _NARROW, side, _NARROW, filters).flatten(1) * (2 / _NARROW**2)
        return F.linear(values * kept, weight, self.output.bias)


class StreamTrainer(PictureTrainer):
    """Trains ststnet by `STSTNetwork.fast`; what is dropped comes from the epoch's stream, a bit a value."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.phases = phases_of(self.pictures)
        self._work: dict[int, Workspace] = {}

    def logits(self, batch: Rows, random: np.random.Generator) -> torch.Tensor:
        """Return what the network says of clips in training, (n, classes)."""
        net = self.net
        assert isinstance(net, STSTNetwork)
        if not (net.norm.weight > 0).all():  # the order of values would be turned round
            return super().logits(batch, random)
        count, filters = len(batch), sum(FILTERS)
        if count not in self._work:
            self._work[count] = Workspace(count, filters)
        kept = kept_values(random, count, WINDOWS**2 * filters)
        return net.fast(rows_of(self.phases, batch), self._work[count], kept)


def kept_values(random: np.random.Generator, clips: int, values: int) -> torch.Tensor:
    """Draw which values are not dropped, each with probability 1/2, float32 0 or 1, (clips, values)."""
    drawn = np.frombuffer(random.bytes(clips * values // 8), np.uint8)
    return torch.from_numpy(np.unpackbits(drawn)).view(clips, values).float()


class STSTNet(NetworkRecogniser):
    """Shallow triple-stream network on flow and strain."""

    id: ClassVar[str] = "ststnet"
    paper: ClassVar[str] = "arXiv:1902.03634"
    Config: ClassVar[type] = STSTNetConfig
    smallest_batch: ClassVar[int] = 2
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(batch_size=85)

    def network(self, classes: int) -> STSTNetwork:
        """Return the network with fresh weights."""
        return STSTNetwork(classes)

    def trainer_class(self, device: str) -> type[PictureTrainer]:
        """Return the training: on a processor the fast one."""
        return StreamTrainer if device == "cpu" else PictureTrainer
