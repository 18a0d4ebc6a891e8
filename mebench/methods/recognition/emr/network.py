"""ResNet-18 with a head for the upper and one for the lower part of the face, and an adversary.

    picture -> ResNet-18 -> 512 maps, 7x7 -> mean of the 4 upper rows -> dense, and
                                          -> mean of the 4 lower rows -> dense: the mean of both
    both means, 1024 -> gradient reversed -> dense 256 -> ReLU -> dense: which dataset

Conventions
-----------
Pictures are uint8 (n, 3, side, side), RGB. The adversary tells the dataset of a clip; its gradient is reversed on its
way into the body, which so learns what says nothing of the dataset (Ganin et al., JMLR 17, 2016).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from mebench.methods.recognition.mie_x.resnet import FEATURES, ResNet18

_WIDTH = 256


class Reversed(torch.autograd.Function):
    """The identity whose gradient is multiplied by a negative number."""

    @staticmethod
    def forward(ctx: Any, values: torch.Tensor, factor: float) -> torch.Tensor:
        """Return the values."""
        ctx.factor = factor
        return values.view_as(values)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Return the gradient, turned round."""
        return -ctx.factor * gradients[0], None


class PartNetwork(nn.Module):
    """The body, a head for each part, and the adversary.

    Parameters
    ----------
    classes, domains : what is told apart.
    adversary : how strongly its reversed gradient counts at the end of the training.
    """

    def __init__(self, classes: int, domains: int = 1, adversary: float = 0.0) -> None:
        super().__init__()
        self.adversary = adversary
        self.body = ResNet18()
        self.heads = nn.ModuleList(nn.Linear(FEATURES, classes) for _ in range(2))
        self.domain = nn.Sequential(nn.Linear(2 * FEATURES, _WIDTH), nn.ReLU(), nn.Linear(_WIDTH, domains))

    def parts(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return the features of the upper and of the lower part, (n, 2, 512); a middle row counts in both."""
        maps = self.body.maps(pictures.float() / 127.5 - 1)
        rows = (maps.shape[2] + 1) // 2
        return torch.stack([maps[:, :, :rows].mean((2, 3)), maps[:, :, -rows:].mean((2, 3))], dim=1)

    def said_of(self, parts: torch.Tensor) -> torch.Tensor:
        """Return what each head says, (2, n, classes)."""
        return torch.stack([head(parts[:, i]) for i, head in enumerate(self.heads)])

    def domains_of(self, parts: torch.Tensor, factor: float) -> torch.Tensor:
        """Return what the adversary says, (n, domains); its gradient goes back times minus `factor`."""
        turned: Any = Reversed.apply(parts.flatten(1), factor)  # type: ignore[no-untyped-call]
        said: torch.Tensor = self.domain(turned)
        return said

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (n, classes), the mean of both heads."""
        return self.said_of(self.parts(pictures)).mean(0)
