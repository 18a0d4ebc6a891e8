"""Optimisers and learning-rate schedules by name, and their states."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

Optimiser = Literal["adam", "adamw", "sgd"]
Schedule = Literal["constant", "cosine"]

COSINE_END = 0.05
"""Share of the first step size that the cosine schedule ends at."""


def make_optimiser(
    kind: Optimiser,
    parameters: Iterable[nn.Parameter],
    rate: float,
    *,
    weight_decay: float = 0.0,
    momentum: float = 0.9,
    betas: tuple[float, float] = (0.9, 0.999),
    fused: bool = False,
) -> Optimizer:
    """Return an optimiser.

    Parameters
    ----------
    rate : step size.
    momentum : of `sgd` alone.
    betas : of `adam` and `adamw` alone.
    fused : of `adam` and `adamw` alone: one pass over the parameters instead of ten, which rounds otherwise.
    """
    if kind == "sgd":
        return torch.optim.SGD(parameters, rate, momentum=momentum, weight_decay=weight_decay)
    adam = torch.optim.AdamW if kind == "adamw" else torch.optim.Adam
    return adam(parameters, rate, betas=betas, weight_decay=weight_decay, fused=fused or None)


def make_schedule(kind: Schedule, optimiser: Optimizer, epochs: int) -> LambdaLR:
    """Return a schedule over so many epochs, to be stepped at the end of each."""
    return LambdaLR(optimiser, _factor(kind, epochs))


def _factor(kind: Schedule, epochs: int) -> Callable[[int], float]:
    if kind == "constant":
        return lambda epoch: 1.0
    return lambda epoch: COSINE_END + (1 - COSINE_END) * (1 + math.cos(math.pi * min(epoch / epochs, 1))) / 2


def first_rate(optimiser: Optimizer) -> float:
    """Return the step size that an optimiser began with, whatever its schedule has made of it."""
    group = optimiser.param_groups[0]
    return float(group.get("initial_lr", group["lr"]))


def load_optimiser(optimiser: Optimizer, state: Mapping[str, Any]) -> None:
    """Load what `optimiser.state_dict()` returned.

    Moments get the memory layout of their parameters, which is the layout that they had: sums over another layout may
    differ in the last bit.
    """
    optimiser.load_state_dict(dict(state))
    for parameter, moments in optimiser.state.items():
        for name, value in moments.items():
            if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                moments[name] = torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)
