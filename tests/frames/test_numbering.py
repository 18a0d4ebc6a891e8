from __future__ import annotations

from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames
from mebench.frames.numbering import picture_names


def folder_of(place: Path, *names: str) -> Path:
    place.mkdir()
    for name in names:
        (place / name).touch()
    return place


def clock(i: int) -> str:
    return f"RGB-11-26-{57 + 33 * i // 1000:02d}-{33 * i % 1000:03d}.jpg"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([clock(i) for i in range(1, 41)], "not numbered by frame: RGB-11-26-57-033.jpg comes before RGB-11-26-58-0"),
        ([f"{1578301234567 + 33 * i}.jpg" for i in range(40)], "is the first frame, of number 1578301234567: renumber"),
        ([f"{1000 + 33 * i}.jpg" for i in range(40)], "40 pictures for the frame numbers 1000 to 2287, so that 1248"),
        (
            [f"img_{10 * i}.jpg" for i in range(1, 41)],
            "40 pictures for the frame numbers 10 to 400, so that 351 of 391",
        ),
        ([*(f"img_{i}.jpg" for i in range(1, 41)), "IMG_20240131.jpg"], "no frames between img_40.jpg and IMG_2024"),
    ],
)
def test_numbers_that_count_no_frames_are_refused(tmp_path: Path, names: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        len(FolderFrames(folder_of(tmp_path / "f", *names), first=None))


@pytest.mark.parametrize(
    "names",
    [
        [f"006_1_{i:04d}.jpg" for i in range(1, 300)],
        [f"img{i}.jpg" for i in range(1, 300)],
        [f"{i}.png" for i in range(1, 300, 3)],
        ["f2.png", "f3.png", "f50.png"],
    ],
)
def test_numbers_of_frames_with_gaps_are_taken(tmp_path: Path, names: list[str]) -> None:
    frames = FolderFrames(folder_of(tmp_path / "f", *names), first=None)
    assert len(frames) - len(frames.missing) == len(names)


def test_what_others_leave_beside_the_pictures_is_passed_over(tmp_path: Path) -> None:
    litter = ["._img_1.jpg", "._img_2.jpg", ".DS_Store", "Thumbs.db", ".img_3.jpg"]
    assert picture_names([*litter, "img_2.jpg", "img_1.JPG"]) == ["img_1.JPG", "img_2.jpg"]
    assert list(FolderFrames(folder_of(tmp_path / "f", *litter, "img_1.jpg", "img_2.jpg")).files) == [1, 2]


def test_a_folder_that_begins_elsewhere_bears_the_numbers_of_its_files(tmp_path: Path) -> None:
    names = [f"img_{i}.jpg" for i in range(101, 141) if i not in (110, 111)]
    frames = FolderFrames(folder_of(tmp_path / "f", *names), first=None)
    assert (frames.first, len(frames), frames.missing) == (101, 40, (10, 11))
    assert frames.notes() == (
        "The first frame is img_101.jpg: frames bear the numbers of their files, from 101 on.",
        "2 of the frames have no file: they show the nearest one and count as without a face, 110-111.",
    )


@pytest.mark.parametrize(
    ("numbers", "advice"),
    [
        ([*range(1, 31), 500], "have none: take 500.jpg away if it does not belong there, or put the missing"),
        ([2, 3, *range(600, 640)], "have none: take 2.jpg to 3.jpg away if they do not belong there, or put"),
        (range(1, 900, 30), "have none: put the missing frames there"),
    ],
)
def test_stray_pictures_are_named(tmp_path: Path, numbers: list[int], advice: str) -> None:
    with pytest.raises(UserError, match=advice):
        len(FolderFrames(folder_of(tmp_path / "f", *(f"{n}.jpg" for n in numbers)), first=None))
