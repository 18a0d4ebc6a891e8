"""htnet: a hierarchical transformer on the flow around eyes and mouth corners.

Wang, Zhang, Luo, Sankaranarayana and Du, "HTNet for micro-expression recognition", Neurocomputing 602 (2024)
(arXiv 2307.14637), and the program that they published with it.

    four crops 14x14 of u, v and strain around both eyes and mouth corners, laid out 2x2 as 28x28
    -> patches 7x7, each 147 -> 256: a map of 4x4 tokens
    -> 2 transformer layers in each of 16 blocks -> conv 3x3, layer norm, max pool 3 with step 2 -> 2x2, 512
    -> 2 layers in each of 4 blocks -> the same -> 1x1, 1024 -> 8 layers
    -> layer norm -> mean -> dense                                                            114,429,446 parameters

Conventions
-----------
Blocks of a level are as many as the map has tokens, so **each attention sees one token**: its softmax is 1 whatever
queries and keys are, their weights never change, and what the paper calls self-attention is a 1x1 convolution. The
queries and keys are kept, since they are among the published parameters, and are not computed.

The published .8603 is of the epoch with the best accuracy on each *tested* person; rerun without that, users report
.6484 to .6552. Here the last epoch is kept. The authors find the four points by a detector in the picture of 28 px;
here the face is aligned, so that they lie in the same place of every face.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from mebench.methods.base import RunContext
from mebench.methods.recognition.flow_networks.config import NetworkConfig, rendered
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.pictures import Floats
from mebench.schema.recordings import Clip
from mebench.settings import check_limits, setting

PROGRAM = "Wang 2024, program"
CROP, SIDE, PATCH = 14, 28, 7
POINTS = ((33.0, 30.0), (78.0, 30.0), (37.0, 82.0), (74.0, 82.0))
"""Eyes and mouth corners of an aligned face of 112 px, x and y; the corners are where an average face has them."""
_FACE = 112
_REPEATS = (2, 2, 8)


@dataclasses.dataclass(frozen=True)
class HTNetConfig(NetworkConfig):
    """All settings of htnet."""

    learning_rate: float = setting(5e-5, "step size of Adam", source=PROGRAM)
    batch_size: int = setting(256, "clips a step", source=PROGRAM)
    epochs: int = setting(800, "epochs; the last one is kept", unit="epochs", source=PROGRAM)
    shuffle: bool = setting(
        False, "mix the clips in every epoch; else they are learnt in the order of the dataset", source=PROGRAM
    )
    width: int = setting(256, "width of the first level; the second has twice, the third four times as much",
                         source=PROGRAM)  # fmt: skip
    last_layers: int = setting(8, "transformer layers of the last level; the others have 2", source=PROGRAM)

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values out of range.
        """
        super().__post_init__()
        check_limits(self, "width", least=6)
        check_limits(self, "last_layers", least=1)


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of each place."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return maps (n, channels, h, w), normalised."""
        return F.layer_norm(maps.movedim(1, -1), self.weight.shape, self.weight, self.bias).movedim(-1, 1)


class OneTokenAttention(nn.Module):
    """Attention in blocks of one token: the values, through the last projection.

    Parameters
    ----------
    channels, heads : of the level; a head has channels // heads values.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.inner = channels // heads * heads
        self.queries_keys_values = nn.Conv2d(channels, 3 * self.inner, 1, bias=False)
        self.out = nn.Conv2d(self.inner, channels, 1)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return (n, channels, h, w); softmax(q k) of one token is 1."""
        values = F.conv2d(tokens, self.queries_keys_values.weight[2 * self.inner :])
        said: torch.Tensor = self.out(values)
        return said


