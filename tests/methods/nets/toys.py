"""A tiny classifier with dropout and batch normalisation, and a tiny pair of adversaries, for the tests of the loop."""

# ruff: noqa: NPY002  (the global stream is one of those that are kept)
from __future__ import annotations

import random as python_random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from mebench.methods.base import RunContext
from mebench.methods.nets.early_stopping import HeldOut, Tracker
from mebench.methods.nets.learner import Learner
from mebench.methods.nets.loop import Trainer
from mebench.methods.nets.optimisers import make_optimiser, make_schedule
from mebench.methods.nets.position import Loop
from mebench.methods.nets.supervised import Supervised, single
from mebench.methods.resume import Resume

INPUTS = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
TARGETS = (INPUTS.sum(axis=1) > 0).astype(np.float32)
LOOP = Loop(epochs=4, batch_size=8, smallest_batch=2, save_seconds=0.0)


class Interrupted(Exception):
    """Stands in for whatever kills a training."""


def context(resume: Resume | None = None, rows: list[dict[str, Any]] | None = None) -> RunContext:
    log = [].append if rows is None else rows.append
    return RunContext(3, "cpu", None, log=log, resume=resume or Resume.nowhere())  # type: ignore[arg-type]


class Toy(Supervised[Any]):
    """Learns the sign of a sum; every kind of random stream takes part."""

    def __init__(
        self,
        run: RunContext,
        loop: Loop = LOOP,
        *,
        kind: Any = "adam",
        stop_at: int | None = None,
        measures: Sequence[Any] = (),
        data: Sequence[Any] = (),
        trackers: Sequence[Tracker] = (),
    ) -> None:
        torch.manual_seed(5)
        np.random.seed(5)
        python_random.seed(5)
        net = nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.3), nn.Linear(6, 1))
        optimiser = make_optimiser(kind, net.parameters(), 0.02, weight_decay=0.01)
        held = [HeldOut(m, t) for m, t in zip(measures, trackers or [Tracker() for _ in measures], strict=True)]
        schedule = make_schedule("cosine", optimiser, loop.epochs)
        super().__init__(single(net, optimiser, schedule), loop, run, "toy", held, data=data)
        self.net, self.stop_at, self.steps = net, stop_at, 0

    def draw(self, epoch: int, random: np.random.Generator) -> Any:
        return random.permutation(len(INPUTS))

    def step(self, batch: Any, random: np.random.Generator) -> dict[str, float]:
        if self.stop_at is not None and self.steps == self.stop_at:
            raise Interrupted
        self.steps += 1
        return super().step(batch, random)

    def losses(self, batch: Any, random: np.random.Generator) -> torch.Tensor:
        noise = random.normal(0, 0.1, (len(batch), 5)) + np.random.normal(0, 0.1) + python_random.gauss(0, 0.1)
        logits = self.net(torch.from_numpy((INPUTS[batch] + noise).astype(np.float32)))[:, 0]
        targets = torch.from_numpy(TARGETS[batch])
        return nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")


class Adversaries(Trainer[Any]):
    """Two networks with an optimiser each; the second is stepped every second batch."""

    def __init__(self, run: RunContext, loop: Loop = LOOP, stop_at: int | None = None) -> None:
        torch.manual_seed(5)
        self.maker, self.judge = nn.Linear(2, 5), nn.Linear(5, 1)
        modules = {"maker": self.maker, "judge": self.judge}
        optimisers = {name: make_optimiser("adam", m.parameters(), 0.01) for name, m in modules.items()}
        super().__init__(Learner(modules, optimisers, kept=["maker"]), loop, run, "adversaries")
        self.stop_at, self.steps = stop_at, 0

    def draw(self, epoch: int, random: np.random.Generator) -> Any:
        return random.permutation(len(INPUTS))

    def step(self, batch: Any, random: np.random.Generator) -> Mapping[str, float]:
        if self.steps == self.stop_at:
            raise Interrupted
        self.steps += 1
        made = self.maker(torch.randn(len(batch), 2))
        real = self.judge(torch.from_numpy(INPUTS[batch]))
        judged = nn.functional.softplus(-real).mean() + nn.functional.softplus(self.judge(made.detach())).mean()
        self._descend("judge", judged)
        made_loss = nn.functional.softplus(-self.judge(made)).mean()
        if random.random() < 0.5:
            self._descend("maker", made_loss)
        return {"judge": judged.item(), "maker": made_loss.item()}

    def _descend(self, name: str, loss: torch.Tensor) -> None:
        self.learner.optimisers[name].zero_grad()
        loss.backward()
        self.learner.optimisers[name].step()

    def after_epoch(self, epoch: int) -> Mapping[str, Any]:
        return {"ratio": epoch / 2}


def store(folder: Path) -> Resume:
    return Resume(folder / "resume", "toy run")
