"""Where a face was found, and how far one view of it goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.schema.presence import Presence


def presence(found: str, begins: str = "") -> Presence:
    """Return a presence written as `11011` and the frames that begin something as `00010`."""
    marks = begins or "0" * len(found)
    return Presence(np.array([c == "1" for c in found], bool), np.array([c == "1" for c in marks], bool))


def test_a_stretch_ends_where_the_face_is_lost_and_where_a_cut_is() -> None:
    one = presence("0111011110", "0000000100")
    assert one.stretches() == [(1, 4), (5, 7), (7, 9)]
    assert one.missing() == [(1, 1), (5, 5), (10, 10)]
    assert one.stretch.tolist() == [0, 1, 1, 1, 0, 2, 2, 3, 3, 0]


def test_a_cut_among_frames_without_a_face_parts_nothing_else() -> None:
    assert presence("1100011", "0001000").stretches() == [(0, 2), (5, 7)]


def test_everywhere_is_one_stretch_and_nothing_is_no_stretch() -> None:
    assert Presence.everywhere(4).stretches() == [(0, 4)]
    assert Presence.everywhere(4).missing() == []
    assert presence("000").stretches() == []
    assert presence("000").missing() == [(1, 3)]
    assert Presence.everywhere(0).stretches() == []
    assert (presence("0110").share, Presence.everywhere(0).share) == (0.5, 0.0)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_stretches_and_missing_frames_cover_each_frame_once(frames: list[tuple[bool, bool]]) -> None:
    one = Presence(np.array([f for f, _ in frames], bool), np.array([b for _, b in frames], bool))
    covered = [i for start, stop in one.stretches() for i in range(start, stop)]
    without = [i - 1 for first, last in one.missing() for i in range(first, last + 1)]
    assert sorted(covered + without) == list(range(len(frames)))
    assert all(not one.begins[start + 1 : stop].any() for start, stop in one.stretches())


def test_arrays_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        Presence(np.ones(3, bool), np.zeros(2, bool))


def test_parts_join_short_gaps_of_one_shot_alone() -> None:
    assert presence("1101100111").parts(1) == [(0, 5), (7, 10)]
    assert presence("1101100111").parts(2) == [(0, 10)]
    assert presence("1101100111", "0001000000").parts(2) == [(0, 2), (3, 10)]
    assert presence("1101100111", "0010000000").parts(2) == [(0, 2), (3, 10)]
    assert presence("1111", "0010").parts(5) == [(0, 2), (2, 4)]


def test_whole_is_one_stretch_over_everything() -> None:
    assert Presence.everywhere(3).whole
    assert not presence("110").whole
    assert not presence("1111", "0010").whole


def test_another_number_of_frames_lacks_faces_or_loses_some() -> None:
    one = presence("110", "010").fitted(5)
    assert one.missing() == [(3, 5)]
    assert one.cuts() == [2]
    assert presence("110").fitted(2).whole


def test_sentences_name_frames_cuts_and_notes() -> None:
    assert Presence.everywhere(5).sentences() == []
    found = np.ones(240, bool)
    found[120:] = False
    note = Presence(found, np.zeros(240, bool), ("the table ends early",)).sentences()
    assert note == ["no face in frames 121-240: 120 of 240 frames are not scored", "the table ends early"]
    (cut,) = presence("1111", "0010").sentences()
    assert cut == "another shot or another person begins with frame 3: no expression spans it"
    assert presence("101").sentences() == ["no face in frame 2: 1 of 3 frames is not scored"]
    assert "1, 3, 5, 7, 9 and 2 more runs: 7 of 14" in presence("01" * 7).sentences()[0]


def test_a_hole_in_time_parts_a_stretch() -> None:
    presence = Presence.everywhere(10).parted(np.array([4, 7, 99]))
    assert presence.stretches() == [(0, 3), (3, 6), (6, 10)]
    assert presence.parts(gap=5) == presence.stretches()
    assert Presence.everywhere(10).parted(np.array([], np.int64)).whole
