from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.faces.smoothing import LowPass, TwoPasses


def streamed(rows: np.ndarray, deviation: float, cuts: list[int]) -> np.ndarray:
    low_pass = LowPass(deviation)
    parts = [low_pass.push(part) for part in np.split(rows, sorted(cuts))]
    return np.concatenate([*parts, low_pass.finish()])


def reference(rows: np.ndarray, deviation: float) -> np.ndarray:
    """The definition, row by row: point reflection at both ends, held where the video is too short for it."""
    reach, n = int(np.ceil(3 * deviation)), len(rows)
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (offsets / max(deviation, 1e-9)) ** 2)
    kernel /= kernel.sum()

    def at(i: int) -> np.ndarray:
        if i < 0:
            return 2 * rows[0] - rows[min(-i, n - 1)]
        if i >= n:
            return 2 * rows[-1] - rows[max(2 * (n - 1) - i, 0)]
        return rows[i]

    return np.array([sum(w * at(i + o) for w, o in zip(kernel, offsets, strict=True)) for i in range(n)])


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 40), deviation=st.sampled_from([0.0, 0.5, 1.5, 4.0]), seed=st.integers(0, 999), data=st.data())
def test_streaming_equals_the_definition(n: int, deviation: float, seed: int, data: st.DataObject) -> None:
    rows = np.random.default_rng(seed).normal(size=(n, 2))
    cuts = data.draw(st.lists(st.integers(0, n), max_size=5))
    np.testing.assert_allclose(streamed(rows, deviation, cuts), reference(rows, deviation), atol=1e-9)


def test_a_steady_drift_passes_unchanged() -> None:
    rows = np.linspace(0, 5, 50)[:, None]
    np.testing.assert_allclose(streamed(rows, 3.0, [7, 20]), rows, atol=1e-9)


def test_jitter_is_removed_and_sway_kept() -> None:
    t = np.arange(300) / 30
    slow, jitter = np.sin(2 * np.pi * 0.3 * t), np.random.default_rng(0).normal(0, 0.1, 300)
    smooth = streamed((slow + jitter)[:, None], 1.5, [100])[:, 0]
    assert np.abs(smooth - slow).std() < 0.06
    assert np.abs(np.diff(smooth - slow)).mean() < 0.3 * np.abs(np.diff(jitter)).mean()


def test_rows_become_final_as_early_as_they_can() -> None:
    low_pass = LowPass(2.0)
    assert low_pass.reach == 6
    assert [len(low_pass.push(np.zeros((4, 1)))) for _ in range(4)] == [0, 2, 4, 4]
    assert len(low_pass.finish()) == 6


def test_nothing_in_nothing_out() -> None:
    assert len(LowPass(1.0).finish()) == 0


@pytest.mark.parametrize("n", [1, 3])
def test_zero_deviation_passes_through(n: int) -> None:
    rows = np.arange(n * 4.0).reshape(n, 4)
    np.testing.assert_array_equal(streamed(rows, 0.0, []), rows)


def test_two_parts_are_smoothed_on_their_own_and_come_out_together() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 5))
    for size in (1, 7, 50):
        both = TwoPasses(2, (1.0, 4.0))
        parts = [both.push(rows[i : i + size]) for i in range(0, 50, size)] + [both.finish()]
        got = np.concatenate([part for part in parts if len(part)])
        one, other = LowPass(1.0), LowPass(4.0)
        want = [np.concatenate([p.push(r), p.finish()]) for p, r in ((one, rows[:, :2]), (other, rows[:, 2:]))]
        np.testing.assert_allclose(got, np.concatenate(want, axis=1))
    assert len(TwoPasses(2, (1.0, 4.0)).finish()) == 0
