from __future__ import annotations

import torch

from mebench.methods.nets.early_stopping import Tracker
from mebench.methods.nets.tree import flatten, rebuild


def weights(value: float) -> dict[str, torch.Tensor]:
    return {"w": torch.tensor([value])}


def test_the_first_of_equally_good_epochs_is_best() -> None:
    tracker = Tracker()
    for epoch, value in enumerate([3.0, 1.0, 1.0, 2.0], start=1):
        tracker.update(value, epoch, lambda value=value: weights(value))
    assert (tracker.best_value, tracker.best_epoch, tracker.waited) == (1.0, 2, 2)
    assert tracker.best_weights["w"].tolist() == [1.0]


def test_higher_may_be_better_and_weights_are_copied_only_then() -> None:
    tracker = Tracker(higher=True)
    copied: list[int] = []
    for epoch, value in enumerate([0.2, 0.1, 0.4], start=1):
        tracker.update(value, epoch, lambda epoch=epoch: copied.append(epoch) or weights(epoch))
    assert copied == [1, 3]
    assert tracker.best_epoch == 3


def test_the_state_survives_even_before_the_first_epoch() -> None:
    for updates in (0, 2):
        tracker, other = Tracker(), Tracker()
        for epoch in range(updates):
            tracker.update(1.0, epoch, lambda: weights(1))
        other.load(rebuild(*flatten(tracker.state())))
        assert (other.best_value, other.best_epoch, other.waited) == (tracker.best_value, 0, max(updates - 1, 0))
        assert other.best_weights.keys() == tracker.best_weights.keys()
