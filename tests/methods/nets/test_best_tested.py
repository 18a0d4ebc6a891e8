"""The best epoch on tested clips: nothing without them, and the first best accuracy with them."""

from __future__ import annotations

import numpy as np

from mebench.methods.base import RunContext
from mebench.methods.nets.best_tested import best_on_tested
from mebench.schema.recordings import Clip

CLASSES = ("negative", "positive", "surprise")
CLIPS = [Clip("d", "s", f"c{i}", 30.0, (), CLASSES[k]) for i, k in enumerate((0, 0, 1, 2))]


def context(scored=()):
    return RunContext(0, "cpu", None, classes=CLASSES, scored=scored)


def test_an_honest_run_measures_nothing():
    assert best_on_tested(lambda clips: [], context()) == ()


def test_the_first_best_epoch_is_kept():
    epoch = 0
    said = [(0, 0, 0, 0), (0, 0, 1, 1), (0, 0, 1, 0), (2, 2, 2, 2)]
    (held,) = best_on_tested(lambda clips: np.eye(3)[list(said[epoch])], context(CLIPS))
    values = []
    for epoch in range(4):
        values.append(held.measure())
        held.tracker.update(values[-1], epoch + 1, dict)
    assert values == [0.5, 0.75, 0.75, 0.25]
    assert held.tracker.best_epoch == 2
