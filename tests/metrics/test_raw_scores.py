"""The loss by hand, and pooled AUCs of drawn people against frames that are really written so many times."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.frames import auc
from mebench.metrics.raw_scores import Pairs, cross_entropy


def frames(seed: int = 0, count: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    person = np.sort(rng.integers(0, 4, count))
    # Few distinct scores, so that there are ties.
    return rng.random(count) < 0.3, rng.integers(0, 8, count) / 8, person


def test_a_loss_by_hand() -> None:
    losses = cross_entropy(np.array([True, True, False]), np.array([0.5, 1.0, 0.2]), 0.75, 0.25)
    assert losses == pytest.approx([-0.75 * np.log(0.5), 0.75e-7, -0.25 * np.log(0.8)], rel=1e-5)


def test_no_frame_makes_a_loss_infinite() -> None:
    assert np.isfinite(cross_entropy(np.array([True, False]), np.array([0.0, 1.0], np.float32))).all()


@pytest.mark.parametrize("scores", [[0.5, 1.5], [-0.1, 0.5], [np.nan, 0.5]])
def test_a_loss_needs_probabilities(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        cross_entropy(np.array([True, False]), np.array(scores))
    with pytest.raises(ValueError, match="shape"):
        cross_entropy(np.array([True]), np.array(scores))


@pytest.mark.parametrize("seed", range(5))
def test_drawn_people_have_the_auc_of_their_frames_written_so_often(seed: int) -> None:
    labels, scores, person = frames(seed)
    pairs = Pairs.of(labels, scores, person, 4)
    drawn = np.array([[1, 1, 1, 1], [0, 2, 1, 1], [4, 0, 0, 0], [0, 0, 3, 1]])
    for weights, value in zip(drawn, pairs.auc(drawn.astype(float)), strict=True):
        again = np.repeat(np.arange(len(person)), weights[person])
        expected, is_defined = auc(labels[again], scores[again])
        assert np.isnan(value) if not is_defined else value == pytest.approx(expected, abs=1e-12)


def test_everybodys_own_auc() -> None:
    labels, scores, person = frames()
    labels[person == 2] = False
    values, known = Pairs.of(labels, scores, person, 5).own()
    expected = [auc(labels[person == i], scores[person == i]) for i in range(5)]
    assert list(zip(values.tolist(), known.tolist(), strict=True)) == [(pytest.approx(v), k) for v, k in expected]
