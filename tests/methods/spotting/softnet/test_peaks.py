from __future__ import annotations

import numpy as np
import pytest

from mebench.methods.spotting.softnet.peaks import GRID, Found, Part, choose_p, moving_mean, peaks_of
from mebench.schema.recordings import ExpressionType
from tests.methods.spotting.planted import micro, planted


def test_the_mean_is_over_the_scores_k_before_and_k_after() -> None:
    scores = np.array([1.0, 2, 3, 4, 5, 6])
    assert moving_mean(scores, 2).tolist() == [1.5, 2, 2.5, 3.5, 4.5, 5, 5.5, 6]


def curve(count: int, *peaks: tuple[int, float]) -> np.ndarray:
    frames = np.arange(count)
    return sum((height * np.exp(-((frames - at) ** 2) / 20) for at, height in peaks), np.zeros(count))


def test_a_peak_reaches_k_frames_to_both_sides() -> None:
    """k = 5, a peak at index 50 and one too low:

    curve      ...............^........^........
    interval             |----o----|
    """
    found = peaks_of([Part(10, curve(100, (50, 1.0), (70, 0.3)))], 5, 0.55, "published")
    assert found == [Found(55, 65, pytest.approx(1.0))]
    low = peaks_of([Part(10, curve(100, (50, 1.0), (70, 0.3)))], 5, 0.05, "published")
    assert [(f.first, f.last) for f in low] == [(55, 65), (75, 85)]


def test_the_first_k_and_the_last_2k_frames_are_looked_at_on_demand() -> None:
    parts = [Part(0, curve(100, (2, 1.0), (50, 1.0), (92, 1.0)))]
    assert [f.first for f in peaks_of(parts, 5, 0.55, "published")] == [45]
    assert [(f.first, f.last) for f in peaks_of(parts, 5, 0.55, "full")] == [(0, 7), (45, 55), (87, 97)]


def test_one_threshold_serves_all_parts() -> None:
    parts = [Part(0, curve(60, (30, 1.0))), Part(100, curve(60, (30, 0.2)))]
    assert [f.first for f in peaks_of(parts, 5, 0.55, "published")] == [25]


@pytest.mark.parametrize("parts", [[], [Part(0, np.full(50, 0.3))], [Part(0, np.arange(4.0))]])
def test_where_nothing_varies_nothing_is_found(parts: list[Part]) -> None:
    assert peaks_of(parts, 5, 0.0, "published") == []


def test_p_is_the_middle_of_the_best_ones() -> None:
    """Movements of heights 1 and .5 are events, one of .2 is none: p must lie between .2 and .5."""
    video = planted("s", (micro(26, 36), micro(56, 66)), count=150)
    parts = [Part(0, curve(150, (30, 1.0), (60, 0.5), (90, 0.2)))]
    p, f1 = choose_p([(video, parts, 5)], ExpressionType.MICRO, "published")
    assert f1 == 1
    assert 0.2 < p < 0.5
    assert p in GRID
    assert len(peaks_of(parts, 5, p, "published")) == 2


def test_peaks_below_the_least_score_are_dropped() -> None:
    parts = [Part(0, curve(100, (30, 0.4)))]
    assert len(peaks_of(parts, 5, 0.55, "published")) == len(peaks_of(parts, 5, 0.55, "published", 0.39)) == 1
    assert peaks_of(parts, 5, 0.55, "published", 0.5) == []
