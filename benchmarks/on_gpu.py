"""What a GPU gains: dense scoring against a processor core, against the network alone, and a step of training.

Without a GPU there is nothing to measure, and no row. Wall-clock times, each ended by a wait for the device.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.dense_scoring import SKIPS, MovingNoise
from benchmarks.measure import Row, interleaved
from mebench.methods.nets.reproducible import reproducible
from mebench.methods.spotting.spot3dcnn.augment import augment
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.loss import build_loss
from mebench.methods.spotting.spot3dcnn.network import build_network
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.scoring import DenseScorer

BATCHES = (64, 512, 4096)
STEPS = 20
SIZE = 112


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark, none without a GPU; `smoke` runs it small."""
    if not torch.cuda.is_available():
        return []
    with reproducible(0):
        return [*_scoring(256 if smoke else 8192, 1 if smoke else 5), *_training(1 if smoke else 5)]


def _scoring(count: int, rounds: int) -> list[Row]:
    config, frames = Spot3DConfig(), MovingNoise(count)
    nets = {device: build_network(config, 2).eval().to(device) for device in ("cpu", "cuda")}
    nets["cuda"].load_state_dict(nets["cpu"].state_dict())
    scorers = {
        device: DenseScorer(net, Preprocessor(config, device, SIZE), SKIPS, config.reference)
        for device, net in nets.items()
    }
    contestants: dict[str, Callable[[], object]] = {
        device: functools.partial(scorer, frames) for device, scorer in scorers.items()
    }
    for batch in BATCHES:
        stacks = torch.randn(batch, 4, SIZE, SIZE, device="cuda")
        contestants[f"batch {batch}"] = functools.partial(_waited, scorers["cuda"].logits, stacks)
    seconds = interleaved(contestants, rounds)
    gap = float(np.abs(scorers["cuda"](frames) - scorers["cpu"](frames)).max())
    ours = count / seconds["cuda"]
    best = max(BATCHES, key=lambda batch: batch / seconds[f"batch {batch}"])
    alone = best / seconds[f"batch {best}"]
    one = count / seconds["cpu"]
    return [
        Row(
            "GPU: dense scoring / one core", ours / one, detail=f"{ours:.0f} against {one:.0f} frames/s, gap {gap:.1e}"
        ),
        Row(f"GPU: dense scoring / network alone at {best}", ours / alone, detail=f"{ours:.0f} against {alone:.0f}"),
    ]


def _training(rounds: int) -> list[Row]:
    config = Spot3DConfig()
    random = np.random.default_rng(0)
    stacks = random.integers(0, 256, (config.batch_size, 4, SIZE, SIZE), dtype=np.uint8)
    labels = torch.from_numpy(random.integers(0, 2, (config.batch_size, 2)).astype(np.float32))
    contestants: dict[str, Callable[[], object]] = {"augment": lambda: augment(stacks, config, random)}
    for device in ("cpu", "cuda"):
        net = build_network(config, 2).train().to(device)
        loss = build_loss(config, (True, True)).to(device)
        optimiser = torch.optim.Adam(net.parameters())
        step = functools.partial(_step, net, loss, optimiser, Preprocessor(config, device, SIZE), stacks, labels)
        contestants[device] = functools.partial(_waited, _several, step)
    seconds = interleaved(contestants, rounds)
    ours, theirs = (STEPS * config.batch_size / seconds[device] for device in ("cuda", "cpu"))
    augmenting = config.batch_size / seconds["augment"]
    return [
        Row("GPU: training / one core", ours / theirs, detail=f"{ours:.0f} against {theirs:.0f} stacks/s"),
        Row("GPU: training / augmenting on one core", ours / augmenting, detail=f"against {augmenting:.0f} stacks/s"),
    ]


def _step(
    net: nn.Module, loss: nn.Module, optimiser: Any, preprocess: Preprocessor, stacks: Any, labels: torch.Tensor
) -> None:
    frames = preprocess(stacks)
    optimiser.zero_grad(set_to_none=True)
    loss(net(frames), labels.to(frames.device)).mean().backward()
    optimiser.step()


def _several(step: Callable[[], None]) -> None:
    for _ in range(STEPS):
        step()


def _waited(work: Callable[..., object], *arguments: object) -> None:
    work(*arguments)
    torch.cuda.synchronize()
