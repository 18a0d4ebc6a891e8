"""HOG: its size, and that it sees edges where they are and in the direction they have."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.faces.hog import BINS, CELL, FEATURES, hog


def face(seed=0, n=1):
    return np.random.default_rng(seed).integers(0, 255, (n, 112, 112)).astype(np.uint8)


def test_shape_and_block_normalisation():
    features = hog(face(n=3))
    assert features.shape == (3, FEATURES) == (3, 12168)
    norms = np.linalg.norm(features.reshape(3, -1, 4 * BINS), axis=2)
    assert norms.max() <= 1.001
    assert norms.min() > 0.9


def test_each_face_stands_alone():
    both = face(n=2)
    assert np.array_equal(hog(both)[1:], hog(both[1:]))


def test_views_with_negative_strides_are_read_right():
    mirrored = face(n=1)[:, :, ::-1]
    assert np.array_equal(hog(mirrored), hog(mirrored.copy()))


def test_a_flat_face_has_no_features():
    assert not hog(np.full((1, 112, 112), 90, np.uint8)).any()


def test_light_that_scales_grey_values_changes_little():
    dark = (face() // 2).astype(np.uint8)
    a, b = hog(dark)[0], hog(dark * 2)[0]
    assert np.corrcoef(a, b)[0, 1] > 0.99


def test_an_edge_shows_in_its_cells_and_its_direction_only():
    picture = np.zeros((1, 112, 112), np.uint8)
    picture[0, :, 60:] = 200
    blocks = hog(picture)[0].reshape(13, 13, 4, BINS)
    columns = np.flatnonzero(blocks.sum(axis=(1, 2, 3)))
    assert set(columns) <= {60 // CELL - 2, 60 // CELL - 1, 60 // CELL}
    histogram = blocks.sum(axis=(0, 1, 2))
    assert np.count_nonzero(histogram > 0.05 * histogram.max()) <= 2
    opposite = hog(255 - picture)[0].reshape(-1, BINS).sum(axis=0)
    assert np.allclose(np.roll(histogram, BINS // 2), opposite)


@pytest.mark.parametrize("shape", [(112, 112), (1, 111, 112), (1, 112, 112, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(n, 112, 112\)"):
        hog(np.zeros(shape, np.uint8))
