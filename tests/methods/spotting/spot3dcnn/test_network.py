from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import nn

from mebench.errors import UserError
from mebench.methods.spotting.spot3dcnn.config import LAYERS, Spot3DConfig
from mebench.methods.spotting.spot3dcnn.network import (
    GlobalPool,
    ResidualDense,
    TwoStreamNet,
    build_network,
    first_convolution,
    parameter_count,
    regular_parameter_count,
    stage_shapes,
)
from mebench.settings import build_config

CONFIG = Spot3DConfig()


class VolumeNet(nn.Module):
    """The network as the thesis writes it: one volume of depth four, 3D convolutions, the first striding over depth."""

    def __init__(self, net: TwoStreamNet) -> None:
        super().__init__()
        self.net = net
        layers: list[nn.Module] = []
        for module in net.body.modules():
            if isinstance(module, nn.Conv2d):
                layers.append(self._volume(module, first=not layers))
            elif isinstance(module, nn.BatchNorm2d):
                batch = nn.BatchNorm3d(module.num_features)
                batch.load_state_dict(module.state_dict())
                layers.append(batch)
            elif isinstance(module, nn.ReLU):
                layers.append(nn.ReLU())
        self.layers = nn.Sequential(*layers)

    @staticmethod
    def _volume(flat: nn.Conv2d, first: bool) -> nn.Conv3d:
        k, s, p = flat.kernel_size[0], flat.stride[0], int(flat.padding[0])
        depth = 2 if first else 1
        inputs = 1 if first else flat.in_channels
        volume = nn.Conv3d(
            inputs,
            flat.out_channels,
            (depth, k, k),
            (depth, s, s),
            (0, p, p),
            groups=flat.groups,
            bias=flat.bias is not None,
        )
        weight = flat.weight.data
        volume.weight.data = weight[:, None] if first else weight[:, :, None]
        if flat.bias is not None and volume.bias is not None:
            volume.bias.data = flat.bias.data
        return volume

    def forward(self, stacks: torch.Tensor) -> torch.Tensor:
        maps = self.layers(stacks[:, None])  # (n, 1, 4, h, w) to (n, c, 2, h', w')
        pooled = maps.mean(dim=(3, 4))
        output: torch.Tensor = self.net.head(pooled.transpose(1, 2).reshape(-1, maps.shape[1]))
        return output


@pytest.mark.parametrize("layers", [3, 6])
def test_equals_the_three_dimensional_network_of_the_thesis(layers: int) -> None:
    torch.manual_seed(0)
    net = build_network(dataclasses.replace(CONFIG, layers=layers), 2)
    with torch.no_grad():
        net.train()(torch.randn(4, 4, 112, 112))  # running statistics that are not the trivial ones
        stacks = torch.randn(3, 4, 112, 112)
        assert torch.allclose(net.eval()(stacks), VolumeNet(net).eval()(stacks), atol=1e-5)


@pytest.mark.parametrize("layers", LAYERS)
def test_every_published_depth_builds_and_has_that_many_convolutions(layers: int) -> None:
    config = dataclasses.replace(CONFIG, layers=layers)
    assert len(stage_shapes(config)) == layers
    assert build_network(config, 2).eval()(torch.zeros(1, 4, 112, 112)).shape == (1, 2)


def test_streams_share_their_weights() -> None:
    net = build_network(CONFIG, 2).eval()
    pair = torch.randn(1, 2, 112, 112)
    features = net.pool(net.body(torch.cat([pair, pair]).reshape(-1, 2, 112, 112)))
    assert torch.equal(features[0], features[1])


def test_the_dense_layers_share_their_weights_unless_told_otherwise() -> None:
    shared, own = ResidualDense(8, True, "relu"), ResidualDense(8, False, "relu")
    assert parameter_count(own) == 2 * parameter_count(shared) == 2 * (64 + 8)
    with torch.no_grad():
        for parameter in shared.parameters():
            parameter.zero_()
    features = torch.randn(2, 8)
    assert torch.equal(shared(features), features)  # only the skip connection is left


def test_variants_change_what_they_say() -> None:
    modules = [type(m) for m in build_network(dataclasses.replace(CONFIG, batch_norm=False), 2).modules()]
    assert nn.BatchNorm2d not in modules
    maps = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])
    assert GlobalPool("average")(maps).item() == 3
    assert GlobalPool("max")(maps).item() == 6


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (0.5, 8), (1.0, 16)])
def test_the_asked_share_of_filters_starts_as_differences(share: float, count: int) -> None:
    net = build_network(dataclasses.replace(CONFIG, difference_start=share), 2)
    weight = first_convolution(net).weight
    blind = [bool(torch.equal(kernel[0], -kernel[1])) for kernel in weight]
    assert sum(blind) == count


def test_a_stack_costs_less_than_14_megaflop() -> None:
    net = build_network(CONFIG, 2).eval()
    products = 0

    def count(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        nonlocal products
        weight = module.weight
        assert isinstance(weight, torch.Tensor)
        places = output.numel() // output.shape[1] if output.ndim == 4 else output.shape[0]
        products += places * weight.numel()

    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.register_forward_hook(count)
    net(torch.zeros(1, 4, 112, 112))
    assert 1e6 < 2 * products < 14e6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": "4"}, "not one of 3, 6"),
        ({"filters": "16/32"}, "three|3 positive"),
        ({"dropout": "1"}, "dropout=1 must be at least 0 and below 1"),
        ({"short_range": "9/3"}, "the lower first"),
        ({"long_skip": "0"}, "at least 1 frame"),
        ({"batch_size": "0"}, "at least 1"),
        ({"micro_share": "0.8"}, "sum to 1"),
        ({"layer": "3"}, "Did you mean 'layers'"),
    ],
)
def test_impossible_settings_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        build_config(Spot3DConfig, options, owner="spot3dcnn")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"layers": 6, "batch_norm": False},
        {"filters": (2, 3, 4), "multiplier": 5, "kernels": (5, 3, 3), "layers": 10},
    ],
)
def test_what_separable_convolutions_save(options: dict[str, object]) -> None:
    config = dataclasses.replace(CONFIG, **options)  # type: ignore[arg-type]
    net = build_network(config, 2)
    regular = build_network(config, 2)
    regular.body = nn.Sequential(
        *(
            nn.Sequential(
                nn.Conv2d(shape.inputs, shape.outputs, shape.kernel, bias=not config.batch_norm),
                *([nn.BatchNorm2d(shape.outputs)] if config.batch_norm else []),
            )
            for shape in stage_shapes(config)
        )
    )
    assert regular_parameter_count(net, config) == parameter_count(regular) > parameter_count(net)


def test_the_saving_is_not_the_one_that_the_thesis_names() -> None:
    net = build_network(CONFIG, 2)
    assert (parameter_count(net), regular_parameter_count(net, CONFIG)) == (21_810, 41_602)  # 48%; 5.4.3: "about 10%"
