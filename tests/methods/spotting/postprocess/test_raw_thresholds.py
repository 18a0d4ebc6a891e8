"""A threshold on stretched scores is one on raw scores, of its own for each video."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mebench.methods.spotting.postprocess.raw_thresholds import levelled, threshold_of_video


def test_by_hand() -> None:
    scores = np.array([0.2, 0.3, 0.6], np.float32)
    assert levelled(scores, "range") == pytest.approx([0, 0.25, 1], abs=1e-6)
    assert threshold_of_video(scores, 0.5, "range") == pytest.approx(0.4)
    assert levelled(scores, "none") == pytest.approx(scores)
    assert threshold_of_video(scores, 0.5, "none") == 0.5


@pytest.mark.parametrize("seed", range(5))
def test_the_same_frames_are_positive(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, level = rng.random(200).astype(np.float32), float(rng.random())
    positive = levelled(scores, "range") >= level
    assert ((scores >= threshold_of_video(scores, level, "range")) == positive).all()


@pytest.mark.parametrize(("level", "expected"), [(0.5, math.inf), (0.0, -math.inf), (math.inf, math.inf)])
def test_a_video_that_says_the_same_everywhere(level: float, expected: float) -> None:
    assert threshold_of_video(np.full(4, 0.7), level, "range") == expected
    assert threshold_of_video(np.empty(0), level, "range") == expected
