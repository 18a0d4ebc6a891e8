"""What dtscnn sees, learns and keeps; a first stage of learning, as every network on clips has it that knows stages."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs.flows import flow_sequence
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.nets.supervised import single
from mebench.methods.recognition.dtscnn.method import Dtscnn
from mebench.methods.recognition.dtscnn.network import FEATURES, DualScale
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer
from tests.methods.recognition.flow_networks.moving import CLASSES, QUICK, clip, clips

SMALL = {**QUICK, "long": "4", "short": "2", "batch_size": "6", "learning_rate": "1e-3"}


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def context_in(folder: Path, logged: list[Any] | None = None, **more: Any) -> RunContext:
    log = (lambda _: None) if logged is None else logged.append
    return RunContext(0, "cpu", FrameCache(folder), log=log, classes=CLASSES, **more)


def made(**options: Any) -> Dtscnn:
    model: Dtscnn = METHODS.get("dtscnn").configure({**SMALL, **options})
    return model


def test_the_slower_stream_sees_every_kth_flow_up_to_the_last() -> None:
    torch.manual_seed(0)
    net = DualScale(3, every=4, width=8).eval()
    seen: dict[str, torch.Tensor] = {}
    for name in ("fast", "slow"):
        getattr(net, name).register_forward_hook(lambda _, inputs, __, name=name: seen.update({name: inputs[0]}))
    flows = torch.randn(2, 2, 16, 28, 28)
    assert net(flows.half()).shape == (2, 3)
    assert torch.equal(seen["fast"], flows.half().float())
    assert torch.equal(seen["slow"], seen["fast"][:, :, [3, 7, 11, 15]])
    assert net.dense.in_features == 2 * FEATURES


def test_its_parameters_by_hand() -> None:
    stream = 27 * (2 * 8 + 8 * 16 + 16 * 32) + 2 * (8 + 16 + 32)
    net = METHODS.get("dtscnn").configure().network(3)
    assert sum(p.numel() for p in net.parameters()) == 2 * stream + (1024 * 128 + 128) + (128 * 3 + 3)


def test_what_it_sees_is_the_flow_over_its_longest_component(folder: Path) -> None:
    context, model, one = context_in(folder), made(), clip("x", 2, 3)
    picture = model.picture(one, context)
    assert (picture.shape, picture.dtype) == ((2, 4, 28, 28), np.float16)
    assert np.abs(picture).max() == 1
    flows = flow_sequence(one, context.cache, model.view(one), 4)
    assert np.allclose(picture, (flows / np.abs(flows).max()).transpose(3, 0, 1, 2), atol=1e-3)
    still = dataclasses.replace(one, onset=1, apex=1, offset=1)
    assert not model.picture(still, context).any()
    assert model.notes(dataclasses.replace(one, apex=0)) == ()


def test_a_step_of_the_full_settings_changes_all_weights() -> None:
    model = METHODS.get("dtscnn").configure()
    model.count = 3
    torch.manual_seed(0)
    net = model.network(3)
    before = [parameter.detach().clone() for parameter in net.parameters()]
    count = 4  # clips; the settings have 32
    flows = np.random.default_rng(0).normal(0, 0.3, (count, 2, 128, 28, 28)).astype(np.float16)
    examples = Examples(flows, np.arange(count) % 3)
    learner = single(net, *model.optimiser(net))
    trainer = PictureTrainer(learner, examples, model.loop(), RunContext(0, "cpu", FrameCache()), "dtscnn")
    assert 0.5 < trainer.step(np.arange(count), np.random.default_rng(0))["loss"] < 3
    assert all(not torch.equal(*pair) for pair in zip(before, net.parameters(), strict=True) if pair[0].dim() > 1)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_the_full_settings_are_trained_on_a_gpu(folder: Path) -> None:
    context = dataclasses.replace(context_in(folder), device="cuda")
    options = {**QUICK, "epochs": "20", "learning_rate": "1e-3"}
    model: Dtscnn = METHODS.get("dtscnn").configure(options)
    model.fit(clips(6), (), context)
    asked = clips(4, first=40)
    said = [int(np.argmax(model.recognise(one.without_truth(), context))) for one in asked]
    assert np.mean([CLASSES[label] == one.emotion for label, one in zip(said, asked, strict=True)]) >= 0.75


@pytest.mark.slow
def test_it_learns_where_faces_move(folder: Path) -> None:
    context, model = context_in(folder), made(epochs="30")
    model.fit(clips(6), (), context)
    asked = clips(4, first=40)
    said = [int(np.argmax(model.recognise(one.without_truth(), context))) for one in asked]
    assert np.mean([CLASSES[label] == one.emotion for label, one in zip(said, asked, strict=True)]) >= 0.75


def test_the_machines_come_through_the_state_and_speak(folder: Path) -> None:
    logged: list[Any] = []
    context, model = context_in(folder, logged), made(epochs="2")
    model.fit(clips(2), (), context)
    assert [row["clips"] for row in logged if row["event"] == "machines"] == [6]
    one = clip("x", 1, 99).without_truth()
    said = model.recognise(one, context)
    loaded = made()
    loaded.load_state(model.state())
    assert loaded.recognise(one, context) == said
    assert sum(said) == pytest.approx(1)
    assert model.machines is not None
    picture = torch.from_numpy(model.picture(one, context)[None])
    assert isinstance(model.net, DualScale)
    with torch.no_grad():
        features = model.net.eval().features(picture).numpy()
    assert said == model.machines.probabilities(features, 3)[0].tolist()
    without = {name: array for name, array in model.state().items() if not name.startswith("machines.")}
    with pytest.raises(UserError, match="does not fit dtscnn"):
        made().load_state(without)
    with pytest.raises(UserError, match="dtscnn has not been trained"):
        made().recognise(one, context)


def test_a_first_stage_is_learnt_from_before(folder: Path) -> None:
    logged: list[Any] = []
    early = [dataclasses.replace(one, dataset="macro") for one in clips(2, first=60)]
    train = [*clips(2), *early]
    more = {"first_sources": ("macro",), "source_of": lambda one: "macro" if one.dataset == "macro" else ""}
    model = made(epochs="2", first_epochs="3")
    model.fit(train, (), context_in(folder, logged, **more))
    assert [row["epoch"] for row in logged if row["event"] == "epoch"] == [1, 2, 3, 1, 2]
    assert {"event": "first_stage", "clips": 6, "classes": list(CLASSES)} in logged
    assert [row["clips"] for row in logged if row["event"] == "machines"] == [6]
    alone = made(epochs="2", first_epochs="3", fine_tune="no")
    logged.clear()
    alone.fit(train, (), context_in(folder, logged, **more))
    assert [row["epoch"] for row in logged if row["event"] == "epoch"] == [1, 2, 3]
    changed = [not np.array_equal(array, alone.state()[name]) for name, array in model.state().items()]
    assert any(changed)


def test_other_labels_of_a_first_stage_get_a_new_last_layer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[dict[str, torch.Tensor], int]] = []
    model = made(epochs="1", first_epochs="1")
    learn = model._train

    def kept(net: Any, *arguments: Any, **more: Any) -> None:
        begun.append(({name: w.clone() for name, w in net.state_dict().items()}, model.count))
        learn(net, *arguments, **more)
        begun.append(({name: w.clone() for name, w in net.state_dict().items()}, model.count))

    monkeypatch.setattr(model, "_train", kept)
    early = [dataclasses.replace(one, dataset="macro") for one in clips(2, first=60)]
    own = [dataclasses.replace(one, emotion={"negative": "fear", "positive": "joy"}[one.emotion])
           for one in clips(3) if one.emotion != "surprise"]  # fmt: skip
    context = context_in(folder, first_sources=("macro",), source_of=lambda one: one.dataset.replace("toy", ""))
    context.classes = ("fear", "joy")
    model.fit([*own, *early], (), context)
    assert [count for _, count in begun] == [3, 3, 2, 2]
    (_, _), (first, _), (last, _), (_, _) = begun
    differing = {name for name in first if first[name].shape != last[name].shape or not first[name].equal(last[name])}
    assert differing == {"output.weight", "output.bias"}
    assert len(model.recognise(clip("x", 0, 5), context)) == 2


def test_the_machines_follow_the_epoch_that_legacy_keeps(folder: Path) -> None:
    logged: list[Any] = []
    context = context_in(folder, logged, scored=tuple(clips(2, first=20)))
    model = made(epochs="3", legacy="true")
    assert model.tuned_on_test() == "the epoch of dtscnn was chosen on the tested clips"
    assert made().tuned_on_test() == ""
    model.fit(clips(2), (), context)
    (kept,) = [row["epoch"] for row in logged if row["event"] == "kept_epoch"]
    measured = [row["validation_loss"][0] for row in logged if row["event"] == "epoch"]
    assert kept == measured.index(max(measured)) + 1
    assert [row["event"] for row in logged][-1] == "machines"


def test_frames_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UserError, match="long=6 must be a multiple of short=4"):
        made(long="6", short="4")
    with pytest.raises(UserError, match="short=0 must be at least 1"):
        made(short="0")
    with pytest.raises(UserError, match="first_epochs=0 must be at least 1"):
        made(first_epochs="0")
