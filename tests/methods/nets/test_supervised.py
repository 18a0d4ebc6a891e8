from __future__ import annotations

import json
from typing import Any

import pytest
import torch

from mebench.methods.nets.position import Loop
from tests.methods.nets.toys import Toy, context

ONE_STEP = Loop(epochs=1, batch_size=30)


class Plain(Toy):
    """A toy without anything random in its step, and with weights for every sample alike."""

    def losses(self, batch: Any, random: Any) -> torch.Tensor:
        self.net.eval()  # batch statistics and dropout differ between the parts of a batch
        return super().losses(batch, _Silent())  # type: ignore[arg-type]


class _Silent:
    def normal(self, *_: Any) -> float:
        return 0.0


def test_the_gradients_of_parts_add_up_to_those_of_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numpy.random.normal", lambda *_: 0.0)
    monkeypatch.setattr("random.gauss", lambda *_: 0.0)
    whole, parted = Plain(context(), ONE_STEP, kind="sgd"), Plain(context(), ONE_STEP, kind="sgd")
    parted.parts = 4  # of 8, 8, 8 and 6 samples
    whole.run()
    parted.run()
    for one, other in zip(whole.net.parameters(), parted.net.parameters(), strict=True):
        torch.testing.assert_close(one, other)
    assert json.loads(parted.at.rows[0])["loss"] == pytest.approx(json.loads(whole.at.rows[0])["loss"])


def test_gradients_are_scaled_down_to_the_longest() -> None:
    toy = Toy(context(), ONE_STEP, kind="sgd")
    toy.longest_gradient = 1e-9
    before = [parameter.clone() for parameter in toy.net.parameters()]
    toy.learner.optimisers["net"].param_groups[0]["weight_decay"] = 0.0
    toy.run()
    for old, new in zip(before, toy.net.parameters(), strict=True):
        torch.testing.assert_close(old, new, rtol=0, atol=1e-9)
