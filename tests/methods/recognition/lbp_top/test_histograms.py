"""Histograms of blocks: where a pixel counts, how they add up, and that reading in parts changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.methods.recognition.lbp_top.histograms import Blocks, histograms
from mebench.methods.recognition.lbp_top.patterns import PLANES, Neighbourhood, codes, labels


def clip(shape=(12, 18, 22), seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def of(frames, blocks=None, around=None, **more):
    return histograms(
        lambda a, b: frames[a:b], len(frames), around or Neighbourhood(), blocks or Blocks(2, 3, 4), **more
    )


def test_every_histogram_adds_up_to_one():
    found = of(clip())
    assert found.shape == (2, 3, 4, 3, 59)
    np.testing.assert_allclose(found.sum(axis=-1), 1, rtol=1e-6)


@pytest.mark.parametrize("uniform", [True, False])
def test_counts_are_those_of_a_loop_over_pixels(uniform):
    frames, around = clip((7, 9, 11)), Neighbourhood(4, (2, 1, 2))
    found = of(frames, Blocks(2, 2, 3), around, uniform=uniform)
    for number, plane in enumerate(PLANES):
        code = codes(frames, plane, around)
        expected = np.zeros(found.shape[:3] + found.shape[4:])
        for (t, y, x), value in np.ndenumerate(code):
            block = (t * 2 // code.shape[0], y * 2 // code.shape[1], x * 3 // code.shape[2])
            expected[block][labels(4, uniform)[value]] += 1
        np.testing.assert_allclose(found[..., number, :], expected / expected.sum(-1, keepdims=True), rtol=1e-6)


@pytest.mark.parametrize("chunk", [1, 3, 4, 100])
def test_reading_in_parts_changes_nothing(chunk):
    around = Neighbourhood(8, (2, 1, 1))
    assert np.array_equal(of(clip(), around=around, chunk=chunk), of(clip(), around=around))


def test_no_more_than_a_chunk_and_its_neighbours_is_read():
    frames, asked = clip((90, 8, 8)), []

    def read(start, stop):
        asked.append(stop - start)
        return frames[start:stop]

    histograms(read, 90, Neighbourhood(8, (3, 1, 1)), Blocks(1, 1, 1), chunk=10)
    assert max(asked) == 16
    assert len(asked) == 9


def test_a_change_is_seen_in_its_own_block():
    still = np.repeat(clip((1, 34, 34)), 10, axis=0)
    moved = still.copy()
    moved[6:9, 20:28, 3:10] = clip((3, 8, 7), seed=1)
    change = np.abs(of(moved, Blocks(2, 2, 2)) - of(still, Blocks(2, 2, 2))).sum(axis=(3, 4))
    assert change.argmax() == np.ravel_multi_index((1, 1, 0), (2, 2, 2))
    assert np.count_nonzero(change) <= 2


def test_what_is_too_small_is_refused():
    with pytest.raises(ValueError, match="3 frames are too few for 2 blocks"):
        of(clip((3, 9, 9)))
    with pytest.raises(ValueError, match="4x3 px are too few for 5x4 blocks"):
        of(clip((9, 5, 6)), Blocks(1, 4, 5))
