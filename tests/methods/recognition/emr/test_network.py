from __future__ import annotations

import pytest
import torch

from mebench.methods.recognition.emr.network import PartNetwork


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def test_its_parameters_by_hand() -> None:
    heads, adversary = 2 * (512 * 3 + 3), 1024 * 256 + 256 + 256 * 2 + 2
    assert sum(p.numel() for p in PartNetwork(3, 2).parameters()) == 11_176_512 + heads + adversary


def test_parts_are_the_upper_and_the_lower_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    net = PartNetwork(3)
    maps = torch.arange(7.0).view(1, 1, 7, 1).expand(2, 512, 7, 7)
    monkeypatch.setattr(net.body, "maps", lambda pictures: maps)
    parts = net.parts(torch.zeros(2, 3, 224, 224))
    assert parts.shape == (2, 2, 512)
    assert parts[0, :, 0].tolist() == pytest.approx([1.5, 4.5])  # rows 0-3 and 3-6
    said = net.said_of(parts)
    assert torch.equal(said[1], net.heads[1](parts[:, 1]))
    assert torch.equal(net(torch.zeros(2, 3, 224, 224)), said.mean(0))


def test_the_gradient_of_the_adversary_is_turned_round_on_its_way_into_the_body() -> None:
    torch.manual_seed(0)
    net = PartNetwork(3, 2)
    gradients = {}
    for factor in (-1.0, 0.5, 0.0):
        parts = torch.ones(2, 2, 512, requires_grad=True)
        net.zero_grad()
        net.domains_of(parts, factor)[:, 0].sum().backward()
        gradients[factor] = (parts.grad, net.domain[0].weight.grad.clone())
    plain = gradients[-1.0][0]
    assert plain.abs().max() > 0
    assert torch.allclose(gradients[0.5][0], -0.5 * plain)
    assert not gradients[0.0][0].any()
    assert torch.equal(gradients[0.5][1], gradients[-1.0][1])
