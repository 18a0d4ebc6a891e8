"""dual_inception: two paths of inception blocks, one for each component of the flow to the middle frame.

Zhou, Mao and Xue, "Dual-Inception Network for Cross-Database Micro-Expression Recognition", FG 2019, and the program
that they published with it.

    u (v) 28x28, three times -> inception of 4 x 6 -> max pool 2 -> inception of 4 x 16 -> max pool 2 -> 3136
    both paths, 6272 -> dense 1024 -> ReLU -> dense                                           6,449,963 parameters

Conventions
-----------
Flow goes from the onset to the *middle* between onset and offset, so that no apex is needed. The epoch is chosen as
published, by the lowest loss on a fifth of the people to learn from; who they are is drawn by the run. The program then
repeats the whole experiment a hundred times, and the paper does not say which repetition it reports.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

import torch
from torch import nn

from mebench.faces.clip_inputs.flows import flow_sequence
from mebench.methods.base import RunContext
from mebench.methods.recognition.flow_networks.config import NetworkConfig
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.pictures import Floats
from mebench.schema.recordings import Clip
from mebench.settings import setting

PROGRAM = "Zhou 2019, program"


@dataclasses.dataclass(frozen=True)
class DualInceptionConfig(NetworkConfig):
    """All settings of dual_inception."""

    learning_rate: float = setting(1e-4, "step size of Adam", source=PROGRAM)
    batch_size: int = setting(3, "clips a step", source=PROGRAM)
    epochs: int = setting(40, "epochs; the one with the lowest validation loss is kept", unit="epochs", source=PROGRAM)
    class_weights: Literal["none", "balanced"] = setting(
        "balanced",
        "balanced: the loss of a clip is divided by the share of its class among the training clips",
        source=PROGRAM,
    )


class Inception(nn.Module):
    """Four branches of `width` filters: 1x1; 1x1 then 3x3; 1x1 then 5x5; max pool 3 then 1x1."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList([
            nn.Sequential(nn.Conv2d(channels, width, 1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(channels, width, 1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(channels, width, 1), nn.ReLU(), nn.Conv2d(width, width, 5, padding=2), nn.ReLU()),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(channels, width, 1), nn.ReLU()),
        ])  # fmt: skip

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return (n, 4 width, height, width) of maps (n, channels, height, width)."""
        return torch.cat([branch(maps) for branch in self.branches], dim=1)


class DualInceptionNetwork(nn.Module):
    """A path for u, a path for v, and two dense layers; weights begin as Keras' do (Glorot, uniform; biases 0)."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.paths = nn.ModuleList(
            nn.Sequential(Inception(3, 6), nn.MaxPool2d(2), Inception(24, 16), nn.MaxPool2d(2), nn.Flatten())
            for _ in range(2)
        )
        self.hidden = nn.Linear(2 * 64 * 7 * 7, 1024)
        self.output = nn.Linear(1024, classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                assert layer.bias is not None
                nn.init.zeros_(layer.bias)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (n, classes) of pictures (n, 2, 28, 28); a component is what three channels of a path see."""
        seen = [path(pictures[:, i : i + 1].expand(-1, 3, -1, -1)) for i, path in enumerate(self.paths)]
        said: torch.Tensor = self.output(torch.relu(self.hidden(torch.cat(seen, dim=1))))
        return said


class DualInception(NetworkRecogniser):
    """Inception blocks on u and v."""

    id: ClassVar[str] = "dual_inception"
    paper: ClassVar[str] = "10.1109/FG.2019.8756579"
    validation: ClassVar[Literal["none", "pair", "held_out"]] = "held_out"
    Config: ClassVar[type] = DualInceptionConfig
    channels: ClassVar[int] = 2

    def network(self, classes: int) -> nn.Module:
        """Return the network with fresh weights."""
        return DualInceptionNetwork(classes)

    def maps(self, clip: Clip, context: RunContext) -> Floats:
        """Return u and v from the onset to the middle of the clip, (28, 28, 2)."""
        return flow_sequence(clip, context.cache, self.view(clip), 2)[0]

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Return nothing: no apex is looked at."""
        return ()
