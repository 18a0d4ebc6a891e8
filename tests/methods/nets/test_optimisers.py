from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from mebench.methods.nets.optimisers import COSINE_END, first_rate, load_optimiser, make_optimiser, make_schedule
from mebench.methods.nets.tree import flatten, rebuild


def test_names_give_their_optimisers() -> None:
    parameters = [nn.Parameter(torch.zeros(2))]
    assert isinstance(make_optimiser("adamw", parameters, 0.1), torch.optim.AdamW)
    assert make_optimiser("adam", parameters, 0.1, betas=(0.5, 0.9)).defaults["betas"] == (0.5, 0.9)
    sgd = make_optimiser("sgd", parameters, 0.1, weight_decay=0.2, momentum=0.8)
    assert (sgd.defaults["momentum"], sgd.defaults["weight_decay"]) == (0.8, 0.2)


def test_the_cosine_falls_from_the_rate_to_its_end() -> None:
    optimiser = make_optimiser("sgd", [nn.Parameter(torch.zeros(1))], 0.1)
    schedule = make_schedule("cosine", optimiser, 4)
    rates = [optimiser.param_groups[0]["lr"]]
    for _ in range(5):
        optimiser.step()
        schedule.step()
        rates.append(optimiser.param_groups[0]["lr"])
    assert rates[0] == 0.1
    assert rates[4] == rates[5] == pytest.approx(0.1 * COSINE_END)
    assert rates == sorted(rates, reverse=True)
    assert first_rate(optimiser) == 0.1


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd"])
def test_a_loaded_state_steps_to_the_same_bits_in_the_same_layout(kind: Any) -> None:
    def made() -> tuple[nn.Module, torch.optim.Optimizer]:
        torch.manual_seed(0)
        net = nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
        return net, make_optimiser(kind, net.parameters(), 0.01, weight_decay=0.1)

    def step(net: nn.Module, optimiser: torch.optim.Optimizer) -> None:
        optimiser.zero_grad()
        net(torch.linspace(0, 1, 75).reshape(1, 3, 5, 5)).square().sum().backward()
        optimiser.step()

    net, optimiser = made()
    step(net, optimiser)
    weights = rebuild(*flatten({"net": net.state_dict(), "optimiser": optimiser.state_dict()}))
    step(net, optimiser)
    other, loaded = made()
    other.load_state_dict(weights["net"])
    load_optimiser(loaded, weights["optimiser"])
    step(other, loaded)
    for one, two in zip(net.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, two)
        for name, moment in optimiser.state[one].items():
            if isinstance(moment, torch.Tensor):
                assert torch.equal(moment, loaded.state[two][name])
                assert moment.stride() == loaded.state[two][name].stride()
