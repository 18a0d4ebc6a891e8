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
from mebench.methods.recognition.emr.method import Emr
from mebench.methods.recognition.emr.network import PartNetwork
from mebench.methods.recognition.emr.training import DomainExamples, PartTrainer, strength
from mebench.methods.recognition.mie_x.resnet import ResNet18
from tests.methods.recognition.flow_networks.moving import CLASSES, clip, clips

QUICK = {"crop": "whole", "size": "40", "epochs": "1", "batch_size": "6", "body_rate": "1e-3"}


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def context_in(folder: Path, logged: list[Any] | None = None) -> RunContext:
    log = (lambda _: None) if logged is None else logged.append
    return RunContext(0, "cpu", FrameCache(folder), log=log, classes=CLASSES)


def made(**options: Any) -> Emr:
    model: Emr = METHODS.get("emr").configure({**QUICK, **options})
    return model


def macro(people: int) -> list[Any]:
    return [dataclasses.replace(one, dataset="macro") for one in clips(people, first=60)]


def trainer_of(model: Emr, net: PartNetwork, domains: list[int]) -> PartTrainer:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 3, model.config.size, model.config.size), np.uint8)
    examples = DomainExamples(pictures, np.array([0, 2]), np.array(domains))
    learner = single(net, *model.optimiser(net))
    return PartTrainer(learner, examples, model.loop(), RunContext(0, "cpu", FrameCache()), "emr")


@pytest.mark.slow
def test_a_step_of_the_full_settings_changes_all_weights() -> None:
    model: Emr = METHODS.get("emr").configure()
    assert (model.config.size, model.config.epochs) == (224, 100)
    model.domains = 2
    torch.manual_seed(0)
    net = model.network(3)
    before = {name: weight.detach().clone() for name, weight in net.named_parameters()}
    trainer = trainer_of(model, net, [0, 1])
    trainer.at.epoch = 50
    assert trainer.step(np.arange(2), np.random.default_rng(0))["loss"] > 0
    assert all(not torch.equal(before[name], weight) for name, weight in net.named_parameters() if weight.dim() > 1)


def test_the_body_has_its_own_step_size_and_both_are_halved() -> None:
    model: Emr = METHODS.get("emr").configure()
    net = model.network(3)
    optimiser, schedule = model.optimiser(net)
    rates = []
    for _ in range(21):
        rates.append([group["lr"] for group in optimiser.param_groups])
        optimiser.step()
        schedule.step()
    assert rates[0] == rates[9] == [1e-3, 1e-5]
    assert rates[10] == pytest.approx([5e-4, 5e-6])
    assert rates[20] == pytest.approx([2.5e-4, 2.5e-6])
    body = {id(weight) for weight in net.body.parameters()}
    assert {id(weight) for weight in optimiser.param_groups[1]["params"]} == body
    assert sum(len(group["params"]) for group in optimiser.param_groups) == len(list(net.parameters()))


def test_the_adversary_grows_and_is_left_out_where_there_is_one_dataset() -> None:
    assert strength(0) == 0
    assert strength(0.1) == pytest.approx(np.tanh(0.5))
    assert strength(1) == pytest.approx(1, abs=1e-4)
    model = made()
    model.domains = 2
    torch.manual_seed(0)
    net = model.network(3).eval()
    rows, random = np.arange(2), np.random.default_rng(0)
    alone = trainer_of(model, net, [0, 0]).losses(rows, random)
    both = trainer_of(model, net, [0, 1]).losses(rows, random)
    parts = net.parts(trainer_of(model, net, [0, 1]).pictures)
    added = torch.nn.functional.cross_entropy(net.domains_of(parts, 0.0), torch.tensor([0, 1]), reduction="none")
    assert torch.allclose(both - alone, added, atol=1e-5)
    said = net.said_of(parts).log_softmax(-1).detach()
    assert alone.tolist() == pytest.approx([-float(said[:, 0, 0].mean()), -float(said[:, 1, 2].mean())], abs=1e-5)


def test_datasets_are_domains_and_the_state_comes_through(folder: Path) -> None:
    logged: list[Any] = []
    context, model = context_in(folder, logged), made()
    model.fit([*clips(1), *macro(1)], (), context)
    assert {"event": "domains", "datasets": ["macro", "toy"], "adversary": True} in logged
    assert model.examples([*clips(1), *macro(1)], context).domains.tolist() == [1, 1, 1, 0, 0, 0]
    one = clip("x", 1, 9).without_truth()
    loaded = made()
    loaded.load_state(model.state())
    assert loaded.recognise(one, context) == model.recognise(one, context)
    with pytest.raises(UserError, match="does not fit emr"):
        made().load_state({"classes": np.array([3])})


def test_one_dataset_has_no_adversary(folder: Path) -> None:
    logged: list[Any] = []
    model = made()
    model.fit(clips(1), (), context_in(folder, logged))
    assert {"event": "domains", "datasets": ["toy"], "adversary": False} in logged
    assert model.domains == 1
    with pytest.raises(UserError, match="no training or validation clip"):
        made().fit((), (), context_in(folder))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_the_full_settings_learn_on_a_gpu(folder: Path) -> None:
    context = dataclasses.replace(context_in(folder), device="cuda")
    model: Emr = METHODS.get("emr").configure({"crop": "whole", "body_rate": "1e-3", "epochs": "20"})
    model.fit([*clips(6), *macro(3)], (), context)
    asked = clips(4, first=40)
    said = [int(np.argmax(model.recognise(one.without_truth(), context))) for one in asked]
    assert np.mean([CLASSES[label] == one.emotion for label, one in zip(said, asked, strict=True)]) >= 0.75


@pytest.mark.slow
def test_it_learns_where_faces_move(folder: Path) -> None:
    context, model = context_in(folder), made(epochs="8")
    model.fit([*clips(6), *macro(3)], (), context)
    asked = clips(4, first=40)
    said = [int(np.argmax(model.recognise(one.without_truth(), context))) for one in asked]
    assert np.mean([CLASSES[label] == one.emotion for label, one in zip(said, asked, strict=True)]) >= 0.75


def test_weights_come_from_a_file_or_are_said_to_be_missing(tmp_path: Path) -> None:
    torch.manual_seed(5)
    body = ResNet18()
    torch.save(body.state_dict(), tmp_path / "resnet18.pth")
    model = made(weights=str(tmp_path / "resnet18.pth"))
    model.require_parts()
    net = model.network(3)
    model.begun(net)
    assert torch.equal(net.body.conv1.weight, body.conv1.weight)
    assert model.notes(clip("x", 0, 1)) == ()
    assert made().notes(clip("x", 0, 1)) == ("emr was trained from scratch, without VGGFace weights.",)
    assert len(made().notes(dataclasses.replace(clip("x", 0, 1), apex=0))) == 2
    with pytest.raises(UserError, match="There is no file"):
        made(weights="nowhere.pth").require_parts()
    for options, message in (
        ({"size": "32"}, "size=32 must be"), ({"halve_every": "0"}, "halve_every=0 must be"),
        ({"body_rate": "0"}, "body_rate=0 must be"), ({"adversary": "-1"}, "adversary=-1 must be"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=message):
            made(**options)
