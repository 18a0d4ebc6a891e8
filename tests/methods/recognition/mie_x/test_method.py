from __future__ import annotations

from dataclasses import replace
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
from mebench.methods.recognition.flow_networks.training import Examples
from mebench.methods.recognition.mie_x.method import FaceTrainer
from mebench.methods.recognition.mie_x.resnet import ResNet18
from tests.methods.recognition.flow_networks.moving import CLASSES, clip, clips

QUICK = {"crop": "whole", "size": 40, "epochs": 1, "batch_size": 6}
HEAD = {1: 65_664 + 4_128 + 99, 2: 131_200 + 4_128 + 99}
IDS = {"apex_me": 1, "branches": 2}


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def context_in(folder: Path) -> RunContext:
    return RunContext(0, "cpu", FrameCache(folder), classes=CLASSES)


@pytest.mark.parametrize("id", IDS)
def test_it_has_a_body_for_each_face_and_three_dense_layers(id: str) -> None:
    net = METHODS.get(id).configure().network(3)
    assert sum(parameter.numel() for parameter in net.parameters()) == IDS[id] * 11_176_512 + HEAD[IDS[id]]


@pytest.mark.parametrize("id", IDS)
def test_a_step_of_the_full_settings_changes_all_weights(id: str) -> None:
    model = METHODS.get(id).configure()
    assert (model.config.size, model.config.epochs, model.config.batch_size) == (256, 80, 32)
    torch.manual_seed(0)
    net = model.network(3)
    before = {name: weight.detach().clone() for name, weight in net.named_parameters()}
    faces = np.random.default_rng(0).integers(0, 256, (2, IDS[id], 256, 256, 3), np.uint8)
    learner = single(net, *model.optimiser(net))
    trainer = FaceTrainer(
        learner, Examples(faces, np.array([0, 2])), model.loop(), RunContext(0, "cpu", FrameCache()), id
    )
    assert trainer.step(np.arange(2), np.random.default_rng(0))["loss"] > 0
    assert all(not torch.equal(before[name], weight) for name, weight in net.named_parameters() if weight.dim() == 4)


def test_a_fold_is_trained_and_comes_through_its_state(tmp_path: Path) -> None:
    context, model = context_in(tmp_path), METHODS.get("branches").configure(QUICK)
    model.fit(clips(2), (), context)
    one = clip("x", 1, 9).without_truth()
    said = model.recognise(one, context)
    assert len(said) == 3
    loaded = METHODS.get("branches").configure(QUICK)
    loaded.load_state(model.state())
    assert loaded.recognise(one, context) == said
    assert model.picture(one, context).shape == (2, 40, 40, 3)
    assert not np.array_equal(*model.picture(one, context))


def test_imagenet_weights_come_from_a_file_or_are_said_to_be_missing(tmp_path: Path) -> None:
    torch.manual_seed(5)
    body = ResNet18()
    torch.save(body.state_dict(), tmp_path / "resnet18.pth")
    model: Any = METHODS.get("branches").configure({**QUICK, "weights": str(tmp_path / "resnet18.pth")})
    model.require_parts()
    net = model.network(3)
    model.begun(net)
    assert all(torch.equal(net.bodies[i].conv1.weight, body.conv1.weight) for i in (0, 1))
    assert model.notes(clip("x", 0, 1)) == ()
    scratch = METHODS.get("apex_me").configure(QUICK)
    assert scratch.notes(clip("x", 0, 1)) == ("apex_me was trained from scratch, without ImageNet weights.",)
    with pytest.raises(UserError, match="There is no file"):
        METHODS.get("apex_me").configure({"weights": "nowhere.pth"}).require_parts()
    with pytest.raises(UserError, match="size=8 must be"):
        METHODS.get("apex_me").configure({"size": 8})


@pytest.mark.parametrize("legacy", [False, True])
def test_only_legacy_keeps_the_epoch_that_is_best_on_tested_clips(legacy: bool, tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = []
    tested = tuple(clips(1))
    context = replace(context_in(tmp_path), scored=tested if legacy else (), log=lambda line: lines.append(dict(line)))
    model = METHODS.get("apex_me").configure({**QUICK, "epochs": 3, "legacy": legacy})
    assert bool(model.tuned_on_test()) == legacy
    model.fit(clips(2), (), context)
    kept = [line["epoch"] for line in lines if line["event"] == "kept_epoch"]
    assert len(kept) == legacy
    if legacy:
        measured = [line["validation_loss"][0] for line in lines if line["event"] == "epoch"]
        assert kept[0] == measured.index(max(measured)) + 1
        right = sum(CLASSES[int(np.argmax(model.recognise(one, context)))] == one.emotion for one in tested)
        assert right / len(tested) == pytest.approx(max(measured))
