"""Dense scoring of spot3dcnn: against single stacks, against the network alone, and against optical flow.

One thread for everything. Random weights: speed does not depend on them. The frames are textured noise that moves.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.measure import Row, interleaved
from mebench.faces.flow import flow
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.network import build_network
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.scoring import DenseScorer, score_one_by_one

FLOW_TARGET = 8.0
"""Dense scoring of a frame is at least this many times as fast as Farneback's flow of a frame."""
NETWORK_TARGET = 0.6
"""Dense scoring reaches at least this share of the network's own best batch throughput."""
BATCHES = (1, 4, 8, 16, 32, 64)
SKIPS = (6, 24)


class MovingNoise:
    """Frames of one smooth texture that shifts a little from frame to frame."""

    def __init__(self, count: int) -> None:
        noise = cv2.GaussianBlur(np.random.default_rng(0).normal(0, 1, (160, 160)), (0, 0), 2)
        texture = np.clip(noise / noise.std() * 40 + 128, 0, 255).astype(np.uint8)
        places = (24 + 20 * np.sin(np.arange(count) / 15)).astype(int)
        self.frames: NDArray[np.uint8] = np.stack([texture[p : p + 112, p : p + 112] for p in places])

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.frames)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return a copy of frames `start <= i < stop`."""
        return self.frames[start:stop].copy()

    def gather(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Return a copy of frames at any indices."""
        return self.frames[indices]


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` runs it small."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        return _rows(count=64 if smoke else 512, rounds=1 if smoke else 9)
    finally:
        torch.set_num_threads(threads)


def _rows(count: int, rounds: int) -> list[Row]:
    torch.manual_seed(0)
    config = Spot3DConfig()
    net = build_network(config, 2).eval()
    frames, preprocess = MovingNoise(count), Preprocessor(config, "cpu", 112)
    scorer = DenseScorer(net, preprocess, SKIPS, config.reference)
    singles = range(0, count, 16)
    contestants: dict[str, Callable[[], object]] = {
        "dense": lambda: scorer(frames),
        "one": lambda: score_one_by_one(net, preprocess, frames, SKIPS, config.reference, singles),
        "flow": lambda: [flow(frames.frames[i - 1], frames.frames[i]) for i in singles[1:]],
    }
    for batch in BATCHES:
        contestants[f"batch {batch}"] = functools.partial(_score, scorer, torch.randn(batch, 4, 112, 112))
    seconds = interleaved(contestants, rounds, time.process_time)
    speed = {"dense": count / seconds["dense"], "one": len(singles) / seconds["one"]}
    speed["flow"] = (len(singles) - 1) / seconds["flow"]
    batches = {batch: batch / seconds[f"batch {batch}"] for batch in BATCHES}
    best = max(batches, key=lambda batch: batches[batch])
    return [
        _row("dense scoring / one stack at a time", speed["dense"], speed["one"]),
        _row(f"dense scoring / network alone at batch {best}", speed["dense"], batches[best], NETWORK_TARGET),
        _row("dense scoring / Farneback flow, a frame", speed["dense"], speed["flow"], FLOW_TARGET),
    ]


@torch.inference_mode()
def _score(scorer: DenseScorer, stacks: torch.Tensor) -> torch.Tensor:
    return scorer.logits(stacks)


def _row(name: str, ours: float, theirs: float, target: float | None = None) -> Row:
    return Row(name, ours / theirs, target, detail=f"{ours:.0f} against {theirs:.0f} frames/s, one thread")
