"""Features of one face."""

from __future__ import annotations

import numpy as np

from mebench.figures.features import FaceFeatures, described, draw_features


def test_features_as_worked_by_hand() -> None:
    # The left half is dark and the right half bright, so that only the border between them has a direction.
    face = np.full((32, 32), 50, np.uint8)
    face[:, 16:] = 200
    found = described(face)
    assert list(found) == ["aligned face", "local binary patterns", "oriented gradients", "local contrast"]
    # Neighbours that are as bright as the middle count, those to the left of a bright pixel at the border do not.
    patterns = found["local binary patterns"]
    assert (patterns[10, 10], patterns[10, 25]) == (255, 255)
    assert bin(int(patterns[10, 16])).count("1") == 5
    gradients = found["oriented gradients"]
    assert gradients[:, 8:24].max() > 0
    assert gradients[:, :8].max() == gradients[:, 24:].max() == 0
    # Far from the border nothing differs from its surroundings; beside it the dark is darker and the bright brighter.
    contrast = found["local contrast"]
    assert contrast[16, 15] < contrast[16, 0] < contrast[16, 16]


def test_a_light_changes_the_patterns_and_the_contrast_little() -> None:
    random = np.random.default_rng(0)
    face = random.integers(20, 100, (112, 112), dtype=np.uint8)
    one, other = described(face), described(face * 2)
    assert (one["local binary patterns"] == other["local binary patterns"]).all()
    assert np.corrcoef(one["local contrast"].ravel(), other["local contrast"].ravel())[0, 1] > 0.999


def test_the_same_face_gives_the_same_bytes() -> None:
    face = np.random.default_rng(0).integers(0, 256, (112, 112), dtype=np.uint8)
    sheet = draw_features(FaceFeatures("v$1", 3, described(face)))
    assert sheet == draw_features(FaceFeatures("v$1", 3, described(face)))
    assert sheet["png"].startswith(b"\x89PNG")


def test_a_face_without_any_contrast_is_drawn() -> None:
    assert draw_features(FaceFeatures("v", 1, described(np.full((112, 112), 90, np.uint8))))["svg"]
