from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from mebench.methods.nets.weights import (
    arrays_of,
    digest_of_weights,
    restore,
    under,
    weights_in,
    weights_of,
    with_other_last,
)


def net() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).to(memory_format=torch.channels_last)


def test_weights_survive_a_round_trip() -> None:
    module = net()
    kept = weights_of(module)
    with torch.no_grad():
        module[0].bias.add_(1)  # type: ignore[index]
    assert not torch.equal(kept["0.bias"], module.state_dict()["0.bias"])
    assert torch.equal(restore(module, kept).state_dict()["0.bias"], kept["0.bias"])
    assert all(value.is_contiguous() for value in kept.values())


def test_weights_become_named_arrays_and_back() -> None:
    module = net()
    arrays = {**arrays_of(module, "net."), "skips": np.array([1, 2])}
    assert {"net.0.weight", "net.1.running_mean", "skips"} <= arrays.keys()
    found = weights_in(arrays, "net.")
    assert found.keys() == module.state_dict().keys()
    assert digest_of_weights(found) == digest_of_weights(weights_of(module))


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(RuntimeError, match="Missing key"):
        restore(net(), {})


def test_under_takes_a_prefix_off() -> None:
    assert under({"a.b": 1, "ab": 2}, "a.") == {"b": 1}


def test_the_digest_sees_every_value() -> None:
    module = net()
    before = digest_of_weights(weights_of(module))
    with torch.no_grad():
        module[0].weight[1, 0, 2, 2] += 1e-6  # type: ignore[index]
    assert digest_of_weights(weights_of(module)) != before


def test_all_but_the_last_layer_is_taken_over() -> None:
    before, net = (nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Linear(3, n)) for n in (5, 2))
    before[1].running_mean.fill_(7)
    last = net[2].weight.detach().clone()
    assert with_other_last(net, before) is net
    assert torch.equal(net[0].weight, before[0].weight)
    assert net[1].running_mean.tolist() == [7, 7, 7]
    assert torch.equal(net[2].weight, last)
    with pytest.raises(RuntimeError):
        with_other_last(nn.Sequential(nn.Linear(5, 3), nn.Linear(3, 2)), before)
