from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.faces.landmarks.base import Face
from mebench.faces.several import ChosenFace, same_place, tracks_of

SHAPE = (200, 400)


def face(x: float, width: float = 60.0, y: float = 100.0) -> Face:
    return Face((x - width / 2, y - width / 2, width, width), (x - width / 5, y), (x + width / 5, y))


def test_faces_side_by_side_are_two_tracks_by_importance() -> None:
    tracks = tracks_of({0: [face(100), face(300, 80)], 50: [face(303, 80), face(104)], 99: [face(300, 80)]}, SHAPE)
    assert [track.describe() for track in tracks] == ["80 px wide at (300, 100)", "60 px wide at (102, 100)"]
    assert [track.share for track in tracks] == pytest.approx([1, 2 / 3])


def test_size_place_and_persistence_decide() -> None:
    small_in_the_middle = {i: [face(200, 60), face(340, 66)] for i in range(4)}
    assert tracks_of(small_in_the_middle, SHAPE)[0].middle == (200, 100)
    large_but_short = {0: [face(100), face(300, 90)], **{i: [face(100)] for i in range(1, 7)}}
    assert tracks_of(large_but_short, SHAPE)[0].middle == (100, 100)


def test_one_person_after_another_is_one_track() -> None:
    tracks = tracks_of({0: [face(100)], 1: [], 2: [face(320, 90)]}, SHAPE)
    assert len(tracks) == 1
    assert sorted(tracks[0].faces) == [0, 2]


def test_a_second_face_in_a_single_frame_is_a_mistake() -> None:
    tracks = tracks_of({i: [face(100), face(300)] if i == 3 else [face(100)] for i in range(7)}, SHAPE)
    assert len(tracks) == 1


def test_the_chosen_face_is_told_from_the_others() -> None:
    tracks = tracks_of({i: [face(300, 80), face(100)] for i in (0, 50, 99)}, SHAPE)
    first, second = ChosenFace(tracks, 1), ChosenFace(tracks, 2)
    left, right = face(108), face(295, 80)
    assert first.among([left, right], 20) is right
    assert second.among([left, right], 20) is left
    assert second.among([right], 20) is None
    assert first.among([left], 20) is None
    stranger = face(200, 30)
    assert first.among([left, stranger], 20) is stranger
    assert second.among([right, stranger], 20) is None


def test_alone_the_largest_is_followed_wherever_it_is() -> None:
    chosen = ChosenFace(tracks_of({0: [face(100)]}, SHAPE), 1)
    far = face(350, 90)
    assert chosen.among([far, face(100)], 30) is far
    assert chosen.among([], 30) is None


def test_a_number_that_is_not_there() -> None:
    tracks = tracks_of({0: [face(300, 80), face(100)], 1: [face(300, 80), face(100)]}, SHAPE)
    with pytest.raises(UserError, match=r"face=3 .* has 2 faces \(1 is 80 px wide at \(300, 100\); 2 is 60 px"):
        ChosenFace(tracks, 3)
    with pytest.raises(UserError, match="has one face"):
        ChosenFace(tracks[:1], 2)


def test_the_same_place() -> None:
    assert same_place(face(100), face(120))
    assert not same_place(face(100), face(160))
    assert not same_place(face(100), face(100, 120))
