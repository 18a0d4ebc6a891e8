"""The two-stream 3D-CNN (thesis 5.4.2, 5.4.3, Figures 5.5 and 5.6), computed with two-dimensional convolutions.

Conventions
-----------
A sample is four normalised grey frames, float32 (4, height, width): a (reference, current) pair with the short skip,
then one with the long skip. The thesis stacks them along the depth of one volume; its first 3D kernel spans two
frames and strides over two, and no later kernel spans more than one. Both streams therefore pass through the same
weights, and the first 3D convolution equals a 2D convolution over a pair as two channels: `TwoStreamNet` runs the
streams as a batch of twice the size. Outputs are logits; the sigmoid is applied by the loss and by the scorer.

Constraint: the thesis says that depthwise separable convolutions have "about 10%" fewer parameters than regular ones
(5.4.3), the only number on the size of its network. With the filters and kernels that mebench chose the saving is
larger, see `regular_parameter_count`; few filters against the dense layers, or smaller kernels, would give 10%.
"""

from __future__ import annotations

import dataclasses

import torch
from torch import nn

from mebench.methods.spotting.spot3dcnn.config import NetworkConfig

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU}


@dataclasses.dataclass(frozen=True)
class Shape:
    """What `ConvBlock` needs to know about one convolution."""

    inputs: int
    outputs: int
    kernel: int
    stride: int
    multiplier: int = 1
    groups: int | None = None


class ChannelsLast(nn.Module):
    """Orders maps so that the values of one place lie side by side, which depthwise convolutions on a CPU want.

    It stands after the first convolution, whose two input channels are slower in that order.
    """

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return the same values in the other order."""
        return maps.contiguous(memory_format=torch.channels_last)


class ConvBlock(nn.Sequential):
    """Depthwise convolution, pointwise convolution, batch normalisation, activation, dropout of whole maps.

    Over a pair of frames (`Shape.groups` 1) the depthwise part is the thesis's 3D kernel of depth two on its single
    input channel, with `Shape.multiplier` filters.
    """

    def __init__(self, shape: Shape, config: NetworkConfig) -> None:
        groups = shape.inputs if shape.groups is None else shape.groups
        middle = shape.multiplier if groups == 1 else shape.inputs
        edge = shape.kernel // 2
        parts: list[nn.Module] = [
            nn.Conv2d(shape.inputs, middle, shape.kernel, shape.stride, edge, groups=groups, bias=False),
            nn.Conv2d(middle, shape.outputs, 1, bias=not config.batch_norm),
        ]
        if groups == 1:
            parts.insert(1, ChannelsLast())
        if config.batch_norm:
            parts.append(nn.BatchNorm2d(shape.outputs))
        parts += [ACTIVATIONS[config.activation](), nn.Dropout2d(config.dropout)]
        super().__init__(*parts)


class GlobalPool(nn.Module):
    """Average or largest value of every map: (n, c, h, w) to (n, c)."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Pool over space."""
        return maps.mean(dim=(2, 3)) if self.kind == "average" else maps.amax(dim=(2, 3))


