from __future__ import annotations

import os
from pathlib import Path

import pytest

from mebench.apply.places import Places, without_repeats
from mebench.apply.record import INTERVALS, PAGE, SCHEMA, SpotRecord, SpottedVideo, write_record
from mebench.errors import UserError


def leave_results(folder: Path, content: str) -> None:
    folder.mkdir(parents=True)
    for name in (INTERVALS, PAGE):
        (folder / name).write_text("")
    write_record(SpotRecord(SCHEMA, SpottedVideo("v", content, 3, 30.0), "idle", 1, "x", (), (), (), ()), folder)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_results_of_another_video_keep_their_folder() -> None:
    leave_results(Path("spotted/video"), "one")
    places = Places(None, several=False)
    assert places.folder("video", "one") == Path("spotted/video")
    assert places.folder("video", "two") == Path("spotted/video-2")


def test_what_somebody_else_left_keeps_its_folder() -> None:
    Path("spotted/video").mkdir(parents=True)
    assert Places(None, several=False).folder("video", "one") == Path("spotted/video")
    Path("spotted/video/intervals.csv").touch()
    assert Places(None, several=False).folder("video", "one") == Path("spotted/video-2")
    Path("spotted/video-2").symlink_to("nowhere")
    assert Places(None, several=False).folder("video", "one") == Path("spotted/video-3")


def test_two_videos_of_one_name_and_content_in_one_call_have_two_folders() -> None:
    places = Places(Path("out"), several=True)
    assert [places.folder("v", c) for c in ("one", "two", "one")] == [Path("out/v"), Path("out/v-2"), Path("out/v-3")]


def test_the_folder_that_was_asked_for_is_not_written_over() -> None:
    leave_results(Path("out"), "one")
    places = Places(Path("out"), several=False)
    assert places.folder("v", "one") == Path("out")
    with pytest.raises(UserError, match="out holds results of another video, or something else: give another --out"):
        places.folder("v", "two")


def test_a_place_that_cannot_be_written_is_told_by_its_cause() -> None:
    Path("file").touch()
    with pytest.raises(UserError, match=r"file/out cannot be written .*choose another name") as told:
        Places(Path("file/out"), several=False).require_writable()
    assert "space" not in str(told.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_told() -> None:
    Path("locked").mkdir(mode=0o500)
    with pytest.raises(UserError, match="choose a folder that you may write to"):
        Places(Path("locked/out"), several=False).require_writable()


def test_the_same_video_is_taken_once() -> None:
    Path("a").mkdir()
    Path("b").symlink_to("a")
    assert without_repeats([Path("a"), Path("b"), Path("./a"), Path("c")]) == [Path("a"), Path("c")]
