"""Grad-CAM and guided backpropagation on networks that are small enough to be worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn import functional

from mebench.methods.nets.explain import convolutions, dense_cam, grad_cam, guided_backprop, guided_gradient


def pointwise(weights: list[list[float]]) -> nn.Conv2d:
    """A 1x1 convolution without bias, (outputs, inputs)."""
    layer = nn.Conv2d(len(weights[0]), len(weights), 1, bias=False)
    layer.weight.data = torch.tensor(weights)[:, :, None, None]
    return layer


class Tiny(nn.Module):
    """Two maps, x and -2x, rectified, averaged, and weighed by 3 and 5 (first logit), 1 and -1 (second)."""

    def __init__(self, *, inplace: bool = False) -> None:
        super().__init__()
        self.convolution = pointwise([[1.0], [-2.0]])
        self.activation = nn.ReLU(inplace)
        self.output = nn.Linear(2, 2, bias=False)
        self.output.weight.data = torch.tensor([[3.0, 5.0], [1.0, -1.0]])

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.output(self.activation(self.convolution(images)).mean(dim=(2, 3)))


IMAGE = torch.tensor([[[[1.0, -1.0], [2.0, 0.5]]]])
"""(1, 1, 2, 2). Maps after the activation: 1 0 2 .5 and 0 2 0 0."""


@pytest.mark.parametrize("inplace", [False, True])
def test_grad_cam_as_worked_by_hand(inplace: bool) -> None:
    net = Tiny(inplace=inplace)
    # Every place of map c moves the logit by w_c / 4.
    first = 3 / 4 * torch.tensor([[1.0, 0.0], [2.0, 0.5]]) + 5 / 4 * torch.tensor([[0.0, 2.0], [0.0, 0.0]])
    assert torch.allclose(grad_cam(net, net.activation, IMAGE, 0)[0], first)
    # The second logit weighs the second map with -1: what is negative is cut off.
    assert torch.allclose(grad_cam(net, net.activation, IMAGE, 1)[0], torch.tensor([[0.25, 0.0], [0.5, 0.125]]))


@pytest.mark.parametrize("inplace", [False, True])
def test_the_maps_of_a_convolution_are_those_before_an_activation_in_place(inplace: bool) -> None:
    net = Tiny(inplace=inplace)
    # Maps 1 -1 2 .5 and -2 2 -4 -1; the gradient is w_c / 4 where the map is positive: 3 and 1 places of 4.
    weights = (3 / 4 * 3 / 4, 5 / 4 * 1 / 4)
    expected = weights[0] * IMAGE[0, 0] + weights[1] * -2 * IMAGE[0, 0]
    assert torch.allclose(grad_cam(net, net.convolution, IMAGE, 0)[0], expected.clamp(min=0))


@pytest.mark.parametrize("inplace", [False, True])
def test_guided_backpropagation_as_worked_by_hand(inplace: bool) -> None:
    net = Tiny(inplace=inplace)
    found = guided_backprop(net, IMAGE, 0)
    # Place by place: 3/4 through the first map where x > 0, 5/4 * -2 through the second where x < 0.
    assert torch.allclose(found.output, torch.tensor([[[[0.75, -2.5], [0.75, 0.75]]]]))
    # The stronger map is x where x > 0, else -2x.
    assert torch.allclose(found.convolutions["convolution"], torch.tensor([[[[1.0, -2.0], [1.0, 1.0]]]]))
    # The second logit's gradient into the second map is negative, which is where guided gradients differ.
    assert torch.allclose(guided_backprop(net, IMAGE, 1).output, torch.tensor([[[[0.25, 0.0], [0.25, 0.25]]]]))


class Streams(nn.Module):
    """Two frames go through one convolution, as rows of one call or in two calls, and are weighed by 1 and 10."""

    def __init__(self, *, calls: bool) -> None:
        super().__init__()
        self.calls = calls
        self.body = nn.Sequential(pointwise([[1.0]]), nn.ReLU(inplace=True))
        self.output = nn.Linear(2, 1, bias=False)
        self.output.weight.data = torch.tensor([[1.0, 10.0]])

    def forward(self, pairs: torch.Tensor) -> torch.Tensor:
        if self.calls:
            maps = torch.cat([self.body(pairs[:, :1]), self.body(pairs[:, 1:])], dim=1)
        else:
            maps = self.body(pairs.reshape(-1, 1, *pairs.shape[2:])).reshape(pairs.shape)
        return self.output(maps.mean(dim=(2, 3)))


@pytest.mark.parametrize("calls", [False, True])
def test_streams_that_share_weights_are_maps_of_one_sample(calls: bool) -> None:
    net = Streams(calls=calls)
    pairs = torch.tensor([[[[1.0, 2.0]], [[3.0, -1.0]]], [[[5.0, 0.0]], [[0.0, 1.0]]]])  # 2 samples of 2 frames of 1x2
    cam = grad_cam(net, net.body[-1], pairs, 0)
    assert torch.allclose(cam, torch.tensor([[[0.5 + 15.0, 1.0]], [[2.5, 5.0]]]))
    found = guided_backprop(net, pairs, 0)
    assert torch.allclose(found.output, torch.tensor([[[[0.5, 0.5]], [[5.0, 0.0]]], [[[0.5, 0.0]], [[0.0, 5.0]]]]))
    # Both streams answer to the convolution, and 1 is its weight everywhere.
    assert torch.equal(found.convolutions["body.0"], torch.ones_like(pairs))


def test_depthwise_convolutions_are_single_maps() -> None:
    layer = nn.Conv2d(2, 4, 1, groups=2, bias=False)
    layer.weight.data = torch.tensor([1.0, 2.0, 3.0, 4.0])[:, None, None, None]
    net = nn.Sequential(layer, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1, bias=False))
    net[-1].weight.data = torch.tensor([[1.0, 1.0, 0.0, -1.0]])
    pairs = torch.tensor([[[[1.0, 2.0]], [[5.0, 1.0]]]])
    # (1 + 2) x - 4 y, halved.
    assert torch.allclose(grad_cam(net, layer, pairs, 0), torch.tensor([[[0.0, 1.0]]]))
    # The strongest of x, 2x, 3y, 4y at each place: 4y and 2x (of 4 and 4, both count one half).
    assert torch.allclose(
        guided_backprop(net, pairs, 0).convolutions["0"], torch.tensor([[[[0.0, 1.0]], [[4.0, 2.0]]]])
    )


def test_depth_is_averaged_and_added_up_like_places() -> None:
    net = nn.Sequential(nn.Conv3d(1, 1, 1, bias=False), nn.Flatten(), nn.Linear(4, 1, bias=False))
    net[0].weight.data.fill_(2.0)
    net[-1].weight.data = torch.tensor([[1.0, 2.0, 3.0, 6.0]])
    volume = torch.tensor([[[[[1.0, 2.0]], [[3.0, -4.0]]]]])  # depth 2, one row, two columns
    assert torch.allclose(grad_cam(net, net[0], volume, 0), torch.tensor([[[3.0 * 8, 0.0]]]))


class Functional(nn.Module):
    """The same as `Tiny`, with an activation that is no module."""

    def __init__(self, activation: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.tiny, self.activation = Tiny(), activation

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.tiny.output(self.activation(self.tiny.convolution(images)).mean(dim=(2, 3)))


@pytest.mark.parametrize(
    "activation", [functional.relu, torch.relu, torch.relu_, torch.Tensor.relu, lambda x: functional.relu(x, True)]
)
def test_activations_that_are_functions_are_guided_too(activation: Callable[[torch.Tensor], torch.Tensor]) -> None:
    for output in (0, 1):
        expected = guided_backprop(Tiny(), IMAGE, output).output
        assert torch.equal(guided_backprop(Functional(activation), IMAGE, output).output, expected)


def test_other_activations_let_back_what_is_positive_alone() -> None:
    net = nn.Sequential(nn.LeakyReLU(0.5), nn.Flatten(), nn.Linear(4, 1, bias=False))
    net[-1].weight.data = torch.tensor([[1.0, 1.0, -1.0, 1.0]])
    assert torch.equal(guided_backprop(net, IMAGE, 0).output, torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]]))


def test_the_network_is_left_as_it_was_found() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.ReLU(inplace=True), nn.Dropout(0.9), nn.Flatten())
    net.append(nn.Linear(8, 2))
    net.train()
    net[3].eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    images = torch.randn(2, 1, 2, 2, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        once = [grad_cam(net, net[2], images, 1), guided_backprop(net, images, 1).output]
    again = [grad_cam(net, net[2], images, 1), guided_backprop(net, images, 1).output]
    assert all(torch.equal(a, b) for a, b in zip(once, again, strict=True))
    assert [module.training for module in net.modules()] == [True, True, True, True, False, True, True]
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert not any(module._forward_hooks or module._backward_hooks for module in net.modules())
    # What a failing network leaves is no hook either.
    with pytest.raises(RuntimeError):
        grad_cam(net, net[2], torch.zeros(1, 1, 3, 3), 0)
    assert not any(module._forward_hooks for module in net.modules())
    assert net.training


def test_one_sample_does_not_change_what_is_said_of_another() -> None:
    net = Tiny()
    images = torch.cat([IMAGE, -IMAGE])
    assert torch.equal(guided_gradient(net, images, 0), guided_backprop(net, images, 0).output)
    both = grad_cam(net, net.activation, images, 0)
    assert torch.equal(both[1:], grad_cam(net, net.activation, images[1:], 0))


class Dense(Tiny):
    """`Tiny` with a dense layer of two features between pooling and output: a + b and a - b."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(2, 2, bias=False)
        self.dense.weight.data = torch.tensor([[1.0, 1.0], [1.0, -1.0]])

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.output(self.dense(self.activation(self.convolution(images)).mean(dim=(2, 3))))

    def at_places(self, maps: torch.Tensor) -> torch.Tensor:
        return self.dense(maps[0].permute(1, 2, 0)).permute(2, 0, 1)


def test_a_dense_layer_is_given_every_place_alone() -> None:
    net = Dense()
    cam = dense_cam(net, net.dense, net.activation, net.at_places, IMAGE, 0)
    # 3 (a + b) + 5 (a - b) = 8a - 2b of the maps a = 1 0 2 .5 and b = 0 2 0 0.
    assert torch.allclose(cam[0], torch.tensor([[8.0, 0.0], [16.0, 4.0]]))


def test_layers_that_cannot_be_explained_are_told() -> None:
    net = Tiny()
    with pytest.raises(ValueError, match="does not use the layer"):
        grad_cam(net, nn.ReLU(), IMAGE, 0)
    with pytest.raises(ValueError, match="has no places"):
        grad_cam(net, net.output, IMAGE, 0)


def test_convolutions_are_named_as_the_network_names_them() -> None:
    assert list(convolutions(Streams(calls=True))) == ["body.0"]
