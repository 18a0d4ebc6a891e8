from __future__ import annotations

import numpy as np
import pytest

from mebench.schema.timing import Timing, missing_before

SLOWS_DOWN = np.array([0.0, 0.1, 0.2, 0.4, 0.6])


def test_the_picture_of_the_module() -> None:
    timing = Timing.of_stamps(SLOWS_DOWN)
    assert timing.seconds(2, 4) == pytest.approx((0.1, 0.6))
    assert timing.seconds(1, 5) == pytest.approx((0.0, 0.8))
    assert timing.fps == pytest.approx(5 / 0.8)


def test_one_rate_is_frame_number_by_rate() -> None:
    timing = Timing.constant(100, 30.0)
    for onset, offset in ((1, 1), (7, 20), (100, 100), (-3, 4), (90, 130)):
        assert timing.seconds(onset, offset) == pytest.approx(((onset - 1) / 30, offset / 30))
        assert timing.length(onset, offset) == offset - onset + 1
    np.testing.assert_array_equal(timing.shifted(np.arange(50, 60), -7), np.arange(43, 53))


def test_lengths_count_frames_of_the_mean_rate() -> None:
    timing = Timing.of_stamps(np.concatenate([np.arange(30), 30 + 2 * np.arange(30)]) / 30)  # 20 frames/s in the mean
    assert timing.length(1, 15) == 10, "half a second of 30 frames/s"
    assert timing.length(40, 47) == round(8 * 2 / 30 * 20)


def test_a_lag_is_one_in_time() -> None:
    timing = Timing.of_stamps(np.concatenate([np.arange(30), 30 + 2 * np.arange(30)]) / 30)
    assert timing.shifted(np.array([20, 45]), -8).tolist() == [8, 39], "0.4 s are 12 frames, and then 6"
    assert timing.shifted(np.array([0, 59]), 100).max() == 59


def test_millisecond_stamps_and_a_dropped_frame_are_one_rate() -> None:
    assert Timing.of_stamps(np.round(np.arange(1000) / 240, 3)).steady
    assert Timing.of_stamps(np.delete(np.arange(100) / 30, 50)).steady
    assert not Timing.of_stamps(np.where(np.arange(100) < 50, 0, 2) + np.arange(100) / 30).steady


def test_a_rate_given_by_hand_stretches_the_stamps_of_slow_motion() -> None:
    played = np.arange(80) / 30
    assert Timing.of_stamps(played, 240.0).seconds(1, 80) == pytest.approx((0, 80 / 240))
    nominal = Timing.of_stamps(played, 29.0)
    assert (nominal.seconds(1, 80)[1], nominal.fps) == (pytest.approx(80 / 30), 29.0)


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_frames_for_a_step(n: int) -> None:
    timing = Timing.of_stamps(np.zeros(n), 25.0)
    assert (timing.steady, timing.end) == (True, n / 25)


def test_a_part_has_the_lengths_of_the_whole() -> None:
    whole = Timing.of_stamps(np.concatenate([np.arange(30), 30 + 2 * np.arange(30)]) / 30)
    part = whole.part(25, 50)
    assert part.seconds(1, 25) == pytest.approx((0, whole.seconds(26, 50)[1] - whole.seconds(26, 50)[0]))
    runs = np.array([[0, 4], [3, 20]])
    assert part.lengths(runs).tolist() == whole.lengths(runs + 25).tolist() == [3, 23]
    assert Timing.constant(60, 30.0).part(10, 20).lengths(np.array([[0, 9]])).tolist() == [10]
    assert whole.lengths(np.empty((0, 2), np.int64)).tolist() == []


def test_a_pause_is_no_part_of_the_rate() -> None:
    times = np.arange(60) / 30 + np.where(np.arange(60) < 20, 0, 2)
    np.testing.assert_allclose(missing_before(times)[[19, 20, 21]], [0, 2, 0], atol=1e-9)
    timing = Timing.of_stamps(times, 30.0)
    assert Timing.of_stamps(times).fps == pytest.approx(30)
    assert timing.seconds(1, 60) == pytest.approx((0, 4)), "the stamps are not stretched by it"
    assert timing.length(11, 30) == 80
    assert not missing_before(np.arange(9.0)).any(), "one frame a second is a low rate without holes"
    assert [missing_before(np.zeros(n)).tolist() for n in (0, 1)] == [[], [0]]
