"""ResNet-18 without its last layer (He et al., CVPR 2016), with the names of weights that torchvision gives them.

pictures -> conv 7x7 of 64, step 2 -> BN -> ReLU -> max pool 3, step 2
         -> two blocks each of 64, 128, 256 and 512 maps, the last three halving the size -> mean    11,176,512
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

from mebench.errors import UserError

FEATURES = 512
_LAST = ("fc.weight", "fc.bias")


def _convolution(channels: int, maps: int, size: int, step: int) -> nn.Conv2d:
    return nn.Conv2d(channels, maps, size, step, padding=size // 2, bias=False)


class Block(nn.Module):
    """Two convolutions 3x3, and the way around them."""

    def __init__(self, channels: int, maps: int, step: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = _convolution(channels, maps, 3, step), nn.BatchNorm2d(maps)
        self.conv2, self.bn2 = _convolution(maps, maps, 3, 1), nn.BatchNorm2d(maps)
        self.downsample: nn.Module = nn.Identity()
        if step != 1 or channels != maps:
            self.downsample = nn.Sequential(_convolution(channels, maps, 1, step), nn.BatchNorm2d(maps))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (n, maps, h / step, w / step) of (n, channels, h, w)."""
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + self.downsample(x))


class ResNet18(nn.Module):
    """The body; weights begin as torchvision's do."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = _convolution(3, 64, 7, 2), nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        widths, steps = (64, 64, 128, 256, 512), (1, 2, 2, 2)
        for number, step in enumerate(steps, start=1):
            before, maps = widths[number - 1 : number + 1]
            setattr(self, f"layer{number}", nn.Sequential(Block(before, maps, step), Block(maps, maps, 1)))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")

    def maps(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return the last maps (n, 512, h / 32, w / 32), sides rounded up, of pictures (n, 3, h, w)."""
        x: torch.Tensor = self.maxpool(torch.relu(self.bn1(self.conv1(pictures))))
        for number in range(1, 5):
            x = getattr(self, f"layer{number}")(x)
        return x

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return features (n, 512) of pictures (n, 3, h, w)."""
        return self.maps(pictures).mean((2, 3))


def read_weights(path: Path) -> Mapping[str, torch.Tensor]:
    """Return the weights of a body from a file of torchvision's ResNet-18; nothing in the file is executed.

    Parameters
    ----------
    path : `.safetensors`, or a state dictionary that `torch.save` has written.

    Raises
    ------
    UserError : when there is no such file, or it holds no weights of a ResNet-18.
    """
    if not path.is_file():
        raise UserError(f"There is no file {path} of ResNet-18 weights: give weights=FILE, or leave it out.")
    try:
        read: Any = load_file(path) if path.suffix == ".safetensors" else torch.load(path, "cpu", weights_only=True)
        weights = {name: value for name, value in read.items() if name not in _LAST}
        ResNet18().load_state_dict(weights)
    except Exception as error:
        raise UserError(
            f"{path} holds no weights of torchvision's resnet18: give its state dictionary as torchvision publishes it."
        ) from error
    return weights
