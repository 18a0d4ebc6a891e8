from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.resume import Resume
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.loss import build_loss
from mebench.methods.spotting.spot3dcnn.network import build_network
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import SampleTable
from mebench.methods.spotting.spot3dcnn.skips import Skips
from mebench.methods.spotting.spot3dcnn.training import (
    StackTrainer,
    ValidationStacks,
)
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


def trainer(
    videos: list[Video], context: RunContext, config: Spot3DConfig = SMALL, validation: Sequence[ValidationStacks] = ()
) -> StackTrainer:
    torch.manual_seed(0)
    net = build_network(config, 2)
    table = SampleTable(videos, [v.aligned for v in videos], [SKIPS] * len(videos), config)  # type: ignore[misc]
    loss = build_loss(config, (True, True))
    preprocess = Preprocessor(config, "cpu", 112)
    return StackTrainer(net, loss, table, preprocess, config, context, "spot3dcnn", validation)


def stacks(videos: list[Video]) -> ValidationStacks:
    table = SampleTable(videos, [v.aligned for v in videos], [SKIPS] * len(videos), SMALL)  # type: ignore[misc]
    return ValidationStacks(table, SMALL.validation_samples, np.random.default_rng(0))


def epochs(logged: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in logged if record["event"] == "epoch"]


def test_each_subject_keeps_the_weights_of_its_own_best_epoch(
    videos: list[Video], context: RunContext, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stacks(videos[:1]), stacks(videos[1:2])
    script = {id(first): [1.0, 2, 2, 2, 2], id(second): [3.0, 2, 1, 2, 3]}
    monkeypatch.setattr(StackTrainer, "validate", lambda self, held: script[id(held)].pop(0))
    run = trainer(videos, context, validation=[first, second])
    run.run()
    assert len(epochs(logged)) == 5  # best at 1 and 3, the second waited 2 epochs after epoch 5
    assert (first.tracker.best_epoch, second.tracker.best_epoch) == (1, 3)
    ours, theirs = first.tracker.best_weights, second.tracker.best_weights
    assert any(not torch.equal(ours[name], theirs[name]) for name in ours)
    assert not torch.equal(theirs["net.output.weight"], run.net.state_dict()["output.weight"])


def test_without_validation_all_epochs_are_trained(videos: list[Video], context: RunContext, logged: list[Any]) -> None:
    trainer(videos, context).run()
    assert len(epochs(logged)) == SMALL.max_epochs
    assert epochs(logged)[0]["validation_loss"] == []


def test_validation_is_the_same_every_time(videos: list[Video], context: RunContext) -> None:
    held = stacks(videos[:1])
    run = trainer(videos, context, validation=[held])
    assert run.validate(held) == run.validate(held)


def test_a_single_last_stack_is_left_out_with_batch_normalisation(
    videos: list[Video], context: RunContext, logged: list[Any]
) -> None:
    config = dataclasses.replace(SMALL, samples_per_epoch=17, max_epochs=1)
    run = trainer(videos, context, config)
    run.run()
    whole = json.loads(run.at.rows[0])["loss"]
    plain = trainer(videos, context, dataclasses.replace(config, samples_per_epoch=16))
    plain.draw = lambda epoch, random: run.table.draw(17, random)[:16]  # type: ignore[method-assign]
    plain.run()
    assert whole == json.loads(plain.at.rows[0])["loss"]


def test_an_interrupted_training_goes_on(
    videos: list[Video], context: RunContext, logged: list[Any], tmp_path: Path
) -> None:
    config = dataclasses.replace(SMALL, samples_per_epoch=12, batch_size=4, max_epochs=2)
    whole = trainer(videos, context, config, [stacks(videos[:1])])
    whole.run()
    expected = list(logged)

    def kept() -> StackTrainer:
        logged.clear()
        store = dataclasses.replace(context, resume=Resume(tmp_path / "resume"))
        run = trainer(videos, store, config, [stacks(videos[:1])])
        run.loop = dataclasses.replace(run.loop, save_seconds=0.0)
        return run

    broken, left = kept(), iter(range(5))
    plain = broken.step

    def step(batch: Any, random: np.random.Generator) -> Any:
        if next(left) == 4:  # the second of three batches of the second epoch
            raise KeyboardInterrupt
        return plain(batch, random)

    broken.step = step  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        broken.run()
    again = kept()
    again.run()
    assert logged == expected
    assert all(map(torch.equal, again.net.state_dict().values(), whole.net.state_dict().values()))


def test_the_data_name_the_state(videos: list[Video], context: RunContext) -> None:
    assert trainer(videos, context).data != trainer(videos[:3], context).data
    other = [dataclasses.replace(videos[0], events=()), *videos[1:]]
    assert trainer(videos, context).data != trainer(other, context).data
    assert trainer(videos, context).data == trainer(list(videos), context).data


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "sgd"])
def test_the_loss_falls(videos: list[Video], context: RunContext, logged: list[Any], optimiser: Any) -> None:
    config = dataclasses.replace(SMALL, samples_per_epoch=96, max_epochs=4, optimiser=optimiser, schedule="cosine")
    trainer(videos, context, config).run()
    losses = [record["loss"] for record in epochs(logged)]
    assert losses[-1] < losses[0]
    rates = [record["learning_rate"] for record in epochs(logged)]
    assert rates == sorted(rates, reverse=True)


def test_a_loss_that_is_no_number_stops_with_the_reason(videos: list[Video], context: RunContext) -> None:
    run = trainer(videos, context)
    with torch.no_grad():
        run.net.output.bias.fill_(math.nan)
    with pytest.raises(UserError, match=r"training loss of spot3dcnn became nan in epoch 1.*lower learning_rate"):
        run.run()
