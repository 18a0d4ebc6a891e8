from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.generation.likeness import PERFECT_DB, MeanAbsoluteError, Psnr

FRAMES = np.array([[[10, 20], [30, 40]]], np.uint8)
SHIFTED = np.array([[[13, 20], [30, 36]]], np.uint8)


def value(metric, *pairs):
    sums = np.sum([metric.measure(a, b) for a, b in pairs], axis=0)
    return metric.values(sums[None].astype(float))[0, 0]


def test_by_hand():
    # Differences 3, 0, 0, 4: their mean is 7/4, the mean of their squares 25/4.
    assert value(MeanAbsoluteError(), (FRAMES, SHIFTED)) == 7 / 4
    assert value(Psnr(), (FRAMES, SHIFTED)) == pytest.approx(10 * np.log10(255**2 / 6.25))


def test_chunks_are_added_before_they_are_divided():
    longer = np.concatenate([FRAMES, FRAMES, SHIFTED])
    target = np.concatenate([FRAMES, SHIFTED, SHIFTED])
    for metric in (MeanAbsoluteError(), Psnr()):
        parts = [(longer[i : i + 1], target[i : i + 1]) for i in range(3)]
        assert value(metric, *parts) == pytest.approx(value(metric, (longer, target)))


def test_a_perfect_copy_and_the_worst():
    black, white = np.zeros((1, 4, 4, 3), np.uint8), np.full((1, 4, 4, 3), 255, np.uint8)
    assert value(Psnr(), (FRAMES, FRAMES)) == PERFECT_DB
    assert value(MeanAbsoluteError(), (FRAMES, FRAMES)) == 0
    assert value(Psnr(), (black, white)) == 0
    assert value(MeanAbsoluteError(), (white, black)) == 255


@pytest.mark.parametrize("metric", [MeanAbsoluteError(), Psnr()])
def test_without_a_pixel_nothing_is_defined(metric):
    assert not metric.defined(np.zeros(2))
    assert metric.defined(np.array([0.0, 4.0]))
    assert np.isfinite(metric.values(np.zeros((3, 2)))).all()
