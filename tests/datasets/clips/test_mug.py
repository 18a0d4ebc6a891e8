from __future__ import annotations

import pytest

from mebench.datasets.clips.mug import Mug
from mebench.errors import UserError

from .posed_copies import conforms, counts_of, errata_of, write_frames


@pytest.fixture
def root(tmp_path):
    for take, last in (("001/anger/take000", 2), ("001/anger/take001", 1), ("002/session0/Happiness/take000", 2)):
        write_frames(tmp_path / "mug" / "subjects3" / take, "img_{:04d}.jpg", 0, last)
    write_frames(tmp_path / "mug/subjects3/002/session0/mixed/take000", "img_{:04d}.jpg", 0, 1)
    return tmp_path / "mug"


def test_takes_with_and_without_a_session(root) -> None:
    clips = Mug.open(root).clips()
    assert [(c.subject, c.id, c.emotion, c.n_frames) for c in clips] == [
        ("001", "001_anger_take000", "anger", 3),
        ("001", "001_anger_take001", "anger", 2),
        ("002", "002_session0_happiness_take000", "happiness", 3),
    ]
    assert {(c.onset, c.apex, c.offset, c.fps) for c in clips} == {(0, 0, 0, 19.0)}


def test_files_are_numbered_from_zero(root) -> None:
    clip = Mug.open(root).clips()[0]
    assert clip.first == 0
    assert [int(frame[0, 0]) for frame in clip.frames.read(0, 3)] == [0, 1, 2]


def test_other_expressions_are_counted(root) -> None:
    report = Mug.open(root).check()
    assert errata_of(report)["other_expression"] == ("1 in all", "left out", "002/mixed")
    assert errata_of(report)["assumed"][0] in ("the folders", "frame rate")
    assert counts_of(report)["subjects"] == (2, 52)


def test_a_copy_with_more_people_than_are_given_out_is_held_against_all(root) -> None:
    for number in range(3, 54):
        write_frames(root / f"subjects3/{number:03d}/fear/take000", "img_{:04d}.jpg", 0, 0)
    assert counts_of(Mug.open(root).check())["subjects"] == (53, 86)


def test_the_root_may_be_the_folder_of_people_itself(root) -> None:
    assert len(Mug.open(root / "subjects3").clips()) == 3


def test_the_frame_rate_can_be_set(root) -> None:
    assert Mug.open(root, {"fps": "25"}).clips()[0].fps == 25.0
    with pytest.raises(UserError, match=r"fps=0.0 must be above 0"):
        Mug.open(root, {"fps": "0"})


def test_another_folder_is_told(tmp_path) -> None:
    with pytest.raises(UserError, match=r"No folder such as subjects3/001/anger/take000 was found in .*: give --root"):
        Mug.open(tmp_path).clips()


def test_it_conforms(root) -> None:
    conforms(Mug, root)
