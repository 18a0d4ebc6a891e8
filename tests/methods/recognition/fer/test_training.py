"""The losses of both heads, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.nets.supervised import single
from mebench.methods.recognition.fer.training import FerTrainer, targets_of
from mebench.methods.recognition.flow_networks.training import Examples
from tests.methods.recognition.fer.faces import CLASSES, QUICK, SIZE


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def trainer_of(id: str, classes: list[int], **settings: Any) -> FerTrainer:
    model: Any = METHODS.get(id).configure({**QUICK, **settings})
    model.count = len(CLASSES)
    faces = np.random.default_rng(0).integers(0, 256, (len(classes), SIZE, SIZE), np.uint8)
    examples = Examples(faces, np.array(classes, np.int64))
    torch.manual_seed(0)
    net = model.network(3)
    made: FerTrainer = model.trainer_class("cpu")(
        single(net, *model.optimiser(net)), examples, model.loop(),
        RunContext(0, "cpu", FrameCache(), classes=CLASSES), id,
        weights=model.class_weights(examples), held_out=examples,
    )  # fmt: skip
    return made


def test_targets_are_0_half_and_1() -> None:
    assert targets_of([0, 1, 2, 0]).tolist() == [0.0, 0.5, 1.0, 0.0]


def test_regression_takes_the_squared_error_and_weighs_no_class() -> None:
    trainer = trainer_of("fer_regression", [0, 1, 2, 2])
    said = torch.tensor([[0.5], [0.5], [0.0], [1.25]])
    assert trainer.costs(said, np.arange(4)).tolist() == [0.25, 0.0, 1.0, 0.0625]
    balanced = trainer_of("fer_regression", [0, 1, 2, 2], class_weights="balanced")
    # Weights 4/3, 4/3, 2/3, 2/3; their mean is 1.
    assert balanced.costs(said, np.arange(4)).tolist() == pytest.approx([1 / 3, 0, 2 / 3, 0.0625 * 2 / 3])


def test_classification_weighs_negative_3_neutral_2_positive_1() -> None:
    trainer = trainer_of("fer_classification", [0, 1, 2])
    equal = trainer.costs(torch.zeros((3, 3)), np.arange(3))
    assert equal.tolist() == pytest.approx([np.log(3) * weight / 2 for weight in (3, 2, 1)])


@pytest.mark.parametrize("id", ["fer_classification", "fer_regression"])
def test_the_held_out_loss_is_that_of_unchanged_faces(id: str) -> None:
    trainer = trainer_of(id, [0, 1, 2, 2])
    examples = Examples(trainer.pictures.numpy(), trainer.classes.numpy())
    with torch.no_grad():
        wanted = trainer.costs(trainer.net(trainer.pictures), np.arange(4)).mean()
    assert trainer.held_out_loss(examples) == pytest.approx(float(wanted), rel=1e-5)
    assert trainer.step(np.arange(4), np.random.default_rng(1))["loss"] > 0
