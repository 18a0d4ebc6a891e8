"""Bi-WOOF: both weights, worked by hand, and against a loop over pixels."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.methods.recognition.bi_woof import BiWoof, Grid, oriented_histograms
from tests.methods.recognition.moving import clip, context


def test_one_block_by_hand():
    field = np.zeros((2, 2, 2), np.float32)
    field[0, 0] = (3, 4)  # 53 degrees: bin 5 of -180, -135, ..., 135
    field[0, 1] = (-1, 0.001)  # just below 180 degrees: the last bin
    field[1, 0] = (0, -4)  # -90 degrees: bin 2
    strain = np.array([[1, 2], [3, 4]], np.float32)
    found = oriented_histograms(field, strain, Grid(1, 1, 8))
    raw = np.array([0, 0, 4, 0, 0, 5, 0, 1])
    np.testing.assert_allclose(found, raw / np.linalg.norm(raw), atol=1e-3)


def test_blocks_are_weighted_by_the_sum_of_their_strain():
    field = np.ones((4, 4, 2), np.float32)
    field[:, 2:] *= 100  # how far a block moves counts for nothing
    strain = np.zeros((4, 4), np.float32)
    strain[:2, :2], strain[:2, 2:], strain[2:, 2:] = 1, 2, 4
    found = oriented_histograms(field, strain, Grid(2, 2, 4)).reshape(4, 4)
    assert np.count_nonzero(found, axis=1).tolist() == [1, 1, 0, 1]
    np.testing.assert_allclose(found.max(axis=1), np.array([1, 2, 0, 4]) / np.sqrt(21), rtol=1e-6)


def test_histograms_are_those_of_a_loop_over_pixels():
    rng = np.random.default_rng(0)
    field, strain = rng.normal(0, 1, (11, 13, 2)).astype(np.float32), rng.random((11, 13)).astype(np.float32)
    blocks, total = np.zeros((3, 4, 6)), np.zeros((3, 4))
    for y in range(11):
        for x in range(13):
            u, v = field[y, x].astype(float)
            bin_of = int((np.degrees(np.arctan2(v, u)) + 180) // 60) % 6
            blocks[y * 3 // 11, x * 4 // 13, bin_of] += np.hypot(u, v)
            total[y * 3 // 11, x * 4 // 13] += strain[y, x]
    expected = (blocks / blocks.sum(axis=-1, keepdims=True) * total[..., None]).ravel()
    found = oriented_histograms(field, strain, Grid(3, 4, 6))
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), rtol=1e-5)


def test_what_does_not_move_has_no_features():
    assert not oriented_histograms(np.zeros((8, 8, 2), np.float32), np.zeros((8, 8)), Grid()).any()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="do not fit 5x5 blocks"):
        oriented_histograms(np.zeros((4, 4, 2), np.float32), np.zeros((4, 4)), Grid())
    with pytest.raises(ValueError, match=r"\(8, 9, 2\) and strain \(8, 8\)"):
        oriented_histograms(np.zeros((8, 9, 2), np.float32), np.zeros((8, 8)), Grid())


def test_the_strongest_block_is_where_the_clip_moves(tmp_path):
    model = BiWoof.configure({"crop": "whole", "flow": "farneback", "face_size": "64", "rows": "2", "columns": "2"})
    for emotion, block in (("negative", 0), ("positive", 1)):
        found = model.features(clip(3, emotion), context(tmp_path)).reshape(4, 8)
        assert found.sum(axis=1).argmax() == block


def test_a_clip_without_an_apex_is_told_of():
    assert BiWoof.configure().notes(clip()) == ()
    assert "No apex is annotated" in BiWoof.configure().notes(clip(apex=0))[0]


def test_a_clip_in_which_nothing_moves_is_told_of():
    for still in (clip(apex=1), clip(count=1)):
        assert BiWoof.configure().notes(still) == (
            "Its apex is its onset: nothing moves between them, and its features are all 0.",
        )
