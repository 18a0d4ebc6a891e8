"""What every recogniser by a network keeps, and what each is said to be."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.nets.supervised import single
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer
from mebench.methods.resume import Resume
from tests.methods.recognition.flow_networks.moving import CLASSES, QUICK, clip, clips

PARAMETERS = {
    "dual_inception": 6_449_963,
    "off_apexnet": 807_909,
    "rcn_a": 55_747,
    "sssnet": 1_349_251,
    "ststnet": 1_683,
}
"""As published, or counted by hand where no text has a number (rcn_a)."""
HTNET = 114_429_446
LEARNS = {
    "dual_inception": {"epochs": 5, "learning_rate": 3e-4},
    "htnet": {"epochs": 40, "learning_rate": 1e-3, "width": 12, "last_layers": 1},
    "off_apexnet": {"epochs": 60},
    "rcn_a": {"epochs": 25, "learning_rate": 0.02, "batch_size": 6, "maps": 16},
    "sssnet": {"epochs": 12, "learning_rate": 1e-3},
    "ststnet": {"epochs": 120, "learning_rate": 0.01},
}
"""Settings with which six people are enough."""


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def context_in(folder: Path, logged: list[Any] | None = None, **more: Any) -> RunContext:
    log = (lambda _: None) if logged is None else logged.append
    return RunContext(0, "cpu", FrameCache(folder), log=log, classes=CLASSES, **more)


def made(id: str, **options: Any) -> NetworkRecogniser:
    model: NetworkRecogniser = METHODS.get(id).configure({**QUICK, **options})
    return model


def trained(id: str, context: RunContext, people: int = 3, **options: Any) -> NetworkRecogniser:
    model = made(id, **options)
    model.fit(clips(people), clips(1, first=20), context)
    return model


@pytest.mark.parametrize("id", PARAMETERS)
def test_it_has_the_published_number_of_parameters(id: str) -> None:
    net = METHODS.get(id).configure().network(3)
    assert sum(parameter.numel() for parameter in net.parameters()) == PARAMETERS[id]


def test_htnet_has_them_too() -> None:
    with torch.device("meta"):  # 458 MB otherwise
        net = METHODS.get("htnet").configure().network(3)
    assert sum(parameter.numel() for parameter in net.parameters()) == HTNET


@pytest.mark.parametrize("id", [*PARAMETERS, pytest.param("htnet", marks=pytest.mark.slow)])
def test_a_step_of_the_full_settings_changes_all_weights(id: str) -> None:
    cls = METHODS.get(id)
    model = cls.configure()
    model.count = 3
    torch.manual_seed(0)
    net = model.network(3)
    count = min(model.config.batch_size, 12)
    pictures = np.random.default_rng(0).normal(0, 0.3, (count, cls.channels, cls.side, cls.side)).astype(np.float32)
    examples = Examples(pictures, np.arange(count) % 3)
    before = [parameter.detach().clone() for parameter in net.parameters()]
    learner = single(net, *model.optimiser(net))
    trainer = model.trainer_class("cpu")(learner, examples, model.loop(), RunContext(0, "cpu", FrameCache()), id)
    losses = trainer.step(np.arange(count), np.random.default_rng(0))
    assert 0.5 < losses["loss"] < 3  # log 3 is what chance costs
    moved = [not torch.equal(*pair) for pair in zip(before, net.parameters(), strict=True)]
    weights = [parameter.dim() > 1 for parameter in before]  # normalisation takes biases before it out again
    assert all(has_moved for has_moved, is_weight in zip(moved, weights, strict=True) if is_weight)


@pytest.mark.parametrize("id", LEARNS)
def test_it_learns_where_faces_move(id: str, folder: Path) -> None:
    context, model = context_in(folder), made(id, **LEARNS[id])
    model.fit(clips(6), clips(2, first=20), context)
    asked = clips(4, first=40)
    said = [np.argmax(model.recognise(one.without_truth(), context)) for one in asked]
    right = np.mean([CLASSES[label] == one.emotion for label, one in zip(said, asked, strict=True)])
    assert right >= 0.75


@pytest.mark.parametrize("id", ["off_apexnet", "ststnet"])
def test_state_comes_through_and_the_same_seed_gives_the_same_bytes(id: str, folder: Path) -> None:
    context = context_in(folder)
    model, again = (trained(id, context, epochs=2) for _ in range(2))
    assert all(np.array_equal(array, again.state()[name]) for name, array in model.state().items())
    loaded = made(id)
    loaded.load_state(model.state())
    one = clip("x", 1, 99).without_truth()
    assert loaded.recognise(one, context) == model.recognise(one, context)
    context.seed = 1
    other = trained(id, context, epochs=2).state()
    assert any(not np.array_equal(array, other[name]) for name, array in model.state().items())


def test_an_interrupted_training_ends_in_the_same_weights(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    whole = trained("ststnet", context_in(folder), epochs=6, batch_size=3).state()
    monkeypatch.setattr("mebench.methods.recognition.flow_networks.method._STATE_SECONDS", 0.0)
    steps, left = PictureTrainer.step, [11]

    def interrupted(self: Any, *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return steps(self, *arguments)

    monkeypatch.setattr(PictureTrainer, "step", interrupted)
    context = context_in(folder, resume=Resume(tmp_path / "resume", "fold"))
    with pytest.raises(KeyboardInterrupt):
        trained("ststnet", context, epochs=6, batch_size=3)
    left[0] = 10  # of 18 steps, 11 are done, 9 of them in epochs that are over
    state = trained("ststnet", context, epochs=6, batch_size=3).state()
    assert left[0] == 1
    assert all(np.array_equal(array, state[name]) for name, array in whole.items())


def test_the_last_epoch_is_kept_unless_a_paper_validates(folder: Path) -> None:
    for id in PARAMETERS:
        assert METHODS.get(id).validation == ("held_out" if id == "dual_inception" else "none")
    logged: list[Any] = []
    trained("dual_inception", context_in(folder, logged), people=2, epochs=5, learning_rate=3e-3)
    losses = [row["validation_loss"][0] for row in logged if row["event"] == "epoch"]
    assert len(losses) == 5
    (kept,) = [row["epoch"] for row in logged if row["event"] == "kept_epoch"]
    assert kept == int(np.argmin(losses)) + 1
    assert len(set(losses)) == 5


def test_clips_of_other_emotions_are_told_and_not_learnt_from(folder: Path) -> None:
    logged: list[Any] = []
    context = context_in(folder, logged)
    context.classes = CLASSES[:2]
    model = made("off_apexnet", epochs=1)
    model.fit(clips(2), (), context)
    assert {"event": "other_emotions", "clips": 2, "effect": "not learnt from"} in logged
    assert len(model.recognise(clip("x", 0, 5), context)) == 2
    with pytest.raises(UserError, match="trained on 2 classes and is asked for 3: train it under the same protocol"):
        model.recognise(clip("x", 0, 5), context_in(folder))


def test_what_cannot_be_is_told(folder: Path) -> None:
    context, model = context_in(folder), made("ststnet")
    with pytest.raises(UserError, match="ststnet has not been trained"):
        model.recognise(clip("x", 0, 5), context)
    with pytest.raises(UserError, match="no training or validation clip with one of the classes negative, positive"):
        model.fit((), (), context)
    for state in ({}, {"classes": np.array([3])}, {"classes": np.array([3]), "net.norm.weight": np.zeros(4)}):
        with pytest.raises(UserError, match="does not fit ststnet"):
            model.load_state(state)
    for options, message in (
        ({"epochs": 0}, "epochs=0 must be at least 1"),
        ({"learning_rate": 0}, "learning_rate=0 must be above 0"),
        ({"weight_decay": -1}, "weight_decay=-1 must be at least 0"),
    ):
        with pytest.raises(UserError, match=message):
            made("sssnet", **options)
    with pytest.raises(UserError, match="momentum=1 must be"):
        made("rcn_a", momentum=1)


def test_a_spotted_apex_is_told_where_one_is_looked_at() -> None:
    without = dataclasses.replace(clip("x", 0, 5), apex=0)
    assert "apex" in made("ststnet").notes(without)[0]
    assert made("ststnet").notes(clip("x", 0, 5)) == ()
    assert made("dual_inception").notes(without) == ()
