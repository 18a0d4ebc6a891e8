from __future__ import annotations

import os
from pathlib import Path

import pytest

from mebench.apply.places import Places, without_repeats
from mebench.apply.record import INTERVALS, PAGE, RECORD, SCHEMA, SpotRecord, SpottedVideo, write_record
from mebench.errors import UserError


def leave_results(folder: Path, content: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (INTERVALS, PAGE):
        (folder / name).write_text(content)
    write_record(SpotRecord(SCHEMA, SpottedVideo("v", content, 3, 30.0), "idle", 1, "x", (), (), (), ()), folder)
    return folder


def put(places: Places, name: str, content: str) -> Path:
    """Return where the results of a video go."""
    with places.new(name) as making:
        leave_results(making, content)
    return places.placed


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_results_of_another_video_keep_their_folder() -> None:
    leave_results(Path("spotted/video"), "one")
    places = Places(None, several=False)
    assert places.find("video", "one") == Path("spotted/video")
    assert places.find("video", "two") is None
    assert put(places, "video", "two") == Path("spotted/video-2")
    assert (Path("spotted/video") / INTERVALS).read_text() == "one"
    assert Places(None, several=False).find("video", "two") == Path("spotted/video-2")


def test_what_somebody_else_left_keeps_its_folder() -> None:
    Path("spotted/video").mkdir(parents=True)
    Path("spotted/video/intervals.csv").touch()
    Path("spotted/video-2").symlink_to("nowhere")
    assert put(Places(None, several=False), "video", "one") == Path("spotted/video-3")


def test_an_empty_folder_is_taken() -> None:
    Path("spotted/video").mkdir(parents=True)
    assert put(Places(None, several=False), "video", "one") == Path("spotted/video")
    Path("out").mkdir()
    assert put(Places(Path("out"), several=False), "video", "one") == Path("out")
    assert (Path("out") / RECORD).is_file()


def test_the_working_folder_can_be_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    places = Places(Path(), several=False)
    assert places.find("video", "one") is None
    assert put(places, "video", "one") == tmp_path / "work"
    assert Path(RECORD).is_file()


def test_of_two_that_work_at_once_none_takes_the_others_place() -> None:
    first, second = Places(None, several=False), Places(None, several=False)
    assert first.find("video", "one") is second.find("video", "two") is None
    assert [put(first, "video", "one"), put(second, "video", "two")] == [Path("spotted/video"), Path("spotted/video-2")]
    asked = Places(Path("out"), several=False), Places(Path("out"), several=False)
    assert [put(asked[0], "v", "one"), put(asked[1], "v", "two")] == [Path("out"), Path("out-2")]
    assert asked[0].moved == ""
    assert asked[1].moved == "another process took out meanwhile, so the results are in out-2"
    assert (first.moved, second.moved) == ("", "")  # nobody asked for a place


def test_two_videos_of_one_name_and_content_in_one_call_have_two_folders() -> None:
    places = Places(Path("out"), several=True)
    assert [put(places, "v", c) for c in ("one", "two", "one")] == [Path("out/v"), Path("out/v-2"), Path("out/v-3")]


def test_the_folder_that_was_asked_for_is_not_written_over() -> None:
    leave_results(Path("out"), "one")
    places = Places(Path("out"), several=False)
    assert places.find("v", "one") == Path("out")
    with pytest.raises(UserError, match=r"out holds something else already: give another --out\.$"):
        Places(Path("out"), several=False).find("v", "two")


def test_what_fails_leaves_nothing_behind() -> None:
    def fail() -> None:
        with Places(None, several=False).new("video") as making:
            (making / INTERVALS).write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(Path("spotted").iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_by_its_cause() -> None:
    Path("file").touch()
    with pytest.raises(UserError, match=r"file cannot be written .*choose another name") as told:
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
