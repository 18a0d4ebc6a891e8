"""Whatever is wrong with what a method gives to be explained is told in one sentence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mebench.apply.explained import ask_explained, its_fault
from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.explainable import Explainable, Explained, ExplainedLayer
from mebench.testing import fakes

NET = nn.Sequential(nn.Conv2d(1, 1, 1), nn.Flatten(), nn.Linear(64, 2))
LAYER = ExplainedLayer("last convolution (0)", NET[0])
GOOD = Explained(
    NET, torch.zeros(2, 1, 8, 8), ("micro", "macro"), np.full((2, 2), 0.5), np.zeros((2, 8, 8), np.uint8), (LAYER,)
)


class Asked(Explainable):
    """Gives what it is made with."""

    id = "asked"

    def __init__(self, given: Any) -> None:
        self.given = given

    def explained(self, recording: Any, indices: Any, context: RunContext) -> Explained:
        assert not recording.events
        return self.given() if callable(self.given) else self.given


def ask(given: Any) -> Explained:
    return ask_explained(Asked(given), fakes.video("p1", "v1", 240), [3, 4], RunContext(0, "cpu", FrameCache(), "x"))


def raises(error: BaseException) -> Callable[[], None]:
    def give() -> None:
        raise error

    return give


def test_what_is_right_is_taken_once_and_as_numbers() -> None:
    given = dataclasses.replace(GOOD, outputs=["micro", "macro"], scores=[[0, 1], [1, 0]], layers=iter([LAYER]))
    NET.train()
    found = ask(given)
    assert (found.outputs, found.layers, found.scores.dtype) == (("micro", "macro"), (LAYER,), np.float32)
    assert NET.training
    assert all(module.training for module in NET)
    one = nn.Sequential(nn.Flatten(0), nn.Linear(64, 1))
    single = dataclasses.replace(GOOD, net=one, outputs=("movement",), scores=np.zeros((2, 1)))
    assert ask(single).outputs == ("movement",)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (raises(RuntimeError("no\nway")), "asked failed in `explained` (RuntimeError: no way): mend it."),
        (raises(UserError("Train it first.")), "Train it first."),
        (None, "asked gave NoneType, where an Explained is due"),
        ({"net": "net"}, "a `net` of type str"),
        ({"inputs": np.zeros((2, 1, 8, 8), np.float32)}, "`inputs` of type ndarray, where a torch.Tensor is due"),
        ({"inputs": torch.zeros(1, 1, 8, 8)}, "`inputs` of shape (1, 1, 8, 8) for 2 frames"),
        ({"inputs": torch.zeros(2, 64)}, "`inputs` of shape (2, 64) for 2 frames"),
        ({"inputs": torch.zeros(2, 1, 8, 8, dtype=torch.uint8)}, "`inputs` of torch.uint8, where floating-point"),
        ({"inputs": torch.full((2, 1, 8, 8), torch.nan)}, "`inputs` that are not finite"),
        ({"outputs": ()}, "`outputs` (), where a name for each logit is due"),
        ({"outputs": "micro"}, "`outputs` 'micro', where a name"),
        ({"outputs": 3}, "whose fields cannot be read"),
        ({"outputs": ("micro", "micro")}, "`outputs` with a name twice"),
        ({"scores": np.zeros((2, 3))}, "`scores` of shape (2, 3) for 2 frames and 2 `outputs`, where (2, 2) is due"),
        ({"scores": np.full((2, 2), np.nan)}, "`scores` that are not finite"),
        ({"scores": np.full((2, 2), "a")}, "`scores` that are no numbers"),
        ({"pictures": np.zeros((2, 8, 8))}, "`pictures` of float64 (2, 8, 8), where uint8 (2, 8, 8) is due"),
        ({"pictures": np.zeros((2, 9, 8), np.uint8)}, "`pictures` of uint8 (2, 9, 8), where uint8 (2, 8, 8)"),
        ({"layers": ()}, "no `layers`, where at least one is due"),
        ({"layers": (NET[0],)}, "Conv2d among the `layers`, where an ExplainedLayer is due"),
        ({"layers": (dataclasses.replace(LAYER, module=None),)}, "without a name or a torch.nn.Module"),
        ({"layers": (dataclasses.replace(LAYER, pooled=NET),)}, "with one of `pooled` and `at_places` alone"),
        ({"layers": (LAYER, LAYER)}, "`layers` with a name twice"),
        (
            {"outputs": ("micro", "macro", "both"), "scores": np.zeros((2, 3))},
            "3 `outputs` for a `net` that gives logits of shape (1, 2) for one sample",
        ),
        ({"net": nn.Linear(3, 2)}, "failed in the `net` of its `explained`, given the first of its `inputs` (Runtime"),
        ({"net": nn.LSTM(8, 2), "inputs": torch.zeros(2, 8, 8)}, "a `net` that returns tuple"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(given: Any, told: str) -> None:
    given = dataclasses.replace(GOOD, **given) if isinstance(given, dict) else given
    with pytest.raises(UserError) as raised:
        ask(given)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_logits_that_are_not_finite_are_told() -> None:
    broken = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
    broken[1].weight.data.fill_(torch.nan)
    with pytest.raises(UserError, match="a `net` that gives logits which are not finite"):
        ask(dataclasses.replace(GOOD, net=broken))


def test_what_the_user_can_mend_stays_as_it_is() -> None:
    with pytest.raises(UserError, match="not enough memory"), its_fault("asked", "x"):
        raise MemoryError
