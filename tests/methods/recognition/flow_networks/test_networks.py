"""What the architectures compute, beside their number of parameters."""

from __future__ import annotations

import pytest
import torch

from mebench.methods.recognition.flow_networks.dual_inception import DualInceptionNetwork, Inception
from mebench.methods.recognition.flow_networks.rcn_a import RcnANetwork


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def test_each_component_of_the_flow_has_a_path_of_its_own() -> None:
    torch.manual_seed(0)
    net, pictures = DualInceptionNetwork(3), torch.randn(2, 2, 28, 28)
    other = pictures.clone()
    other[:, 1] = 0
    seen = [net.paths[i](p[:, i : i + 1].expand(-1, 3, -1, -1)) for p in (pictures, other) for i in (0, 1)]
    assert torch.equal(seen[0], seen[2])
    assert not torch.equal(seen[1], seen[3])
    assert not torch.equal(net(pictures), net(other))


def test_inception_worked_by_hand() -> None:
    block = Inception(1, 1)
    for layer in block.modules():
        if isinstance(layer, torch.nn.Conv2d):
            torch.nn.init.ones_(layer.weight)
            torch.nn.init.zeros_(layer.bias)
    maps = torch.zeros(1, 1, 7, 7)
    maps[0, 0, 3, 3] = 2
    one, three, five, pooled = block(maps)[0]
    assert one.sum() == 2
    assert three[2:5, 2:5].eq(2).all()
    assert three.sum() == 18
    assert five[1:6, 1:6].eq(2).all()
    assert five.sum() == 50
    assert torch.equal(pooled, three)


def test_attention_follows_the_dense_layer_and_lies_in_0_to_1() -> None:
    torch.manual_seed(0)
    net = RcnANetwork(2, maps=2, pool=2)
    weights = torch.tensor([[1.0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 4.0]])
    net.output.weight.data = weights  # class 0 looks at map 0, top left; class 1 at map 1, bottom right
    x = torch.ones(1, 2, 2, 2)
    assert net.attention(x).tolist() == [[[[0.5, 0.0], [0.0, 0.5]]]]
    assert net.attention(torch.zeros(1, 2, 2, 2)).eq(0).all()  # flat maps have none, and divide by nothing
    attention = net.attention(torch.rand(3, 2, 2, 2))
    assert attention.shape == (3, 1, 2, 2)
    assert attention.ge(0).all()
    assert attention.le(1).all()


def test_rcn_a_takes_pictures_of_any_size() -> None:
    net = RcnANetwork(3, maps=4, pool=5).eval()
    assert net(torch.rand(2, 3, 28, 28)).shape == (2, 3)
    assert net(torch.rand(2, 3, 60, 60)).shape == (2, 3)


def test_rcn_a_has_its_filters_counted_by_hand() -> None:
    maps, pool = 64, 7
    counted = maps * (3 * 25 + 1) + maps * (maps + 1) + maps * (9 * maps + 1) + 3 * 2 * maps + 3 * (maps * pool**2 + 1)
    assert counted == 55_747
