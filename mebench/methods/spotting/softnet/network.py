"""The network: three shallow streams, one for each channel of a picture of flow (Liong 2021, Figure 2).

Conventions
-----------
A batch is float32 (n, 3, 42, 42), channels u, v and strain; the output is one score a picture, (n,), which is trained
towards 1 for a picture of an expression and 0 for another, and is bound to no range.

    channel -> conv 5x5 -> ReLU -> max pool 3    with 3, 5 and 8 filters: (n, 16, 14, 14) together
            -> max pool 2 -> 784 -> dense 400 -> ReLU -> dense 1                       314,817 parameters
"""

from __future__ import annotations

import torch
from torch import nn

from mebench.methods.spotting.softnet.pictures import SIDE

FILTERS = (3, 5, 8)
"""Filters of the streams of u, v and strain."""
WIDTH = 400
"""Units of the dense layer."""


class Softnet(nn.Module):
    """Three streams and two dense layers; weights begin as the authors' do (Glorot, uniform; biases 0)."""

    def __init__(self) -> None:
        super().__init__()
        self.streams = nn.ModuleList(nn.Conv2d(1, count, 5, padding=2) for count in FILTERS)
        self.pool = nn.MaxPool2d(3)
        self.narrow = nn.MaxPool2d(2)
        self.hidden = nn.Linear(sum(FILTERS) * (SIDE // 3 // 2) ** 2, WIDTH)
        self.output = nn.Linear(WIDTH, 1)
        for layer in (*self.streams, self.hidden, self.output):
            assert isinstance(layer, nn.Conv2d | nn.Linear)
            nn.init.xavier_uniform_(layer.weight)
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return the scores (n,) of pictures (n, 3, 42, 42)."""
        maps = [self.pool(stream(pictures[:, i : i + 1])) for i, stream in enumerate(self.streams)]
        features = self.narrow(torch.relu(torch.cat(maps, dim=1))).flatten(1)  # what is largest stays so after a ReLU
        scores: torch.Tensor = self.output(torch.relu(self.hidden(features))).squeeze(1)
        return scores
