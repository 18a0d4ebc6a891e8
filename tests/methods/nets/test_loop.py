# ruff: noqa: NPY002  (the global stream is one of those that are kept)
from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.methods.nets.early_stopping import Tracker
from mebench.methods.nets.loop import STATE
from mebench.methods.nets.position import Loop
from mebench.methods.nets.weights import digest_of_weights, weights_of
from mebench.methods.resume import Resume
from tests.methods.nets.toys import LOOP, Adversaries, Interrupted, Toy, context, store

BATCHES = 4  # of 30 samples, 8 a batch


def trained(**options: Any) -> tuple[Toy, list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    toy = Toy(context(rows=rows), **options)
    toy.run()
    return toy, rows


def state_of(toy: Toy | Adversaries) -> list[str]:
    return [digest_of_weights(weights_of(module)) for module in toy.learner.modules.values()]


def test_all_epochs_are_trained_and_logged() -> None:
    toy, rows = trained()
    assert toy.steps == LOOP.epochs * BATCHES
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4]
    assert rows[0].keys() == {"event", "epoch", "learning_rate", "loss", "validation_loss"}
    assert rows[0]["learning_rate"] == 0.02
    assert rows[-1]["loss"] < rows[0]["loss"]


def test_the_same_seed_gives_the_same_bytes() -> None:
    (first, rows), (second, again) = trained(), trained()
    assert state_of(first) == state_of(second)
    assert rows == again


def test_a_short_last_batch_is_left_out_of_the_mean() -> None:
    loop = dataclasses.replace(LOOP, batch_size=29, epochs=1)  # one sample is left
    toy, _ = trained(loop=loop)
    assert toy.steps == 1


def test_nothing_to_learn_from_is_told() -> None:
    with pytest.raises(UserError, match="toy has no batch of 40 samples to learn from"):
        trained(loop=Loop(2, 64, smallest_batch=40))


def test_a_training_ends_when_every_tracker_has_waited() -> None:
    values = [[3.0, 1, 2, 2, 2, 2], [3.0, 2, 1, 2, 2, 2]]
    loop = dataclasses.replace(LOOP, epochs=6, patience=2)
    trackers = [Tracker(), Tracker()]
    measures = [iter(v).__next__ for v in values]
    _, rows = trained(loop=loop, measures=measures, trackers=trackers)
    assert len(rows) == 5
    assert [t.best_epoch for t in trackers] == [2, 3]
    assert rows[1]["validation_loss"] == [1, 2]


def test_without_patience_the_best_epoch_is_kept_and_all_are_trained() -> None:
    tracker = Tracker(higher=True)
    _, rows = trained(measures=[iter([0.2, 0.9, 0.1, 0.3]).__next__], trackers=[tracker])
    assert len(rows) == 4
    assert (tracker.best_epoch, tracker.best_value) == (2, 0.9)
    assert all(name.startswith("net.") for name in tracker.best_weights)


@pytest.mark.parametrize(("measures", "what"), [((), "training"), ([lambda: math.nan], "validation")])
def test_a_loss_that_is_no_number_stops_with_the_reason(measures: Any, what: str) -> None:
    toy = Toy(context(), measures=measures)
    if what == "training":
        with torch.no_grad():
            toy.net[-1].bias.fill_(math.inf)
    message = rf"The {what} loss of toy became (nan|inf) in epoch 1.*lower learning_rate \(now 0.02\)"
    with pytest.raises(UserError, match=message):
        toy.run()


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("stop_at", [0, 1, BATCHES, BATCHES + 2, 3 * BATCHES + 3])
def test_an_interrupted_training_ends_in_the_same_bytes(tmp_path: Path, kind: str, stop_at: int) -> None:
    whole, rows = trained(kind=kind, measures=[lambda: 1.0])
    with pytest.raises(Interrupted):
        Toy(context(store(tmp_path)), kind=kind, stop_at=stop_at, measures=[lambda: 1.0]).run()
    again: list[dict[str, Any]] = []
    toy = Toy(context(store(tmp_path), again), kind=kind, measures=[lambda: 1.0])
    toy.run()
    assert toy.steps == LOOP.epochs * BATCHES - stop_at  # no batch is repeated when each was kept
    assert state_of(toy) == state_of(whole)
    assert json.dumps(again) == json.dumps(rows)


def test_a_state_that_is_kept_after_epochs_repeats_less_than_an_epoch(tmp_path: Path) -> None:
    loop = dataclasses.replace(LOOP, save_seconds=1000.0)
    whole, rows = trained(loop=loop)
    with pytest.raises(Interrupted):
        Toy(context(store(tmp_path)), loop, stop_at=2 * BATCHES + 3).run()
    again: list[dict[str, Any]] = []
    toy = Toy(context(store(tmp_path), again), loop)
    toy.run()
    assert toy.steps == 2 * BATCHES
    assert state_of(toy) == state_of(whole)
    assert again == rows


def test_a_state_may_be_kept_after_some_epochs_only(tmp_path: Path) -> None:
    loop = dataclasses.replace(LOOP, save_seconds=1000.0, epoch_seconds=1000.0)
    whole, rows = trained(loop=dataclasses.replace(LOOP, save_seconds=1000.0))
    with pytest.raises(Interrupted):
        Toy(context(store(tmp_path)), loop, stop_at=2 * BATCHES + 3).run()
    assert not list(tmp_path.rglob(f"{STATE}.safetensors"))
    again: list[dict[str, Any]] = []
    toy = Toy(context(store(tmp_path), again), loop)
    toy.run()
    assert toy.steps == LOOP.epochs * BATCHES
    assert state_of(toy) == state_of(whole)
    assert again == rows
    assert list(tmp_path.rglob(f"{STATE}.safetensors"))  # the last epoch is kept in any case


