"""What is kept of a spotting: intervals in one stretch, scores where a face is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.methods.spotting.bounds import Oracle, RandomIntervals
from mebench.runs.work.presence import intervals_in_sight, looks_at_faces, raw_in_sight, scores_in_sight
from mebench.runs.work.spotting import SpottingWork
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video

MICRO = ExpressionType.MICRO


def presence(missing: list[tuple[int, int]], begins: tuple[int, ...] = (), n: int = 100) -> Presence:
    found, starts = np.ones(n, bool), np.zeros(n, bool)
    for first, last in missing:
        found[first - 1 : last] = False
    starts[[number - 1 for number in begins]] = True
    return Presence(found, starts)


def kept(one: Presence, *pairs: tuple[int, int]) -> list[tuple[int, int]]:
    intervals = tuple(SpottedInterval(onset, offset, MICRO, 0.5) for onset, offset in pairs)
    return [(i.onset, i.offset) for i in intervals_in_sight(intervals, one)]


def test_intervals_are_cut_to_the_stretch_that_holds_most_of_them() -> None:
    one = presence([(41, 60)], begins=(81,))
    assert kept(one, (10, 20)) == [(10, 20)]
    assert kept(one, (30, 45)) == [(30, 40)]
    assert kept(one, (58, 70)) == [(61, 70)]
    assert kept(one, (70, 85)) == [(70, 80)]
    assert kept(one, (71, 90)) == [(71, 80)], "of two equal parts the earlier is kept"
    assert kept(one, (45, 55)) == []
    assert kept(one, (36, 65)) == [], "less than a third of it lies in one stretch"
    assert kept(one, (1, 100)) == [(1, 40)]
    assert kept(presence([(50, 51)]), (30, 70)) == [(30, 49)], "a moment without a face leaves the longer half"


def test_intervals_stay_sorted_and_those_in_sight_stay_what_they_were() -> None:
    one = presence([(1, 9)])
    assert kept(one, (5, 30), (8, 12)) == [(10, 12), (10, 30)]
    intervals = (SpottedInterval(50, 60, MICRO, 1.0), SpottedInterval(20, 30, MICRO, 0.5))
    assert intervals_in_sight(intervals, one) == intervals


@given(
    st.lists(st.booleans(), min_size=40, max_size=40),
    st.lists(st.booleans(), min_size=40, max_size=40),
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=8),
)
def test_no_interval_touches_a_frame_without_a_face_or_spans_a_border(
    found: list[bool], begins: list[bool], pairs: list[tuple[int, int]]
) -> None:
    one = Presence(np.array(found), np.array(begins))
    for onset, offset in kept(one, *((min(pair), max(pair)) for pair in pairs)):
        assert one.found[onset - 1 : offset].all()
        assert not one.begins[onset:offset].any()


def test_scores_say_nothing_where_no_face_is() -> None:
    found = np.array([True, False, True])
    scores = np.array([[0.2, -1], [9, 9], [0.5, -3]], np.float32)
    assert scores_in_sight(scores, found)[1].tolist() == [0, -3]
    assert scores_in_sight(scores, np.ones(3, bool)) is scores
    assert not scores_in_sight(scores, np.zeros(3, bool)).any()


class Frames:
    """Frames of which 41-60 do not exist."""

    digest = "gap"
    missing = tuple(range(41, 61))

    def __len__(self) -> int:
        return 100

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return np.zeros((stop - start, 112, 112), np.uint8)


class Blind(Spotter):
    """Ignores where faces are."""

    id = "blind"
    trains = False

    def spot(self, video: Video, context: RunContext) -> Spotting:
        found = [SpottedInterval(30, 45, MICRO, 1.0), SpottedInterval(42, 58, MICRO, 1.0)]
        return Spotting(tuple(found), np.ones((video.n_frames, 2), np.float32))


class Unlooking(Blind):
    looks_at_faces = False


@pytest.fixture
def video() -> Video:
    frames = Frames()
    return Video("d", "s", "v", 30.0, frames, aligned=frames)


def test_the_harness_holds_a_method_to_it_that_does_not_ask(video: Video, tmp_path: Path) -> None:
    context = RunContext(0, "cpu", FrameCache(tmp_path))
    found = SpottingWork().carry_out(Blind(None), video, context)
    assert [(i.onset, i.offset) for i in found.intervals] == [(30, 40)]
    assert found.scores[:40].all()
    assert not found.scores[40:60].any()
    assert found.presence is not None
    assert found.presence.missing() == [(41, 60)]


def test_what_looks_at_no_face_is_left_alone(video: Video, tmp_path: Path) -> None:
    found = SpottingWork().carry_out(Unlooking(None), video, RunContext(0, "cpu", FrameCache(tmp_path)))
    assert [(i.onset, i.offset) for i in found.intervals] == [(30, 45), (42, 58)]
    assert found.scores.all()
    assert found.presence is None
    assert not looks_at_faces(Oracle)
    assert not looks_at_faces(RandomIntervals)


def test_a_fold_keeps_where_faces_were(video: Video, tmp_path: Path) -> None:
    from mebench.schema.presence_file import read_presences

    work: Any = SpottingWork()
    with work.results(tmp_path) as results:
        results.add(video, work.carry_out(Blind(None), video, RunContext(0, "cpu", FrameCache(tmp_path / "c"))))
    assert read_presences(tmp_path / "presence.json")["s/v"].missing() == [(41, 60)]


def test_all_that_look_for_faces_have_something_to_prepare() -> None:
    work = SpottingWork()
    assert work.prepares(Blind)
    assert not work.prepares(Unlooking)
    assert not work.prepares(Oracle)


def test_raw_scores_are_zero_without_a_face() -> None:
    raw = np.array([[0.5], [0.7], [0.9]], np.float32)
    found = raw_in_sight(raw, np.array([True, False, True]))
    assert found[:, 0].tolist() == [0.5, 0, pytest.approx(0.9)]
    assert found.dtype == np.float32
