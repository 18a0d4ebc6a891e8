"""off_apexnet: two convolutions on the flow between onset and apex.

Gan, Liong, Yau, Huang and Tan, "OFF-ApexNet on micro-expression recognition system", Signal Processing: Image
Communication 74 (2019), in the form of meb (Varanka et al., arXiv 2211.11425), whose numbers are of the last epoch.

    u, v 28x28 -> conv 3x3 of 6, edge 1 -> ReLU -> max pool 2 -> conv 3x3 of 16, edge 1 -> ReLU -> max pool 2 -> 784
               -> dropout -> dense 1024 -> ReLU -> dropout -> dense                              807,909 parameters

Conventions
-----------
The paper's own network has one such path for u and one for v, with 5x5 filters, and two dense layers on both together.
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
class OffApexNetConfig(NetworkConfig):
    """All settings of off_apexnet."""

    learning_rate: float = setting(1e-4, "step size of Adam", source=MEB)
    weight_decay: float = setting(1e-3, "weight decay", source=MEB)
    epochs: int = setting(3000, "epochs; the last one is kept", unit="epochs", source=MEB)


class OffApexNet(NetworkRecogniser):
    """Two convolutions on u and v."""

    id: ClassVar[str] = "off_apexnet"
    paper: ClassVar[str] = "10.1016/j.image.2019.02.005"
    Config: ClassVar[type] = OffApexNetConfig
    channels: ClassVar[int] = 2
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(batch_size=85, epochs=1000)

    def network(self, classes: int) -> nn.Module:
        """Return the network with fresh weights."""
        return nn.Sequential(
            nn.Conv2d(2, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Dropout(0.5), nn.Linear(784, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, classes),
        )  # fmt: skip
