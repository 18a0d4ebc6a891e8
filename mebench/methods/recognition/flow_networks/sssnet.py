"""sssnet: a shallow single-stream network on flow and strain of 64x64 px.

Varanka, Li, Peng and Zhao, "Data Leakage and Evaluation Issues in Micro-Expression Analysis" (arXiv 2211.11425), and
their library meb.

    u, v, strain 64x64 -> conv 5x5 of 32 -> ReLU -> max pool 3 -> batch normalisation -> dropout of maps
                       -> conv 3x3 of 64 -> ReLU -> batch normalisation -> max pool 2 -> dropout of maps -> 5184
                       -> dense 256 -> ReLU -> dropout -> dense                                1,349,251 parameters
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from torch import nn

from mebench.methods.recognition.flow_networks.config import MEB, NetworkConfig, rendered
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class SSSNetConfig(NetworkConfig):
    """All settings of sssnet."""

    learning_rate: float = setting(1e-4, "step size of Adam", source=MEB)
    weight_decay: float = setting(1e-3, "weight decay", source=MEB)
    batch_size: int = setting(256, "clips a step", source=MEB)
    epochs: int = setting(200, "epochs; the last one is kept", unit="epochs", source=MEB)


class SSSNet(NetworkRecogniser):
    """Two convolutions on flow and strain."""

    id: ClassVar[str] = "sssnet"
    paper: ClassVar[str] = "arXiv:2211.11425"
    Config: ClassVar[type] = SSSNetConfig
    side: ClassVar[int] = 64
    smallest_batch: ClassVar[int] = 2
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(batch_size=85, epochs=100)

    def network(self, classes: int) -> nn.Module:
        """Return the network with fresh weights."""
        return nn.Sequential(
            nn.Conv2d(3, 32, 5), nn.ReLU(), nn.MaxPool2d(3), nn.BatchNorm2d(32), nn.Dropout2d(0.5),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.BatchNorm2d(64), nn.MaxPool2d(2), nn.Dropout2d(0.5), nn.Flatten(),
            nn.Linear(5184, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, classes),
        )  # fmt: skip
