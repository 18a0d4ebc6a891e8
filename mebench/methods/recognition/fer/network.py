"""The body that both heads share, and what it looks at (thesis section 7.2, Figure 7.2).

    grey face -> convolutions 3x3 with stride 2, each with ReLU: 32, 64, 128, 256, 256 filters
              -> mean over places -> dense: 3 outputs (classification) or 1 (regression)

Conventions
-----------
Faces are uint8 (n, side, side). What the network sees is float32 (n, 1, side, side), 0 to 1 before contrast and
brightness are changed, and not cut off afterwards: contrast is a factor on the distance from the face's own mean, as
`tf.image.random_contrast` takes bounds such as the published ones; brightness is added. How weights begin is open too:
as He et al. (2015) have it.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Self

import numpy as np
import torch
from torch import nn

from mebench.methods.recognition.fer.config import FerConfig

MOST_FILTERS = 256
GAIN = 6.0
"""Factor on what the network sees, after 1/2 is subtracted: pale faces, of a contrast of .3, then lie in -1..1."""


@dataclasses.dataclass(frozen=True)
class Changes:
    """How each face of a batch is changed.

    Attributes
    ----------
    brightness : added, shape (n,).
    contrast : factor, shape (n,).
    mirrored : whether left and right are exchanged, bool (n,).
    """

    brightness: torch.Tensor
    contrast: torch.Tensor
    mirrored: torch.Tensor

    @classmethod
    def drawn(cls, count: int, config: FerConfig, random: np.random.Generator) -> Self:
        """Draw them as the settings say."""
        return cls(
            _floats(random.uniform(-config.brightness, config.brightness, count)),
            _floats(random.uniform(config.contrast_low, config.contrast_high, count)),
            torch.from_numpy(random.random(count) < config.flip),
        )


def _floats(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values.astype(np.float32))


def changed(faces: torch.Tensor, changes: Changes) -> torch.Tensor:
    """Return uint8 faces (n, side, side) as the network sees them, with their changes; on the faces' device."""
    device = faces.device
    grey = faces.to(torch.float32) / 255
    mirrored = changes.mirrored.to(device)[:, None, None]
    grey = torch.where(mirrored, grey.flip(2), grey)
    grey = grey + changes.brightness.to(device)[:, None, None]
    return _contrasted(grey, changes.contrast.to(device)[:, None, None])[:, None]


def plain(faces: torch.Tensor, contrast: float) -> torch.Tensor:
    """Return uint8 faces (n, side, side) as the network sees them in validation and tests."""
    return _contrasted(faces.to(torch.float32) / 255, contrast)[:, None]


def _contrasted(grey: torch.Tensor, factor: torch.Tensor | float) -> torch.Tensor:
    mean = grey.mean((1, 2), keepdim=True)
    return (mean + factor * (grey - mean) - 0.5) * GAIN


class FerNetwork(nn.Module):
    """Convolutions with stride 2 and a dense layer; `forward` takes faces as they are tested."""

    def __init__(self, outputs: int, config: FerConfig) -> None:
        super().__init__()
        self.contrast = config.contrast_tested
        widths = [1, *(min(config.filters * 2**i, MOST_FILTERS) for i in range(config.layers))]
        layers: list[nn.Module] = []
        for before, filters in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, filters, 3, stride=2, padding=1), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(widths[-1], outputs)
        for layer in self.body:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                assert layer.bias is not None
                nn.init.zeros_(layer.bias)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Return (n, outputs) of uint8 faces (n, side, side)."""
        return self.said_of(plain(faces, self.contrast))

    def said_of(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (n, outputs) of float pictures (n, 1, side, side)."""
        said: torch.Tensor = self.head(self.body(pictures).mean((2, 3)))
        return said