class ResidualDense(nn.Module):
    """Two fully connected layers around which the input is added again; by default both use the same weights."""

    def __init__(self, width: int, share: bool, activation: str) -> None:
        super().__init__()
        self.first = nn.Linear(width, width)
        self.second = self.first if share else nn.Linear(width, width)
        self.activation = ACTIVATIONS[activation]()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return features of the same shape (n, width)."""
        hidden = self.activation(self.first(features))
        return features + self.activation(self.second(hidden))


class TwoStreamNet(nn.Module):
    """Convolutions with shared weights for both pairs, pooling, concatenation, residual dense layer, logits.

    Parameters
    ----------
    body : module from pairs of frames (n, 2, h, w) to maps (n, width, h', w').
    width : number of maps.
    outputs : 2 (micro, macro) or 1 (movement).
    """

    def __init__(self, body: nn.Module, width: int, outputs: int, config: NetworkConfig) -> None:
        super().__init__()
        self.body = body
        self.pool = GlobalPool(config.pooling)
        self.dropout = nn.Dropout(config.dense_dropout)
        self.dense = ResidualDense(2 * width, config.share_dense, config.activation)
        self.output = nn.Linear(2 * width, outputs)

    def forward(self, stacks: torch.Tensor) -> torch.Tensor:
        """Return logits (n, outputs) of four-frame stacks (n, 4, h, w)."""
        pairs = stacks.reshape(-1, 2, *stacks.shape[2:])
        return self.head(self.pool(self.body(pairs)))

    def head(self, pooled: torch.Tensor) -> torch.Tensor:
        """Return logits (n, outputs) of pooled features (2n, width), the streams of each sample side by side."""
        features: torch.Tensor = self.output(self.dense(self.dropout(pooled.reshape(-1, 2 * pooled.shape[1]))))
        return features


def stage_shapes(config: NetworkConfig) -> list[Shape]:
    """Return the convolutions of a network: `layers` of them over three stages, each stage opening with its stride."""
    depth = [config.layers // 3 + (stage < config.layers % 3) for stage in range(3)]
    shapes: list[Shape] = []
    inputs = 2
    for stage, count in enumerate(depth):
        for position in range(count):
            first = not shapes
            shapes.append(
                Shape(
                    inputs,
                    config.filters[stage],
                    config.kernels[stage] if position == 0 else 3,
                    config.strides[stage] if position == 0 else 1,
                    multiplier=config.multiplier,
                    groups=1 if first else None,
                )
            )
            inputs = config.filters[stage]
    return shapes


def build_network(config: NetworkConfig, outputs: int) -> TwoStreamNet:
    """Build the network of chapter 5 with freshly drawn weights from torch's global random state."""
    blocks = [ConvBlock(shape, config) for shape in stage_shapes(config)]
    body = nn.Sequential(*blocks)
    net = TwoStreamNet(body, config.filters[-1], outputs, config)
    first, pointwise = (part for part in blocks[0] if isinstance(part, nn.Conv2d))
    start_as_differences(first, config.difference_start, pointwise)
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def first_convolution(net: nn.Module) -> nn.Conv2d:
    """Return the convolution that sees the pairs of frames."""
    return next(module for module in net.modules() if isinstance(module, nn.Conv2d))


@torch.no_grad()
def start_as_differences(convolution: nn.Conv2d, share: float, pointwise: nn.Conv2d | None = None) -> None:
    """Make the first `share` of the filters opposite in sign on the two frames, so that they start as differences.

    A pointwise convolution that follows starts without mixing those filters with the others. Otherwise the standing
    texture of a face, ten times as strong as a micro-expression, drowns movement for many epochs. All weights remain
    free.
    """
    count = round(share * convolution.out_channels)
    convolution.weight[:count, 0] = -convolution.weight[:count, 1]
    if pointwise is not None:
        rows = round(share * pointwise.out_channels)
        pointwise.weight[:rows, count:] = 0
        pointwise.weight[rows:, :count] = 0


def parameter_count(net: nn.Module) -> int:
    """Return the number of trained parameters, shared ones counted once."""
    return sum(parameter.numel() for parameter in net.parameters())


def regular_parameter_count(net: TwoStreamNet, config: NetworkConfig) -> int:
    """Return the number of parameters that a network of `build_network` would have with regular convolutions.

    The first of them spans both frames of a pair; the 1x1 convolutions are gone.
    """
    convolutions = [module for module in net.body.modules() if isinstance(module, nn.Conv2d)]
    separable = sum(parameter_count(convolution) for convolution in convolutions)
    biases = 0 if config.batch_norm else 1
    regular = sum(shape.outputs * (shape.inputs * shape.kernel**2 + biases) for shape in stage_shapes(config))
    return parameter_count(net) - separable + regular
