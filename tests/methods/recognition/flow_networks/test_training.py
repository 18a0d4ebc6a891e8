from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.nets.position import Loop
from mebench.methods.nets.supervised import single
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer, logits_of, mean_loss


def examples(classes: list[int]) -> Examples:
    random = np.random.default_rng(0)
    return Examples(random.normal(0, 1, (len(classes), 2)).astype(np.float32), np.array(classes, np.int64))


def trainer_of(learnt: Examples, **more: Any) -> PictureTrainer:
    net = nn.Linear(2, 3)
    learner = single(net, torch.optim.SGD(net.parameters(), lr=0.1))
    return PictureTrainer(learner, learnt, Loop(3, 4), RunContext(0, "cpu", FrameCache()), "t", **more)


def test_weights_of_classes_worked_by_hand() -> None:
    # 6 clips, two classes that occur: 6 / (2 * 4) and 6 / (2 * 2); a class without a clip counts nothing
    assert examples([0, 0, 0, 0, 2, 2]).weights(3).tolist() == [0.75, 0.0, 1.5]


def test_the_loss_is_torchs_weighted_mean() -> None:
    torch.manual_seed(0)
    learnt = examples([0, 0, 1, 2])
    weights = np.array([0.5, 2.0, 4.0], np.float32)
    trainer, batch = trainer_of(learnt, weights=weights), np.arange(4)
    wanted = nn.functional.cross_entropy(
        trainer.net(torch.from_numpy(learnt.pictures)), torch.from_numpy(learnt.classes), torch.from_numpy(weights)
    )
    assert trainer.losses(batch, np.random.default_rng(0)).mean().item() == pytest.approx(wanted.item())
    assert mean_loss(trainer.net, learnt, weights) == pytest.approx(wanted.item())
    assert mean_loss(trainer.net, learnt, None) != pytest.approx(wanted.item())


def test_clips_are_mixed_or_in_order() -> None:
    mixed, ordered = (trainer_of(examples([0] * 9), shuffle=shuffle) for shuffle in (True, False))
    random = np.random.default_rng(0)
    assert ordered.draw(1, random).tolist() == list(range(9))
    assert mixed.draw(1, random).tolist() != list(range(9))
    assert sorted(mixed.draw(2, random)) == list(range(9))


def test_a_digest_tells_pictures_and_classes_apart() -> None:
    first, other = examples([0, 1]), examples([1, 0])
    moved = Examples(first.pictures[::-1], first.classes)
    assert len({part.digest() for part in (first, other, moved)}) == 3
    assert first.digest() == examples([0, 1]).digest()


def test_what_a_network_says_does_not_depend_on_what_it_is_asked_with() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(0.5), nn.Linear(2, 3))
    pictures = np.random.default_rng(0).normal(0, 1, (300, 2)).astype(np.float32)
    together = logits_of(net, pictures)
    assert together.shape == (300, 3)
    np.testing.assert_allclose(together[257:258], logits_of(net, pictures[257:258]), rtol=1e-6)
