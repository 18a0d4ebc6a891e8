from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.leaderboard.axis import MAX_TICKS, frame_ticks, second_ticks, span
from mebench.schema.timing import Timing


def test_an_event_is_as_wide_as_its_frames():
    assert span(1, 100, 100) == (0.0, 100.0)
    assert span(11, 20, 100) == (10.0, 10.0)
    assert span(7, 7, 10) == (60.0, 10.0)


def test_what_lies_past_the_end_is_cut():
    assert span(91, 200, 100) == (90.0, 10.0)
    assert span(0, 5, 10) == (0.0, 50.0)
    assert span(300, 400, 100) == (100.0, 0.0)


def test_seconds_of_half_a_minute():
    ticks = second_ticks(Timing.constant(900, 30.0))
    assert [t.label for t in ticks] == ["0 s", "5 s", "10 s", "15 s", "20 s", "25 s", "30 s"]
    assert ticks[1].at == pytest.approx(100 / 6, abs=1e-3)


def test_minutes_are_written_as_minutes():
    assert [t.label for t in second_ticks(Timing.constant(30 * 200, 30.0))] == [
        "0 s",
        "30 s",
        "1:00",
        "1:30",
        "2:00",
        "2:30",
        "3:00",
    ]


def test_tenths_of_a_second_in_a_short_video():
    assert [t.label for t in second_ticks(Timing.constant(200, 200.0))][:3] == ["0.0 s", "0.2 s", "0.4 s"]


def test_frame_ticks_begin_at_frame_1_and_stand_in_the_middle_of_their_frame():
    ticks = frame_ticks(1000)
    assert [t.label for t in ticks] == ["1", "200", "400", "600", "800", "1000"]
    assert ticks[0].at == 0.05
    assert ticks[-1].at == 99.95


def test_a_video_of_one_frame():
    assert [t.label for t in frame_ticks(1)] == ["1"]
    assert [t.label for t in second_ticks(Timing.constant(1, 30.0))] == ["0.0 s"]


@given(st.integers(1, 10**7), st.sampled_from([25.0, 29.97, 30.0, 200.0]))
def test_labels_are_few_and_lie_on_the_axis(n_frames, fps):
    for ticks in (second_ticks(Timing.constant(n_frames, fps)), frame_ticks(n_frames)):
        assert 1 <= len(ticks) <= MAX_TICKS + 1
        assert all(0 <= tick.at <= 100 for tick in ticks)
        assert [t.at for t in ticks] == sorted({t.at for t in ticks})


def test_frames_bear_the_numbers_of_their_files():
    ticks = frame_ticks(240, 7, 101)
    assert [t.label for t in ticks] == ["101", "150", "200", "250", "300"]
    assert ticks[1].at == pytest.approx(100 * (150 - 101 + 0.5) / 240, abs=1e-3)
    assert [t.label for t in frame_ticks(60, 7, 0)] == ["0", "10", "20", "30", "40", "50"]


def test_seconds_lie_closer_together_where_frames_are_few():
    # one second at 30 frames/s, then three at 10: half of the 60 frames each
    times = np.concatenate([np.arange(30) / 30, 1 + np.arange(30) / 10])
    ticks = second_ticks(Timing.of_stamps(times))
    assert {t.label: t.at for t in ticks}["1 s"] == pytest.approx(50)
    assert {t.label: t.at for t in ticks}["3 s"] == pytest.approx(100 * 50 / 60, abs=1e-2)
