from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.clips.disfa import UNITS, Disfa
from mebench.errors import UserError

from .posed_copies import counts_of, errata_of, write_text, write_video

CODED = {12: [0, 3, 5, 0], 25: [1, 0, 0, 0]}


def write_labels(root, subject, n_frames=4):
    for unit in UNITS:
        values = CODED.get(unit, [0] * 4)[:n_frames]
        lines = [f"{number},{value}" for number, value in enumerate(values, 1)]
        write_text(root / "ActionUnit_Labels" / subject / f"{subject}_au{unit}.txt", "\n".join(lines) + "\n")


@pytest.fixture
def root(tmp_path):
    for subject in ("SN001", "SN013", "SN032"):
        write_labels(tmp_path / "disfa", subject)
    write_video(tmp_path / "disfa/Videos_LeftCamera/LeftVideoSN001_comp.avi")
    write_video(tmp_path / "disfa/Videos_LeftCamera/LeftVideoSN013_Comp.avi")
    write_video(tmp_path / "disfa/Video_RightCamera/RightVideoSN001_Comp.avi")
    return tmp_path / "disfa"


def test_people_are_listed_from_the_folder(root) -> None:
    dataset = Disfa.open(root)
    assert [(clip.subject, clip.emotion, clip.action_units) for clip in dataset.clips()] == [
        ("SN001", "", "12E+25A"),
        ("SN013", "", "12E+25A"),
    ]
    report = dataset.check()
    assert counts_of(report)["subjects"] == (2, 27)
    assert counts_of(report)["clips"] == (2, 27)
    assert errata_of(report)["no_video"][:2] == ("SN032", "left out")
    assert not report.ok


def test_twenty_seven_people_are_as_promised(root) -> None:
    for number in range(1, 28):
        write_labels(root, f"SN{number:03d}")
        (root / f"Videos_LeftCamera/LeftVideoSN{number:03d}_comp.avi").touch()
    (root / "Videos_LeftCamera/LeftVideoSN013_Comp.avi").unlink()
    assert Disfa.open(root).check().ok


def test_intensities_frame_by_frame(root) -> None:
    dataset = Disfa.open(root)
    found = dataset.intensities(dataset.clips()[0])
    assert (found.shape, found.dtype) == ((4, 12), np.uint8)
    assert found[:, UNITS.index(12)].tolist() == [0, 3, 5, 0]
    assert found.sum() == 9


def test_both_spellings_of_folders_and_videos(root) -> None:
    (clip,) = Disfa.open(root, {"camera": "right"}).clips()
    assert clip.frames.path.name == "RightVideoSN001_Comp.avi"
    assert clip.n_frames == 4


def test_videos_without_labels_and_odd_lengths_are_reported(root) -> None:
    write_video(root / "Videos_LeftCamera/LeftVideoSN040_comp.avi")
    write_text(root / "ActionUnit_Labels/SN013/SN013_au4.txt", "1,0\n2,0\n3,0\n")
    kinds = errata_of(Disfa.open(root).check())
    assert kinds["no_labels"][:2] == ("SN040", "left out")
    assert kinds["unlike_lengths"] == ("SN013", "cut to 3 frames", "lists of [3, 4] frames")
    assert kinds["other_length"][2] == "3 frames, where most people have 4845"
    assert {"assumed"} <= set(kinds)


@pytest.mark.parametrize("text", ["1;0\n", "1,0\n3,0\n", "1,6\n", "1,-1\n", ""])
def test_a_list_that_is_none_is_told_by_name(root, text) -> None:
    write_text(root / "ActionUnit_Labels/SN001/SN001_au4.txt", text)
    with pytest.raises(UserError, match=r"SN001_au4.txt is no list of"):
        Disfa.open(root).clips()


def test_what_is_lacking_is_told(root, tmp_path) -> None:
    (root / "ActionUnit_Labels/SN001/SN001_au4.txt").unlink()
    with pytest.raises(UserError, match=r"SN001_au4.txt is missing: unpack the labels"):
        Disfa.open(root).clips()
    (root / "ActionUnit_Labels").rename(root / "labels")
    with pytest.raises(UserError, match=r"No folder ActionUnit_Labels was found"):
        Disfa.open(root).clips()
    with pytest.raises(UserError, match=r"No folder Videos_LeftCamera was found in .*: give --root"):
        Disfa.open(root / "labels").clips()


def test_listing_decodes_nothing(root) -> None:
    for path in (root / "Videos_LeftCamera").iterdir():
        path.write_bytes(b"")
    notes = [note for clip in Disfa.open(root).clips() for note in clip.notes()]
    assert [note[:16] for note in notes] == ["At 20 frames/s a"] * 2
