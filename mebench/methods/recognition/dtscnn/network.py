"""Two shallow streams of 3D convolutions on one sequence of flow, each at its own frame rate.

    every flow  -> stream -> 512
    every k-th  -> stream -> 512, together 1024 -> dropout -> dense -> ReLU -> dropout -> dense
    stream: conv 3x3x3 of 8 -> BN -> ReLU -> the same of 16 -> the same of 32, each with step 2 -> mean over time

Conventions
-----------
Flow is (n, 2, frames, 28, 28). Steps halve what pooling would: the gradient of 3D pooling differs from run to run on a
GPU. Every frame rate ends in as many features, since time is averaged over.
"""

from __future__ import annotations

import torch
from torch import nn

SIDE = 28
FILTERS = (8, 16, 32)
FEATURES = FILTERS[-1] * 4 * 4
"""Of one stream: a side of 28 px is halved thrice, to 4."""


def stream() -> nn.Sequential:
    """Return one stream with fresh weights: (n, 2, t, 28, 28) -> (n, 32, t / 8, 4, 4)."""
    layers: list[nn.Module] = []
    for channels, maps in zip((2, *FILTERS), FILTERS, strict=False):
        layers += [nn.Conv3d(channels, maps, 3, stride=2, padding=1, bias=False), nn.BatchNorm3d(maps), nn.ReLU()]
    return nn.Sequential(*layers)


class DualScale(nn.Module):
    """Both streams and the dense layers.

    Parameters
    ----------
    classes : that the last layer tells apart.
    every : the slower stream sees every so manieth flow.
    width : of the dense layer whose values the machines see.
    """

    def __init__(self, classes: int, every: int, width: int) -> None:
        super().__init__()
        self.every = every
        self.fast, self.slow = stream(), stream()
        self.dense = nn.Linear(2 * FEATURES, width)
        self.dropout = nn.Dropout(0.5)
        self.output = nn.Linear(width, classes)

    def features(self, flows: torch.Tensor) -> torch.Tensor:
        """Return what the machines see, (n, width), of flow (n, 2, frames, 28, 28)."""
        x = flows.float()
        slower = x[:, :, self.every - 1 :: self.every]
        seen = [part(shown).mean(2).flatten(1) for part, shown in ((self.fast, x), (self.slow, slower))]
        made: torch.Tensor = torch.relu(self.dense(self.dropout(torch.cat(seen, dim=1))))
        return made

    def forward(self, flows: torch.Tensor) -> torch.Tensor:
        """Return (n, classes) of flow (n, 2, frames, 28, 28)."""
        said: torch.Tensor = self.output(self.dropout(self.features(flows)))
        return said