def test_interruptions_may_come_again_and_again(tmp_path: Path) -> None:
    whole, rows = trained(measures=[lambda: 1.0])
    done = 0
    again: list[dict[str, Any]] = []
    while True:
        again = []
        toy = Toy(context(store(tmp_path), again), stop_at=3, measures=[lambda: 1.0])
        try:
            toy.run()
            break
        except Interrupted:
            done += toy.steps
    assert done + toy.steps == LOOP.epochs * BATCHES
    assert state_of(toy) == state_of(whole)
    assert again == rows


def test_trackers_go_on_where_they_were(tmp_path: Path) -> None:
    def run(stop_at: int | None, resume: Resume) -> Toy:
        tracker = Tracker()
        measure = lambda: [3.0, 1.0, 2.0, 2.0][toy.at.epoch - 1]  # noqa: E731
        toy = Toy(context(resume), stop_at=stop_at, measures=[measure], trackers=[tracker])
        if stop_at is None:
            toy.run()
        else:
            with pytest.raises(Interrupted):
                toy.run()
        return toy

    whole = run(None, Resume.nowhere()).held_out[0].tracker
    run(3 * BATCHES + 1, store(tmp_path))
    found = run(None, store(tmp_path)).held_out[0].tracker
    assert (found.best_value, found.best_epoch, found.waited) == (1.0, 2, 2)
    assert digest_of_weights(found.best_weights) == digest_of_weights(whole.best_weights)


def test_a_finished_training_is_not_repeated_and_leaves_the_streams_behind_it(tmp_path: Path) -> None:
    first = Toy(context(store(tmp_path)))
    first.run()
    following = (torch.rand(2), np.random.random())
    again = Toy(context(store(tmp_path)))
    again.run()
    assert again.steps == 0
    assert state_of(again) == state_of(first)
    assert torch.equal(torch.rand(2), following[0])
    assert np.random.random() == following[1]


@pytest.mark.parametrize("change", ["data", "loop", "measures", "kind of network"])
def test_the_state_of_another_training_is_not_used(tmp_path: Path, change: str) -> None:
    Toy(context(store(tmp_path))).run()
    options: dict[str, Any] = {
        "data": {"data": ["other frames"]},
        "loop": {"loop": dataclasses.replace(LOOP, epochs=5)},
        "measures": {"measures": [lambda: 1.0]},
        "kind of network": {},
    }[change]
    toy = Toy(context(store(tmp_path)), **options)
    if change == "kind of network":
        with torch.no_grad():
            toy.net[0].weight.add_(1.0)
    toy.run()
    assert toy.steps == toy.loop.epochs * BATCHES


def test_a_damaged_state_is_told_and_the_training_starts_anew(tmp_path: Path) -> None:
    whole, rows = trained()
    with pytest.raises(Interrupted):
        Toy(context(store(tmp_path)), stop_at=6).run()
    (path,) = (tmp_path / "resume").rglob(f"{STATE}.safetensors")
    content = bytearray(path.read_bytes())
    content[-1] ^= 255
    path.write_bytes(bytes(content))
    told: list[str] = []
    again: list[dict[str, Any]] = []
    toy = Toy(context(Resume(tmp_path / "resume", "toy run", told.append), again))
    toy.run()
    assert len(told) == 1
    assert toy.steps == LOOP.epochs * BATCHES
    assert state_of(toy) == state_of(whole)
    assert again == rows


def test_lines_that_a_training_logs_itself_are_repeated(tmp_path: Path) -> None:
    class Talkative(Toy):
        def after_epoch(self, epoch: int) -> dict[str, Any]:
            self.log({"event": "sample", "value": np.float32(0.1) * epoch})
            return {"twice": 2 * epoch}

    rows: list[dict[str, Any]] = []
    Talkative(context(rows=rows)).run()
    assert [row.get("twice") for row in rows] == [None, 2, None, 4, None, 6, None, 8]
    with pytest.raises(Interrupted):
        Talkative(context(store(tmp_path)), stop_at=2 * BATCHES + 1).run()
    again: list[dict[str, Any]] = []
    Talkative(context(store(tmp_path), again)).run()
    assert again == rows


@pytest.mark.parametrize("stop_at", [2, BATCHES, 2 * BATCHES + 1])
def test_adversaries_with_an_optimiser_each_go_on_too(tmp_path: Path, stop_at: int) -> None:
    rows: list[dict[str, Any]] = []
    whole = Adversaries(context(rows=rows))
    whole.run()
    assert rows[0]["learning_rate"] == {"maker": 0.01, "judge": 0.01}
    assert rows[1]["ratio"] == 1.0
    assert rows[0].keys() >= {"judge", "maker"}
    assert all(name.startswith("maker.") for name in whole.learner.snapshot())
    with pytest.raises(Interrupted):
        Adversaries(context(store(tmp_path)), stop_at=stop_at).run()
    again: list[dict[str, Any]] = []
    resumed = Adversaries(context(store(tmp_path), again))
    resumed.run()
    assert state_of(resumed) == state_of(whole)
    assert again == rows


def test_progress_counts_epochs() -> None:
    told: list[tuple[str, int, int]] = []
    run = dataclasses.replace(context(), progress=lambda what, done, total: told.append((what, done, total)))
    Toy(run).run()
    assert told == [("train", epoch, 4) for epoch in (1, 2, 3, 4)]
