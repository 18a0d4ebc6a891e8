"""The regression by hand, and the toy world that it must learn."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.faces import hog_training
from mebench.faces.hog import FEATURES
from mebench.faces.hog_training import draw_intensities, fit_ridge, train_ridge

from .toys import toy_group


def test_ridge_equals_the_normal_equations():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 30)).astype(np.float32), rng.normal(size=(12, 2)).astype(np.float32)
    expected = np.linalg.solve(x.T @ x + 2 * np.eye(30), x.T @ y)
    assert np.allclose(fit_ridge(x, y, 2.0, offset=False), np.vstack([expected, np.zeros(2)]), atol=1e-4)
    centred = x - x.mean(axis=0)
    slope = np.linalg.solve(centred.T @ centred + 2 * np.eye(30), centred.T @ (y - y.mean(axis=0)))
    with_offset = fit_ridge(x, y, 2.0, offset=True)
    assert np.allclose(with_offset[:-1], slope, atol=1e-4)
    assert np.allclose(with_offset[-1], y.mean(axis=0) - x.mean(axis=0) @ slope, atol=1e-4)


def test_it_learns_the_toy_world(toy_model):
    person, static = toy_model.correlations
    assert np.median(person) > 0.8
    assert toy_model.person.shape == toy_model.static.shape == (FEATURES + 1, 17)
    assert not toy_model.person[-1].any()
    assert static[-1] > 0.5


def test_identities_may_not_overlap():
    with pytest.raises(ValueError, match="must differ"):
        train_ridge(range(3), range(2, 4), toy_group)


def test_training_is_repeatable(toy_model):
    again = train_ridge(range(8), range(100, 104), toy_group)
    assert np.array_equal(again.packed(), toy_model.packed())


def test_drawn_intensities_are_in_range_and_often_one_to_four_units():
    drawn = [draw_intensities(np.random.default_rng(i)) for i in range(200)]
    both = np.array([np.maximum(left, right) for left, right in drawn])
    assert both.min() >= 0
    assert both.max() <= 5
    assert set(np.count_nonzero(both[:, :-1], axis=1)) == {1, 2, 3, 4}
    assert 0.08 < np.mean([not np.array_equal(left, right) for left, right in drawn]) < 0.25
    assert 0.2 < np.mean(both.max(axis=1) < 1.6) < 0.7


def test_synthetic_groups_start_neutral_and_are_repeatable():
    group = hog_training.synthetic_group(910_001)
    assert group.faces.shape == (hog_training.NEUTRALS + hog_training.EXPRESSIONS, 112, 112)
    assert not group.intensities[: hog_training.NEUTRALS].any()
    assert group.intensities[hog_training.NEUTRALS :].any(axis=1).all()
    # The same person stays in place: neutral faces differ by noise, light and a fraction of a pixel.
    neutral = group.faces[: hog_training.NEUTRALS].astype(float)
    assert np.corrcoef(neutral[0].ravel(), neutral[1].ravel())[0, 1] > 0.97
    assert np.array_equal(hog_training.synthetic_group(910_001).faces, group.faces)
