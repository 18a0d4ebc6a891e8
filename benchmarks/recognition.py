"""Training ststnet with one person of 442 clips left out after the other, against the plain PyTorch loop.

One thread for everything, processor time. The plain loop is what is written first: three streams of layers, a
`DataLoader`, Adam, and each fold trained by itself. Both learn the same 442 pictures of noise, of 68 people, in batches
of 256, with all else as published. Folds are alike, so a few of them are trained, and a part of the 500 epochs: what
a fold prepares once weighs more here than there. Dropout is drawn by each in its own way; for the comparison of scores
both are given the same.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.measure import Row, interleaved
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.nets.optimisers import make_optimiser
from mebench.methods.nets.position import Loop
from mebench.methods.nets.supervised import single
from mebench.methods.recognition.flow_networks.streams import WINDOWS
from mebench.methods.recognition.flow_networks.ststnet import (
    FILTERS,
    StreamTrainer,
    STSTNetConfig,
    STSTNetwork,
    kept_values,
)
from mebench.methods.recognition.flow_networks.training import Examples, logits_of

TARGET = 5.0
"""A fold is trained at least this many times as fast as by the plain loop."""
DIFFERENCE = 1e-4
"""Greatest difference of a probability from the plain loop's."""
CLIPS, PEOPLE = 442, 68
_CONFIG = STSTNetConfig()
_OWNER = "bench"

Drop = Callable[[torch.Tensor, int], torch.Tensor]


def _dropout(maps: torch.Tensor, first: int) -> torch.Tensor:
    return nn.functional.dropout(maps, 0.5)


class Plain(nn.Module):
    """The network, layer by layer."""

    def __init__(self) -> None:
        super().__init__()
        self.streams = nn.ModuleList(
            nn.Sequential(nn.Conv2d(3, count, 3, padding=2), nn.ReLU(), nn.BatchNorm2d(count), nn.MaxPool2d(3, 3, 1))
            for count in FILTERS
        )
        self.mean = nn.AvgPool2d(2)
        self.output = nn.Linear(400, 3)

    @classmethod
    def like(cls, net: STSTNetwork) -> Plain:
        """Return it with the weights of ours."""
        made, first = cls(), 0
        for stream, count in zip(made.streams, FILTERS, strict=True):
            assert isinstance(stream, nn.Sequential)
            part = slice(first, first + count)
            stream[0].load_state_dict({name: value[part] for name, value in net.streams.state_dict().items()})
            first += count
        made.output.load_state_dict(net.output.state_dict())
        return made

    def forward(self, pictures: torch.Tensor, drop: Drop | None = None) -> torch.Tensor:
        """Return (n, 3); `drop` is given the maps of a stream and the number of its first filter."""
        found, first = [], 0
        for stream, count in zip(self.streams, FILTERS, strict=True):
            maps = stream(pictures)
            found.append(maps if drop is None else drop(maps, first))
            first += count
        said: torch.Tensor = self.output(self.mean(torch.cat(found, dim=1)).flatten(1))
        return said


def plain_fold(examples: Examples, epochs: int, net: Plain, same: bool = False) -> Plain:
    """Train a fold with the plain loop; `same` gives it the dropout that ours draws."""
    pairs = TensorDataset(torch.from_numpy(examples.pictures), torch.from_numpy(examples.classes))
    loader = DataLoader(pairs, batch_size=_CONFIG.batch_size)
    optimiser = torch.optim.Adam(net.parameters(), lr=_CONFIG.learning_rate)
    net.train()
    for epoch in range(1, epochs + 1):
        random = _context().rng(_OWNER, "epoch", epoch)
        for pictures, classes in loader:
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(
                net(pictures, _given(random, len(classes)) if same else _dropout), classes
            )
            loss.backward()
            optimiser.step()
    return net


def _given(random: np.random.Generator, count: int) -> Drop:
    filters = sum(FILTERS)
    kept = kept_values(random, count, WINDOWS**2 * filters).view(count, WINDOWS, WINDOWS, filters).permute(0, 3, 1, 2)
    return lambda maps, first: maps * kept[:, first : first + maps.shape[1]] * 2


def our_fold(examples: Examples, epochs: int, net: STSTNetwork) -> STSTNetwork:
    """Train a fold as the method does."""
    optimiser = make_optimiser("adam", net.parameters(), _CONFIG.learning_rate, fused=True)
    StreamTrainer(
        single(net, optimiser), examples, Loop(epochs, _CONFIG.batch_size), _context(), _OWNER, shuffle=False
    ).run()
    return net


def _context() -> RunContext:
    return RunContext(0, "cpu", FrameCache())


def pictures_of(clips: int) -> Examples:
    """Return noise with something of a class in each."""
    random = np.random.default_rng(0)
    classes = random.integers(0, 3, clips)
    pictures = random.normal(0, 0.3, (clips, 3, 28, 28)).astype(np.float32)
    for row, label in enumerate(classes):
        pictures[row, :, 8 * label : 8 * label + 8] += 0.2
    return Examples(pictures, classes)


def folds_of(examples: Examples, people: int, count: int) -> list[Examples]:
    """Return what is learnt from in the first folds."""
    person = np.arange(len(examples)) * people // len(examples)
    left = [np.flatnonzero(person != number) for number in range(count)]
    return [
        dataclasses.replace(examples, pictures=examples.pictures[rows], classes=examples.classes[rows]) for rows in left
    ]


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` runs it small."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _rows(clips=40 if smoke else CLIPS, folds=1, epochs=2 if smoke else 50, rounds=1 if smoke else 3)
    finally:
        torch.set_num_threads(threads)


def _rows(clips: int, folds: int, epochs: int, rounds: int) -> list[Row]:
    examples = pictures_of(clips)
    parts = folds_of(examples, min(PEOPLE, clips), folds)
    seconds = interleaved(
        {
            "plain": lambda: [plain_fold(part, epochs, Plain()) for part in parts],
            "ours": lambda: [our_fold(part, epochs, STSTNetwork(3)) for part in parts],
        },
        rounds,
        time.process_time,
    )
    plain, ours = (1000 * seconds[name] / (folds * epochs) for name in ("plain", "ours"))
    apart = _difference(parts[0], examples, 5 * epochs)
    return [
        Row("ststnet, a fold of LOSO: plain PyTorch loop / mebench", plain / ours, TARGET,
            detail=f"{plain:.0f} against {ours:.0f} ms an epoch of {len(parts[0])} clips, one thread"),
        Row("ststnet, greatest difference of a probability / 1e-4", apart / DIFFERENCE, 1.0, True,
            f"{apart:.1e} after {5 * epochs} epochs with the same dropout"),
    ]  # fmt: skip


def _difference(part: Examples, examples: Examples, epochs: int) -> float:
    torch.manual_seed(0)
    net = STSTNetwork(3)
    plain = plain_fold(part, epochs, Plain.like(net), same=True)
    ours = our_fold(part, epochs, net)
    both: list[NDArray[np.float32]] = [logits_of(model, examples.pictures) for model in (plain, ours)]
    first, second = (torch.from_numpy(logits).softmax(1) for logits in both)
    return float((first - second).abs().max())
