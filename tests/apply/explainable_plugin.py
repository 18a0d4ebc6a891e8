"""A dataset of noise and a spotter with a network of its own, as a plug-in's author would write them."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from mebench import (
    Dataset,
    Event,
    Explainable,
    Explained,
    ExplainedLayer,
    ExpressionType,
    Presence,
    RunContext,
    Spotter,
    Spotting,
    UserError,
    Video,
    setting,
)


@dataclasses.dataclass(frozen=True)
class NoiseFrames:
    seed: int
    count: int = 90

    @property
    def digest(self) -> str:
        return f"noise {self.seed}"

    def __len__(self) -> int:
        return self.count

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        every = np.random.default_rng(self.seed).integers(0, 256, (self.count, 8, 8), np.uint8)
        return every[start:stop]


class NoiseLV(Dataset):
    """Three subjects; the second video of each has no event, and no video has a face in its first ten frames."""

    id = "noise_lv"
    summary = "noise"
    needs_root = False

    def videos(self) -> Sequence[Video]:
        events = (Event(20, 40, ExpressionType.MACRO, 30), Event(60, 69, ExpressionType.MICRO, 65))
        return [
            Video(self.id, s, f"{s}_{v}", 30.0, NoiseFrames(zlib.crc32(f"{s}{v}".encode())), events if v == 1 else ())
            for s in ("a", "b", "c")
            for v in (1, 2)
        ]


@dataclasses.dataclass(frozen=True)
class NetConfig:
    fail: str = setting("", "subject whose training goes wrong")


class NetSpotter(Spotter, Explainable):
    """Its only learnt number says who trained it: 1, 10, 100 for the subjects a, b, c."""

    id = "net_spotter"
    summary = "a network"
    validation = "none"
    Config = NetConfig

    def __init__(self, config: NetConfig) -> None:
        super().__init__(config)
        layers = (torch.nn.Conv2d(1, 1, 1, bias=False), torch.nn.ReLU(inplace=True), torch.nn.Flatten())
        self.net = torch.nn.Sequential(*layers, torch.nn.Linear(64, 2, bias=False))
        self.net[3].weight.data = torch.stack([torch.full((64,), -1.0), torch.arange(64.0)])

    def presence(self, video: Video, context: RunContext) -> Presence:
        found = np.arange(video.n_frames) >= 10
        return Presence(found, np.zeros(video.n_frames, bool))

    def prepare(self, video: Video, context: RunContext) -> None:
        return None

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        people = {video.subject for video in train}
        if self.config.fail and self.config.fail not in people:
            raise UserError("The loss is not a number: lower the learning rate.")
        self.net[0].weight.data.fill_(float(sum({"a": 1, "b": 10, "c": 100}[s] for s in people)))

    def spot(self, video: Video, context: RunContext) -> Spotting:
        scores = np.zeros((video.n_frames, 2), np.float32)
        scores[64, 0] = 0.9  # in the micro-expression
        scores[29, 1] = 0.6  # in the macro-expression
        return Spotting((), scores)

    def explained(self, video: Video, indices: Sequence[int], context: RunContext) -> Explained:
        assert not video.events
        pictures = video.frames.read(0, video.n_frames)[list(indices)]
        inputs = torch.from_numpy(pictures).float()[:, None] / 255
        scores = np.tile(np.array([0.2, 0.7]), (len(indices), 1))
        return Explained(
            self.net,
            inputs,
            ("micro", "macro"),
            scores,
            pictures,
            (ExplainedLayer("last convolution (0)", self.net[0]),),
        )

    def state(self) -> dict[str, np.ndarray]:
        return {"weight": self.net[0].weight.detach().numpy().copy()}

    def load_state(self, state: Mapping[str, Any]) -> None:
        self.net[0].weight.data = torch.from_numpy(np.asarray(state["weight"]))
