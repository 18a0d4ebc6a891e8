from __future__ import annotations

import numpy as np

from mebench.methods.recognition.flow_networks.pictures import channels_first, scaled


def test_directions_stay_and_the_largest_component_becomes_one() -> None:
    maps = np.zeros((2, 2, 3), np.float32)
    maps[0, 0] = (-4, 2, 0.5)
    maps[1, 1] = (1, 0, 0.25)
    made = scaled(maps)
    assert made[0, 0].tolist() == [-1, 0.5, 1]
    assert made[1, 1].tolist() == [0.25, 0, 0.5]
    assert maps[0, 0, 0] == -4  # the cached maps are left alone
    assert np.array_equal(scaled(10 * maps), made)


def test_maps_without_motion_and_without_strain() -> None:
    assert not scaled(np.zeros((3, 3, 3), np.float32)).any()
    assert scaled(np.full((2, 2, 2), -3, np.float32)).tolist() == np.full((2, 2, 2), -1.0).tolist()


def test_channels_come_first() -> None:
    maps = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    made = channels_first(maps)
    assert made.shape == (3, 2, 2)
    assert made[1].tolist() == [[1, 4], [7, 10]]
