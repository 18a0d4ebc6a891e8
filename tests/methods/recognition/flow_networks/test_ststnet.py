from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.nets.optimisers import make_optimiser
from mebench.methods.nets.position import Loop
from mebench.methods.nets.supervised import single
from mebench.methods.recognition.flow_networks.ststnet import (
    FILTERS,
    StreamTrainer,
    STSTNet,
    STSTNetwork,
    kept_values,
)
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer, logits_of

CONTEXT = RunContext(0, "cpu", FrameCache())


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def examples(count: int = 23) -> Examples:
    random = np.random.default_rng(0)
    classes = random.integers(0, 3, count)
    pictures = random.normal(0, 0.3, (count, 3, 28, 28)).astype(np.float32)
    for row, label in enumerate(classes):
        pictures[row, :, 8 * label : 8 * label + 8] += 0.3
    return Examples(pictures, classes)


class ThreeStreams(nn.Module):
    """The network as the paper draws it, with the dropout that it is given."""

    def __init__(self, net: STSTNetwork) -> None:
        super().__init__()
        self.streams, first = nn.ModuleList(), 0
        for count in FILTERS:
            convolution = nn.Conv2d(3, count, 3, padding=2)
            part = slice(first, first + count)
            convolution.load_state_dict({name: value[part] for name, value in net.streams.state_dict().items()})
            self.streams.append(nn.Sequential(convolution, nn.ReLU(), nn.BatchNorm2d(count), nn.MaxPool2d(3, 3, 1)))
            first += count
        self.output = nn.Linear(400, 3)
        self.output.load_state_dict(net.output.state_dict())

    def forward(self, pictures: torch.Tensor, kept: torch.Tensor | None = None) -> torch.Tensor:
        maps = torch.cat([stream(pictures) for stream in self.streams], dim=1)
        if kept is not None:
            maps = maps * kept.view(-1, 10, 10, 16).permute(0, 3, 1, 2) / 0.5
        said: torch.Tensor = self.output(nn.functional.avg_pool2d(maps, 2).flatten(1))
        return said


def trained_plainly(net: STSTNetwork, learnt: Examples, epochs: int, batch: int, rate: float) -> ThreeStreams:
    plain = ThreeStreams(net)
    optimiser = torch.optim.Adam(plain.parameters(), lr=rate)
    for epoch in range(1, epochs + 1):
        random = CONTEXT.rng("t", "epoch", epoch)
        for start in range(0, len(learnt), batch):
            pictures, classes = (torch.from_numpy(a[start : start + batch]) for a in (learnt.pictures, learnt.classes))
            optimiser.zero_grad()
            logits = plain(pictures, kept_values(random, len(classes), 1600))
            nn.functional.cross_entropy(logits, classes).backward()
            optimiser.step()
    return plain


def trained(net: nn.Module, learnt: Examples, epochs: int, batch: int, rate: float, kind: Any = StreamTrainer) -> Any:
    learner = single(net, make_optimiser("adam", net.parameters(), rate, fused=True))
    trainer = kind(learner, learnt, Loop(epochs, batch), CONTEXT, "t", shuffle=False)
    trainer.run()
    return trainer


@pytest.mark.parametrize(("epochs", "rate"), [(40, 5e-5), (25, 1e-3)])
def test_training_ends_where_the_plain_loop_ends(epochs: int, rate: float) -> None:
    learnt = examples()
    torch.manual_seed(0)
    net = STSTNetwork(3)
    before = logits_of(net, learnt.pictures)
    plain = trained_plainly(net, learnt, epochs, batch=13, rate=rate)
    trained(net, learnt, epochs, batch=13, rate=rate)
    ours, theirs = logits_of(net, learnt.pictures), logits_of(plain, learnt.pictures)
    assert np.abs(ours - before).max() > 0.01
    assert np.abs(ours - theirs).max() < 1e-4


def test_factors_that_are_not_positive_take_the_way_of_the_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    net, other = STSTNetwork(3), STSTNetwork(3)
    with torch.no_grad():
        net.norm.weight[3] = -0.5
    other.load_state_dict(net.state_dict())
    for model, kind in ((net, StreamTrainer), (other, PictureTrainer)):
        torch.manual_seed(1)  # of the layers' dropout
        trained(model, examples(), 2, 23, 1e-3, kind)
    assert all(torch.equal(a, b) for a, b in zip(net.state_dict().values(), other.state_dict().values(), strict=True))


def test_half_of_the_values_are_kept_and_no_two_draws_are_alike() -> None:
    random = np.random.default_rng(0)
    first, second = (kept_values(random, 20, 1600) for _ in range(2))
    assert first.shape == (20, 1600)
    assert set(first.unique().tolist()) == {0.0, 1.0}
    assert abs(float(first.mean()) - 0.5) < 0.01
    assert 0.45 < float((first == second).float().mean()) < 0.55


def test_it_learns_what_is_there() -> None:
    learnt = examples(60)
    torch.manual_seed(0)
    net = STSTNetwork(3)
    trained(net, learnt, 60, 60, 5e-3)
    assert (logits_of(net, learnt.pictures).argmax(1) == learnt.classes).mean() > 0.9


def test_on_a_gpu_the_layers_are_trained() -> None:
    model = STSTNet.configure()
    assert model.trainer_class("cpu") is StreamTrainer
    assert model.trainer_class("cuda") is PictureTrainer