class Level(nn.Module):
    """Transformer layers of one level, and the number that is added to each token for its place in its block."""

    def __init__(self, channels: int, heads: int, layers: int) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.randn(1))
        self.layers = nn.ModuleList(
            nn.ModuleList([
                nn.Sequential(ChannelNorm(channels), OneTokenAttention(channels, heads)),
                nn.Sequential(
                    ChannelNorm(channels),
                    nn.Conv2d(channels, 4 * channels, 1), nn.GELU(), nn.Conv2d(4 * channels, channels, 1),
                ),
            ])
            for _ in range(layers)
        )  # fmt: skip

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return (n, channels, h, w)."""
        tokens = tokens + self.place
        for layer in self.layers:
            assert isinstance(layer, nn.ModuleList)
            for part in layer:
                tokens = tokens + part(tokens)
        return tokens


class HTNetwork(nn.Module):
    """The network.

    Parameters
    ----------
    width : of the first level.
    last_layers : of the last level.
    """

    def __init__(self, classes: int, width: int = 256, last_layers: int = 8) -> None:
        super().__init__()
        widths, heads = [width, 2 * width, 4 * width], (3, 6, 12)
        self.embed = nn.Conv2d(3, width, PATCH, stride=PATCH)
        self.levels = nn.ModuleList(
            Level(*level) for level in zip(widths, heads, (*_REPEATS[:-1], last_layers), strict=True)
        )
        self.between = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, padding=1), ChannelNorm(b), nn.MaxPool2d(3, 2, 1))
            for a, b in itertools.pairwise(widths)
        )
        self.norm = ChannelNorm(widths[-1])
        self.output = nn.Linear(widths[-1], classes)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (n, classes) of pictures (n, 3, 28, 28)."""
        tokens = self.embed(pictures)
        for i, level in enumerate(self.levels):
            tokens = level(tokens)
            if i < len(self.between):
                tokens = self.between[i](tokens)
        said: torch.Tensor = self.output(self.norm(tokens).mean((2, 3)))
        return said


def centres(margin: float) -> list[tuple[int, int]]:
    """Return row and column of the middle of each crop in a map of 28 px, kept within 7..21.

    Parameters
    ----------
    margin : of the crop that the flow is of, see `FaceView`.
    """
    scale = SIDE / (_FACE * (1 + 2 * margin))
    middle = (_FACE - 1) / 2
    at = [((y - middle) * scale + SIDE / 2, (x - middle) * scale + SIDE / 2) for x, y in POINTS]
    half = CROP // 2
    return [(round(min(max(row, half), SIDE - half)), round(min(max(column, half), SIDE - half))) for row, column in at]


def laid_out(maps: Floats, margin: float) -> Floats:
    """Return the crops of maps (28, 28, channels), laid out 2x2: eyes above, mouth corners below."""
    half = CROP // 2
    crops = [maps[r - half : r + half, c - half : c + half] for r, c in centres(margin)]
    return np.vstack([np.hstack(crops[:2]), np.hstack(crops[2:])])


class HTNet(NetworkRecogniser):
    """Hierarchical transformer, each attention of which sees one token."""

    config: HTNetConfig
    id: ClassVar[str] = "htnet"
    paper: ClassVar[str] = "arXiv:2307.14637"
    Config: ClassVar[type] = HTNetConfig
    side: ClassVar[int] = SIDE
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(batch_size=85, epochs=100, width=48, last_layers=2)

    def network(self, classes: int) -> nn.Module:
        """Return the network with fresh weights."""
        return HTNetwork(classes, self.config.width, self.config.last_layers)

    def maps(self, clip: Clip, context: RunContext) -> Floats:
        """Return the crops of u, v and strain, (28, 28, 3)."""
        config = self.config_for(clip)
        return laid_out(super().maps(clip, context), 0.0 if config.crop == "whole" else config.margin)

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Tell of an apex that is spotted, and of what is taken for eyes and mouth where no face is found."""
        if self.config_for(recording).crop != "whole":
            return super().notes(recording)
        return (*super().notes(recording), "Eyes and mouth are taken to lie as in an aligned face (crop=whole).")
