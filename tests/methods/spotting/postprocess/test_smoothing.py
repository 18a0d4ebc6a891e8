from __future__ import annotations

import numpy as np
import pytest

from mebench.methods.spotting.postprocess.smoothing import butterworth, centre, savitzky_golay, stretch

TIME = np.arange(400)


def test_stretch_maps_to_the_unit_range_and_flat_curves_to_zero() -> None:
    assert stretch(np.array([2.0, 4.0, 3.0])).tolist() == [0, 1, 0.5]
    assert stretch(np.full(3, 7.0)).tolist() == [0, 0, 0]
    assert len(stretch(np.array([]))) == 0


def test_centre_moves_the_median_to_one_half_and_keeps_differences_of_logits() -> None:
    odds = np.array([0.1, 0.2, 0.4, 0.8, 1.6])
    centred = centre(odds / (1 + odds))
    assert np.allclose(centred / (1 - centred), odds / 0.4)
    assert np.isfinite(centre(np.array([0.0, 1.0, 1.0]))).all()
    assert len(centre(np.array([]))) == 0


def test_butterworth_keeps_the_slow_and_removes_the_fast() -> None:
    slow, fast = np.sin(2 * np.pi * 0.005 * TIME), np.sin(2 * np.pi * 0.3 * TIME)
    inner = slice(50, -50)
    assert np.abs(butterworth(slow + fast, 0.05) - slow)[inner].max() < 0.02


def test_butterworth_shifts_nothing() -> None:
    bump = np.exp(-0.5 * ((TIME - 200) / 20.0) ** 2)
    smooth = butterworth(bump, 0.02)
    assert np.argmax(smooth) == 200
    assert np.allclose(smooth, smooth[::-1][np.r_[-1, 0:399]], atol=1e-3)  # symmetric about frame 200


def test_half_power_at_the_cutoff_of_two_passes() -> None:
    wave = np.sin(2 * np.pi * 0.1 * np.arange(2000))
    assert np.allclose(butterworth(wave, 0.1)[500:1500], wave[500:1500] / 2, atol=1e-3)  # 1/sqrt(2) in each pass


@pytest.mark.parametrize("count", [0, 1, 2, 5, 30])
def test_short_curves_keep_their_length(count: int) -> None:
    curve = np.linspace(0, 1, count)
    assert len(butterworth(curve, 0.01)) == count
    assert len(savitzky_golay(curve, 11)) == count


def test_a_cutoff_beyond_nyquist_changes_nothing() -> None:
    curve = np.random.default_rng(0).random(50)
    assert np.array_equal(butterworth(curve, 0.5), curve)


def test_savitzky_golay_leaves_parabolas_alone() -> None:
    parabola = (TIME[:60] - 20.0) ** 2
    assert np.allclose(savitzky_golay(parabola, 11, 2), parabola)
