from __future__ import annotations

import os
from pathlib import Path

import cv2
import pytest

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames
from tests.frames.pictures import picture, shades, write


def test_folder_sorts_by_the_last_number_not_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", img1=1, img2=2, img10=10, img03=3, **{f"img{i}": i for i in range(4, 10)})
    assert shades(FolderFrames(folder).read(0, 10)) == list(range(1, 11))


def test_folder_number_is_the_last_group_of_digits(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", **{"006_1_0001": 1, "006_1_0002": 2})
    assert list(FolderFrames(folder).files) == [1, 2]


def test_missing_frames_show_the_nearest_earlier_one_and_are_listed(tmp_path: Path) -> None:
    frames = FolderFrames(write(tmp_path / "f", f2=2, f3=3, f6=6), count=8)
    assert len(frames) == 8
    assert shades(frames.read(0, 8)) == [2, 2, 3, 3, 3, 6, 6, 6]
    assert frames.missing == (1, 4, 5, 7, 8)


def test_first_none_starts_at_the_lowest_number(tmp_path: Path) -> None:
    frames = FolderFrames(write(tmp_path / "f", f7=7, f8=8), first=None)
    assert (len(frames), frames.missing, frames.first) == (2, (), 7)


def test_count_cuts_frames_past_the_end(tmp_path: Path) -> None:
    assert len(FolderFrames(write(tmp_path / "f", f1=1, f2=2, f3=3), count=2)) == 2


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({}, "no numbered"),
        ({"cover": 1}, "no numbered"),
        ({"img1": 1, "img01": 2}, "frame 1 twice"),
        ({"img0": 1}, "below 1"),
    ],
)
def test_bad_folders_are_told_in_one_sentence(tmp_path: Path, names: dict[str, int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        len(FolderFrames(write(tmp_path / "f", **names)))


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        len(FolderFrames(tmp_path / "nowhere"))


def test_unreadable_frame_is_named_only_when_it_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", f1=1, f3=3)
    (folder / "f2.png").write_bytes(b"no picture")
    frames = FolderFrames(folder)
    assert shades(frames.read(0, 1)) == [1]
    with pytest.raises(UserError, match=r"f2\.png cannot be read"):
        frames.read(0, 3)


def test_frames_of_two_sizes(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", f1=1)
    cv2.imwrite(str(folder / "f2.png"), picture(2, (10, 10)))
    with pytest.raises(UserError, match=r"f2\.png is 10x10"):
        FolderFrames(folder).read(0, 2)


def test_folder_digest_follows_names_contents_and_count(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", f1=1, f2=2)
    digests = {FolderFrames(folder).digest, FolderFrames(folder, count=3).digest}
    copied = write(tmp_path / "copy", f1=1, f2=2)
    os.utime(copied / "f2.png", ns=(1, 1))
    assert FolderFrames(copied).digest in digests
    write(folder, f2=3)
    digests.add(FolderFrames(folder).digest)
    (folder / "f2.png").rename(folder / "g2.png")
    digests.add(FolderFrames(folder).digest)
    assert len(digests) == 4


def test_ranges_outside_are_errors(tmp_path: Path) -> None:
    frames = FolderFrames(write(tmp_path / "f", f1=1, f2=2))
    assert frames.read(1, 1).shape[0] == 0
    for start, stop in ((-1, 1), (0, 3), (2, 1)):
        with pytest.raises(IndexError, match="outside a video of 2 frames"):
            frames.read(start, stop)
