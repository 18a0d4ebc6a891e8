from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from mebench.methods.recognition.flow_networks import streams
from mebench.methods.recognition.flow_networks.streams import Workspace, phases_of, pooled, rows_of


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def layers(filters: int = 16) -> tuple[nn.Conv2d, nn.BatchNorm2d]:
    torch.manual_seed(0)
    return nn.Conv2d(3, filters, 3, padding=2), nn.BatchNorm2d(filters)


def plainly(pictures: torch.Tensor, convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> torch.Tensor:
    return nn.functional.max_pool2d(norm(torch.relu(convolution(pictures))), 3, 3, 1).permute(0, 2, 3, 1)


def gradients(*modules: nn.Module) -> list[torch.Tensor]:
    found = [p.grad for module in modules for p in module.parameters()]
    assert all(gradient is not None for gradient in found)
    return [gradient.clone() for gradient in found if gradient is not None]


def noise(count: int) -> torch.Tensor:
    return torch.randn(count, 3, 28, 28, generator=torch.Generator().manual_seed(1))


def still(count: int) -> torch.Tensor:
    """Pictures that are 0 in a part, where whole windows are alike, and everywhere in one."""
    pictures = noise(count)
    pictures[:, :, :14, :20] = 0
    pictures[0] = 0
    return pictures


@pytest.mark.parametrize("pictures", [noise(5), still(7), noise(70), 1e-2 * noise(3), 100 + 30 * noise(4)])
def test_values_gradients_and_statistics_are_those_of_the_layers(pictures: torch.Tensor) -> None:
    """They are as near to what double precision gives as the layers are, or nearly so."""
    given = torch.randn(len(pictures), 10, 10, 16, generator=torch.Generator().manual_seed(2))
    ours, theirs, exact = layers(), layers(), tuple(layer.double() for layer in layers())
    found = pooled(phases_of(pictures), *ours, Workspace(len(pictures), 16))
    wanted, right = plainly(pictures, *theirs), plainly(pictures.double(), *exact)
    for result in (found, wanted, right):
        result.backward(given.to(result.dtype))
    names = ("running_mean", "running_var", "num_batches_tracked")
    sides = [
        [result, *gradients(*pair), *(getattr(pair[1], name) for name in names)]
        for result, pair in ((found, ours), (wanted, theirs), (right, exact))
    ]
    for mine, layer, double in zip(*sides, strict=True):
        noise_of_layers = float((layer.detach() - double.detach()).abs().max())
        assert float((mine - double).detach().abs().max()) <= 4 * noise_of_layers + 2e-5 * float(
            double.detach().abs().max()
        )


def test_gradients_are_the_slope_of_the_values() -> None:
    """Against finite differences: what a parameter changes, not what another program says of it."""
    convolution, norm = layers(2)
    pictures, work = noise(2), Workspace(2, 2)
    phases = phases_of(pictures)
    weighted = torch.randn(2, 10, 10, 2, generator=torch.Generator().manual_seed(3))
    (pooled(phases, convolution, norm, work) * weighted).sum().backward()
    for parameter in (convolution.weight, norm.weight, norm.bias):
        gradient, step = gradient_of(parameter), 1e-2
        values = []
        with torch.no_grad():
            before = parameter.flatten()[1].item()
            for way in (step, -step):
                parameter.view(-1)[1] = before + way
                values.append(float((pooled(phases, convolution, norm, work).double() * weighted).sum()))
            parameter.view(-1)[1] = before
        assert (values[0] - values[1]) / (2 * step) == pytest.approx(float(gradient.flatten()[1]), rel=0.05, abs=0.05)


def gradient_of(parameter: nn.Parameter) -> torch.Tensor:
    assert parameter.grad is not None
    return parameter.grad


def test_every_place_of_the_convolution_lies_in_one_phase() -> None:
    pictures, (convolution, _) = noise(2), layers()
    plain = convolution(pictures)
    mine = nn.functional.conv2d(phases_of(pictures), convolution.weight, convolution.bias, stride=(1, 3))
    mine = mine.unflatten(0, (2, 3))  # (picture, phase, filter, row, window)
    for phase, window in ((0, 1), (1, 0), (2, 9)):
        torch.testing.assert_close(mine[:, phase, :, :, window], plain[..., 3 * window + phase - 1])
    torch.testing.assert_close(mine[:, 0, :, :, 0], plain[..., 29])


def test_rows_are_a_view_where_they_follow_each_other() -> None:
    phases = phases_of(noise(6))
    part = rows_of(phases, np.arange(2, 5))
    assert part.data_ptr() == phases[6].data_ptr()
    mixed = rows_of(phases, np.array([4, 0]))
    assert torch.equal(mixed, torch.cat([phases[12:15], phases[0:3]]))
    assert mixed.is_contiguous(memory_format=torch.channels_last)


def test_the_size_of_a_chunk_changes_the_last_bits_only(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pooled(phases_of(noise(9)), *layers(), Workspace(9, 16))
    monkeypatch.setattr(streams, "_CHUNK", 4)
    torch.testing.assert_close(pooled(phases_of(noise(9)), *layers(), Workspace(9, 16)), whole)
