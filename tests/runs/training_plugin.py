"""A spotter with a tiny network whose training takes a while, for the tests of interrupted runs.

The environment says how long `slow_learner` pauses in every batch, how often it keeps its state within an epoch, and
the file to which it appends one line a batch: none of it may change a result.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from mebench.methods.base import RunContext
from mebench.methods.nets.early_stopping import HeldOut, Tracker
from mebench.methods.nets.optimisers import make_optimiser
from mebench.methods.nets.position import Loop
from mebench.methods.nets.reproducible import reproducible
from mebench.methods.nets.supervised import Supervised, single
from mebench.methods.nets.weights import arrays_of, restore, under, weights_in
from mebench.methods.spotting.base import Spotter, Spotting
from mebench.schema.recordings import Video

EPOCHS, BATCHES = 4, 5
COUNTER, NAP, KEEP = "MEBENCH_TEST_BATCHES", "MEBENCH_TEST_NAP", "MEBENCH_TEST_KEEP"


class SlowTraining(Supervised[Any]):
    def __init__(self, net: nn.Module, videos: Sequence[Video], loop: Loop, context: RunContext) -> None:
        optimiser = make_optimiser("adam", net.parameters(), 0.05)
        held = [HeldOut(lambda: float(net.weight.detach().square().sum()), Tracker())]
        names = ["/".join(video.key) for video in videos]
        super().__init__(single(net, optimiser), loop, context, "slow_learner", held, data=names)
        self.net, self.names = net, names

    def draw(self, epoch: int, random: np.random.Generator) -> Any:
        return random.permutation(4 * BATCHES)

    def losses(self, batch: Any, random: np.random.Generator) -> torch.Tensor:
        time.sleep(float(os.environ.get(NAP, "0")))
        if counter := os.environ.get(COUNTER):
            with Path(counter).open("a") as file:
                file.write(f"{','.join(self.names)} {self.at.epoch} {self.at.batch}\n")
        noise = torch.randn(len(batch), 3) + float(random.normal()) + len(self.names)
        return nn.functional.dropout(self.net(noise), 0.2)[:, 0].square() + 0.01 * torch.from_numpy(batch)


class SlowLearner(Spotter):
    """Learns nothing of use, slowly."""

    id = "slow_learner"
    summary = "learns slowly"
    looks_at_faces = False

    def build(self) -> nn.Module:
        return nn.Linear(3, 1)

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        context.log({"event": "start", "videos": len(train)})
        with reproducible(context.seed):
            net = self.build()
            loop = Loop(EPOCHS, batch_size=4, save_seconds=float(os.environ.get(KEEP, "60")))
            training = SlowTraining(net, [*train, *validation], loop, context)
            training.run()
            self.net = restore(net, under(training.held_out[0].tracker.best_weights, "net."))

    def spot(self, video: Video, context: RunContext) -> Spotting:
        weight = self.net.weight.detach().numpy().sum()
        return Spotting((), np.full((video.n_frames, 2), weight, np.float32))

    def state(self) -> dict[str, Any]:
        return dict(arrays_of(self.net, "net."))

    def load_state(self, state: Mapping[str, Any]) -> None:
        self.net = restore(self.build(), weights_in(state, "net."))
