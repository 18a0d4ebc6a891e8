from __future__ import annotations

import numpy as np
import pytest

from mebench.methods.spotting.of_fd.config import OfFdConfig
from mebench.methods.spotting.of_fd.rules import Moved, joined, low_passed, movements

TIME = np.arange(198)
CONFIG = OfFdConfig()


def bumps(*peaks: tuple[int, float, float]) -> np.ndarray:
    """Movements, each with its frame, height and width, on the small ripples that every signal has."""
    ripples = 0.2 + 0.03 * np.sin(2 * np.pi * 2 * TIME / 30)
    return sum((height * np.exp(-((TIME - at) ** 2) / 2 / width**2) for at, height, width in peaks), ripples)


def test_a_low_pass_keeps_what_is_slow() -> None:
    slow, fast = 3 + np.sin(2 * np.pi * TIME / 66), np.sin(2 * np.pi * 10 * TIME / 30)
    np.testing.assert_allclose(low_passed(slow + fast, 5, 30), slow, atol=0.05)
    assert low_passed(np.array([2.0]), 5, 30).tolist() == [2.0]


def test_a_movement_reaches_from_foot_to_foot() -> None:
    """A bump of 5 px and a deviation of 5 frames falls to a third of its height 7.4 frames from its peak."""
    ((found),) = [movements(bumps((100, 5, 5)), 1.8, 30, CONFIG)]
    (moved,) = found
    assert (moved.first, moved.last) == pytest.approx((92, 108), abs=1)
    assert moved.height == pytest.approx(5, abs=0.1)


@pytest.mark.parametrize(
    ("signal", "gap"),
    [
        (bumps(), 1.8),
        (bumps((100, 1.2, 5)), 0.5),
        (bumps((100, 1.6, 5)), 1.8),
        (bumps()[:5], 1.8),
        (0.02 * TIME, 1.8),
    ],
)
def test_what_is_small_short_or_slow_is_no_movement(signal: np.ndarray, gap: float) -> None:
    assert movements(signal, gap, 30, CONFIG) == []


def test_a_long_movement_is_parted_at_a_deep_valley() -> None:
    two = movements(bumps((90, 5, 5), (110, 5, 5)), 1.8, 30, CONFIG)
    assert [(m.first < p < m.last) for m, p in zip(two, (90, 110), strict=True)] == [True, True]
    assert len(movements(bumps((94, 5, 5), (106, 5, 5)), 1.8, 30, CONFIG)) == 1


def test_intervals_that_share_enough_of_the_shorter_one_are_joined() -> None:
    """a |---------|        10 frames
    b        |----|         5 frames, 3 of them in a: .6
    c             |-----|   1 frame in b of 5: .2
    """
    a, b, c = Moved(0, 9, 1.0), Moved(7, 11, 3.0), Moved(11, 20, 2.0)
    assert joined([c, b, a], 0.34) == [Moved(0, 11, 3.0), c]
    assert joined([a, b, c], 0.05) == [Moved(0, 20, 3.0)]
    assert joined([a, b, c], 0.7) == [a, b, c]
    assert joined([], 0.3) == []
