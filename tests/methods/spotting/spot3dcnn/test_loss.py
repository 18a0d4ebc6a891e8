from __future__ import annotations

import dataclasses
import math

import pytest
import torch

from mebench.methods.spotting.spot3dcnn.config import PRESETS, Spot3DConfig
from mebench.methods.spotting.spot3dcnn.loss import build_loss
from mebench.settings import build_config

SAMM = build_config(Spot3DConfig, {}, owner="spot3dcnn", defaults=PRESETS["samm_lv"])


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_equation_5_3_by_hand() -> None:
    # micro: t=1, s=.8: .9 * 3 * -log .8; macro: t=0, s=.3: .1 * -log .7
    loss = build_loss(SAMM, (True, True))
    value = loss(torch.tensor([[logit(0.8), logit(0.3)]]), torch.tensor([[1.0, 0.0]]))
    assert value.item() == pytest.approx(-0.9 * 3 * math.log(0.8) - 0.1 * math.log(0.7), rel=1e-5)


def test_equation_5_1_by_hand() -> None:
    loss = build_loss(dataclasses.replace(SAMM, target="movement"), (True,))
    values = loss(torch.tensor([[logit(0.8)], [logit(0.8)]]), torch.tensor([[1.0], [0.0]]))
    assert values.tolist() == pytest.approx([-0.75 * math.log(0.8), -0.25 * math.log(0.2)], rel=1e-5)


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_the_sign_is_right_for_both_labels(target: float) -> None:
    """As printed, eq. 5.3 would pay for confident errors on negatives."""
    loss = build_loss(SAMM, (True, True))
    scores = [[logit(s)] * 2 for s in (0.1, 0.5, 0.9)]
    values = loss(torch.tensor(scores), torch.full((3, 2), target)).tolist()
    assert all(value > 0 for value in values)
    assert values == sorted(values, reverse=target == 1)


def test_without_weights_it_is_the_usual_cross_entropy() -> None:
    logits, targets = torch.randn(5, 2), torch.randint(0, 2, (5, 2)).float()
    usual = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1)
    assert torch.allclose(build_loss(Spot3DConfig(), (True, True))(logits, targets), usual)


def test_an_output_without_positives_gets_no_gradient() -> None:
    logits = torch.zeros(3, 2, requires_grad=True)
    build_loss(SAMM, (False, True))(logits, torch.ones(3, 2)).sum().backward()
    assert logits.grad is not None
    assert logits.grad[:, 0].abs().sum() == 0
    assert logits.grad[:, 1].abs().min() > 0


def test_extreme_logits_stay_finite() -> None:
    loss = build_loss(SAMM, (True, True))(torch.tensor([[1e4, -1e4]]), torch.tensor([[0.0, 1.0]]))
    assert torch.isfinite(loss).all()
