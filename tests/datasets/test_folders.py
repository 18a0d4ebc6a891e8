from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.datasets.folders import (
    CountedFrames,
    frame_number_of,
    scan_frames,
    search_files,
    search_folders,
    subfolders,
)
from mebench.errors import UserError
from mebench.frames.folders import FolderFrames

prefixes = st.one_of(
    st.just(""),
    st.text("abcimgSAM_-. ()0123456789", max_size=12).filter(lambda t: not t[-1:].isdigit() and t[:1] != "."),
)


@given(
    prefixes,
    st.integers(0, 10**6),
    st.integers(1, 7),
    st.sampled_from(["", "a", "_x", "(b)"]),
    st.sampled_from([".jpg", ".JPG", ".jpeg", ".png", ".bmp"]),
)
def test_the_last_digits_of_the_stem_are_the_frame_number_whatever_the_padding(prefix, number, width, tail, suffix):
    assert frame_number_of(f"{prefix}{number:0{width}d}{tail}{suffix}") == number


@pytest.mark.parametrize("name", ["Thumbs.db", "notes.jpg", "img12.txt", "img12", ".jpg", "12.avi", "._img12.jpg"])
def test_what_is_no_numbered_image_has_no_number(name):
    assert frame_number_of(name) is None


@pytest.mark.parametrize(
    "name", ["009_4_0007.jpg", "img_2021.jpg", "img001.jpg", "reg_EP01_5-1.jpg", "frame_det_00_000012.bmp"]
)
def test_frame_sources_and_counting_read_the_same_number(tmp_path, name):
    (tmp_path / name).touch()
    assert list(FolderFrames(tmp_path, first=None).files) == [frame_number_of(name)]
    assert scan_frames(tmp_path).last == frame_number_of(name)


def test_scanning_tells_count_gaps_and_padding_and_skips_other_files(tmp_path):
    for name in ("img001.jpg", "img002.jpg", "img1000.jpg", "img2.png", "._img003.jpg", "Thumbs.db", "readme.txt"):
        (tmp_path / name).touch()
    scan = scan_frames(tmp_path)
    assert (scan.last, scan.numbers, scan.twins, scan.width) == (1000, 3, 1, 1)


def test_an_empty_folder_has_no_frames(tmp_path):
    assert scan_frames(tmp_path).numbers == 0


def test_a_folder_that_cannot_be_listed_is_the_users_error(tmp_path):
    with pytest.raises(UserError, match="cannot be listed"):
        scan_frames(tmp_path / "absent")


def test_counted_frames_know_their_length_without_a_folder(tmp_path):
    assert len(CountedFrames(tmp_path / "absent", 7)) == 7


def test_searching_finds_the_nearest_match_first_and_does_not_enter_it(tmp_path):
    for name in ("a/videos/006_1", "videos/006_2", "videos/006_2/videos/006_3", "b/c/d/e/006_4"):
        (tmp_path / name).mkdir(parents=True)
    found = search_folders(tmp_path, lambda children: any(c.name.startswith("006") for c in children))
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["videos", "a/videos"]


def test_hidden_folders_and_lock_files_are_passed_over(tmp_path):
    (tmp_path / ".git").mkdir()
    for name in ("~$Code_final.xlsx", "Code_FINAL.xlsx", ".code_final.xlsx"):
        (tmp_path / name).touch()
    assert subfolders(tmp_path) == []
    assert [path.name for path in search_files([tmp_path], "*code_final*.xls*")] == ["Code_FINAL.xlsx"]


def test_a_scan_names_the_gaps_of_a_folder_that_begins_anywhere(tmp_path):
    for number in (46, 47, 49, 55):
        (tmp_path / f"img{number}.jpg").touch()
    scan = scan_frames(tmp_path)
    assert (scan.first, scan.last, scan.span, scan.padded) == (46, 55, 10, False)
    assert scan.gaps == ((48, 48), (50, 54))
    (tmp_path / "img048.jpg").touch()
    assert scan_frames(tmp_path).padded
