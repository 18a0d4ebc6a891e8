"""Patterns against a loop over every pixel and neighbour, and against scikit-image on the plane of a frame."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.feature import local_binary_pattern

from mebench.methods.recognition.lbp_top.patterns import PLANES, Neighbourhood, codes, label_count, labels


def volume(seed=0, shape=(7, 11, 13)):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def by_hand(grey, plane, around):
    """Go through every pixel and neighbour, one value at a time."""
    rt, ry, rx = around.radii
    n, height, width = grey.shape
    found = np.zeros((n - 2 * rt, height - 2 * ry, width - 2 * rx), int)
    for t in range(rt, n - rt):
        for y in range(ry, height - ry):
            for x in range(rx, width - rx):
                for i in range(around.neighbours):
                    cos, sin = (f(2 * np.pi * i / around.neighbours) for f in (np.cos, np.sin))
                    place = {
                        "xy": (t, y - ry * sin, x + rx * cos),
                        "xt": (t - rt * sin, y, x + rx * cos),
                        "yt": (t - rt * sin, y + ry * cos, x),
                    }[plane]
                    bright = between(grey, place) >= float(grey[t, y, x]) - 1e-9
                    found[t - rt, y - ry, x - rx] += bright << i
    return found


def between(grey, place):
    """Return the value at a place between pixels, weighted by how near each of the eight around it is."""
    low = [int(np.floor(round(p, 9))) for p in place]
    total = 0.0
    for corner in np.ndindex(2, 2, 2):
        at = [a + b for a, b in zip(low, corner, strict=True)]
        weight = np.prod([max(1 - abs(p - a), 0) for p, a in zip(place, at, strict=True)])
        if weight > 1e-9:
            total += weight * float(grey[tuple(at)])
    return total


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("around", [Neighbourhood(), Neighbourhood(6, (2, 1, 3)), Neighbourhood(4, (1, 2, 2))])
def test_codes_are_those_of_a_loop(plane, around):
    assert np.array_equal(codes(volume(), plane, around), by_hand(volume(), plane, around))


@pytest.mark.parametrize(("neighbours", "radius"), [(8, 1), (8, 2), (12, 3)])
def test_the_plane_of_a_frame_is_that_of_scikit_image(neighbours, radius):
    frames = volume(shape=(3, 30, 40))
    found = codes(frames, "xy", Neighbourhood(neighbours, (1, radius, radius)))
    inner = slice(radius, -radius)
    theirs = local_binary_pattern(frames[1], neighbours, radius, "default")[inner, inner]
    assert np.array_equal(found[0], theirs)
    uniform = local_binary_pattern(frames[1], neighbours, radius, "nri_uniform")[inner, inner]
    ours = labels(neighbours, True)[found[0]]
    pairs = np.unique(np.stack([ours.ravel(), uniform.ravel().astype(int)]), axis=1)
    assert len(np.unique(pairs[0])) == len(np.unique(pairs[1])) == pairs.shape[1]


def test_a_flat_place_has_all_bits_at_every_grey_level():
    for level in range(0, 256, 3):
        flat = np.full((3, 7, 7), level, np.uint8)
        for plane in PLANES:
            assert (codes(flat, plane, Neighbourhood(8, (1, 3, 3))) == 255).all()


def test_what_grows_bright_in_time_sets_the_bits_of_later_frames():
    frames = np.broadcast_to((10 * np.arange(5, dtype=np.uint8))[:, None, None], (5, 6, 6))
    around = Neighbourhood(4)
    assert (codes(frames, "xy", around) == 0b1111).all()
    # neighbour 1 lies in the frame before, neighbour 3 in the one after
    assert (codes(frames, "xt", around) == 0b1101).all()
    assert (codes(frames, "yt", around) == 0b1101).all()


def test_patterns_do_not_depend_on_brightness():
    grey = volume().astype(np.float32) / 3
    assert np.array_equal(codes(grey, "xt", Neighbourhood()), codes(grey * 2 + 40, "xt", Neighbourhood()))


def test_eight_neighbours_have_59_labels():
    found = labels(8, True)
    assert found.shape == (256,)
    assert sorted(set(found.tolist())) == list(range(59))
    assert label_count(8, True) == 59
    assert (found == 58).sum() == 256 - 58
    assert found[0b00000000] == 0
    assert found[0b00111000] < 58 == found[0b01010000]
    assert found[0b10000001] < 58


@pytest.mark.parametrize("neighbours", [2, 3, 5, 10])
def test_labels_are_counted(neighbours):
    assert labels(neighbours, False).tolist() == list(range(2**neighbours))
    assert label_count(neighbours, False) == 2**neighbours
    assert int(labels(neighbours, True).max()) <= label_count(neighbours, True) - 1


def test_a_volume_without_room_is_refused():
    with pytest.raises(ValueError, match=r"\(2, 9, 9\) has no room"):
        codes(np.zeros((2, 9, 9)), "xy", Neighbourhood())
