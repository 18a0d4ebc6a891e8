from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.leaderboard.axis import MAX_TICKS, frame_ticks, second_ticks, span


def test_an_event_is_as_wide_as_its_frames():
    assert span(1, 100, 100) == (0.0, 100.0)
    assert span(11, 20, 100) == (10.0, 10.0)
    assert span(7, 7, 10) == (60.0, 10.0)


def test_what_lies_past_the_end_is_cut():
    assert span(91, 200, 100) == (90.0, 10.0)
    assert span(0, 5, 10) == (0.0, 50.0)
    assert span(300, 400, 100) == (100.0, 0.0)


def test_seconds_of_half_a_minute():
    ticks = second_ticks(900, 30.0)
    assert [t.label for t in ticks] == ["0 s", "5 s", "10 s", "15 s", "20 s", "25 s", "30 s"]
    assert ticks[1].at == pytest.approx(100 / 6, abs=1e-3)


def test_minutes_are_written_as_minutes():
    assert [t.label for t in second_ticks(30 * 200, 30.0)] == ["0 s", "30 s", "1:00", "1:30", "2:00", "2:30", "3:00"]


def test_tenths_of_a_second_in_a_short_video():
    assert [t.label for t in second_ticks(200, 200.0)][:3] == ["0.0 s", "0.2 s", "0.4 s"]


def test_frame_ticks_begin_at_frame_1_and_stand_in_the_middle_of_their_frame():
    ticks = frame_ticks(1000)
    assert [t.label for t in ticks] == ["1", "200", "400", "600", "800", "1000"]
    assert ticks[0].at == 0.05
    assert ticks[-1].at == 99.95


def test_a_video_of_one_frame():
    assert [t.label for t in frame_ticks(1)] == ["1"]
    assert [t.label for t in second_ticks(1, 30.0)] == ["0.0 s"]


@given(st.integers(1, 10**7), st.sampled_from([25.0, 29.97, 30.0, 200.0]))
def test_labels_are_few_and_lie_on_the_axis(n_frames, fps):
    for ticks in (second_ticks(n_frames, fps), frame_ticks(n_frames)):
        assert 1 <= len(ticks) <= MAX_TICKS + 1
        assert all(0 <= tick.at <= 100 for tick in ticks)
        assert [t.at for t in ticks] == sorted({t.at for t in ticks})
