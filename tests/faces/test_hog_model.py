"""The linear models by hand, on faces in memory."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.faces import hog_model
from mebench.faces.hog import FEATURES, hog
from mebench.faces.hog_model import Ridge, intensities_of, neutral_features, predict
from mebench.frames.pixels import ArrayFrames


def random_model(seed=0):
    rng = np.random.default_rng(seed)
    shapes = (FEATURES + 1, 17), (FEATURES + 1, 17), (2, 17)
    return Ridge(*(rng.normal(0, 0.05, shape).astype(np.float32) for shape in shapes))


def random_faces(n, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, 112, 112), np.uint8)


def test_predictions_are_clipped_and_rounded():
    weights = np.array([[1.0, -1.0], [0.5, 0.0], [0.1, 0.0]], np.float32)
    features = np.array([[1.0, 2.0], [9.0, 0.0], [0.33333, 0.0]], np.float32)
    assert predict(features, weights).tolist() == [[pytest.approx(2.1), 0], [5, 0], [pytest.approx(0.4333), 0]]


def test_packing_loses_nothing():
    model = random_model()
    back = Ridge.unpack(model.packed())
    for name in ("person", "static", "correlations"):
        assert np.array_equal(getattr(back, name), getattr(model, name))


def test_neutral_features_are_the_median_of_all_frames_of_a_short_video():
    faces = random_faces(5)
    assert np.array_equal(neutral_features(ArrayFrames(faces)), np.median(hog(faces), axis=0))


def test_the_person_model_works_on_the_difference_from_the_neutral_face():
    faces, model = random_faces(6), random_model()
    difference = hog(faces) - np.median(hog(faces), axis=0)
    expected = np.clip(difference @ model.person[:-1] + model.person[-1], 0, 5)
    got = intensities_of(ArrayFrames(faces), model, personal=True)
    assert got.max() > 0
    assert np.allclose(got, expected, atol=2e-3)
    static = intensities_of(ArrayFrames(faces), model, personal=False)
    assert np.array_equal(static, predict(hog(faces), model.static))


@pytest.mark.parametrize("personal", [True, False])
def test_the_size_of_a_part_does_not_matter(monkeypatch, personal):
    faces, model = ArrayFrames(random_faces(7)), random_model()
    whole = intensities_of(faces, model, personal=personal)
    monkeypatch.setattr(hog_model, "_CHUNK", 3)
    assert np.array_equal(intensities_of(faces, model, personal=personal), whole)
