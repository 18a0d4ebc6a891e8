from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.loss import build_loss
from mebench.methods.spotting.spot3dcnn.network import TwoStreamNet, build_network
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import SampleTable
from mebench.methods.spotting.spot3dcnn.skips import Skips
from mebench.methods.spotting.spot3dcnn.training import Tracker, Trainer, restore, weights_of
from mebench.schema.recordings import Video

SKIPS = Skips(5, 15, (3, 7), (10, 20))
SMALL = Spot3DConfig(
    samples_per_epoch=32,
    validation_samples=16,
    max_epochs=6,
    patience=2,
    learning_rate=0.003,
    filters=(4, 4, 4),
    multiplier=4,
)


def trainer(videos: list[Video], context: RunContext, config: Spot3DConfig = SMALL) -> Trainer:
    torch.manual_seed(0)
    net = build_network(config, 2)
    table = SampleTable(videos, [v.aligned for v in videos], config)  # type: ignore[misc]
    loss = build_loss(config, (True, True))
    return Trainer(net, loss, table, SKIPS, Preprocessor(config, "cpu", 112), config, context, "spot3dcnn")


def tracker(videos: list[Video]) -> Tracker:
    table = SampleTable(videos, [v.aligned for v in videos], SMALL)  # type: ignore[misc]
    return Tracker(table, SKIPS, SMALL.validation_samples, np.random.default_rng(0))


class Scripted(Trainer):
    """A trainer whose validation losses are given beforehand, one list for each tracker."""

    script: dict[int, list[float]]

    def validate(self, tracker: Tracker) -> float:
        return self.script[id(tracker)].pop(0)


def scripted(videos: list[Video], context: RunContext, *losses: list[float]) -> tuple[Scripted, list[Tracker]]:
    plain = trainer(videos, context)
    made = Scripted.__new__(Scripted)
    made.__dict__.update(plain.__dict__)
    trackers = [tracker(videos) for _ in losses]
    made.script = {id(t): list(values) for t, values in zip(trackers, losses, strict=True)}
    return made, trackers


def epochs(logged: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in logged if record["event"] == "epoch"]


def test_training_ends_when_every_tracker_has_waited(
    videos: list[Video], context: RunContext, logged: list[Any]
) -> None:
    run, (first, second) = scripted(videos, context, [3.0, 1, 2, 2, 2, 2], [3.0, 2, 1, 2, 2, 2])
    run.run([first, second])
    assert len(epochs(logged)) == 5  # best at 2 and 3, both waited 2 epochs after epoch 5
    assert (first.best_epoch, second.best_epoch) == (2, 3)
    assert (first.best_loss, second.best_loss) == (1, 1)


def test_each_tracker_keeps_the_weights_of_its_own_best_epoch(videos: list[Video], context: RunContext) -> None:
    run, (first, second) = scripted(videos, context, [1.0, 2, 2, 2, 2], [3.0, 2, 1, 2, 3])
    run.run([first, second])
    different = [not torch.equal(first.best_weights[name], second.best_weights[name]) for name in first.best_weights]
    assert any(different)
    assert not torch.equal(second.best_weights["output.weight"], run.net.state_dict()["output.weight"])


def test_without_trackers_all_epochs_are_trained(videos: list[Video], context: RunContext, logged: list[Any]) -> None:
    trainer(videos, context).run([])
    assert len(epochs(logged)) == SMALL.max_epochs


def test_validation_is_the_same_every_time(videos: list[Video], context: RunContext) -> None:
    run, held = trainer(videos, context), tracker(videos[:1])
    assert run.validate(held) == run.validate(held)


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "sgd"])
def test_the_loss_falls(videos: list[Video], context: RunContext, logged: list[Any], optimiser: Any) -> None:
    config = dataclasses.replace(SMALL, samples_per_epoch=96, max_epochs=4, optimiser=optimiser, schedule="cosine")
    trainer(videos, context, config).run([])
    losses = [record["loss"] for record in epochs(logged)]
    assert losses[-1] < losses[0]
    rates = [record["learning_rate"] for record in epochs(logged)]
    assert rates == sorted(rates, reverse=True)


def test_a_loss_that_is_no_number_stops_with_the_reason(videos: list[Video], context: RunContext) -> None:
    run = trainer(videos, context)
    with torch.no_grad():
        run.net.output.bias.fill_(math.nan)
    with pytest.raises(UserError, match=r"training loss of spot3dcnn became nan in epoch 1.*lower learning_rate"):
        run.run([])


def test_weights_survive_a_round_trip() -> None:
    net: TwoStreamNet = build_network(SMALL, 2)
    kept = weights_of(net)
    with torch.no_grad():
        net.output.bias.add_(1)
    assert not torch.equal(kept["output.bias"], net.output.bias)
    assert torch.equal(restore(net, kept).output.bias, kept["output.bias"])
