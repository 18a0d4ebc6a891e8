from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.clip_table import ClipTableDataset
from mebench.errors import UserError
from mebench.schema.problems import InvalidTable

HEADER = ["subject", "clip", "frames", "emotion", "onset", "apex", "offset", "action_units"]
ROWS = [
    ["7", "a", "faces/a", "Happiness", "5", "8", "11", "6+12"],
    ["7", "b", "faces/b", "surprise", "", "", "", ""],
    ["12", "a", "faces/c", "disgust", "3", "0", "4", "L4"],
]
FOLDERS = {"faces/a": range(4, 13), "faces/b": range(1, 6), "faces/c": range(1, 5)}


def pictures(folder, numbers, shape=(6, 8)):
    folder.mkdir(parents=True)
    for number in numbers:
        cv2.imwrite(str(folder / f"img{number}.png"), np.full(shape, number % 256, np.uint8))


@pytest.fixture
def collection(tmp_path):
    """Build a collection: collection(rows, header=, folders=, encoding=)."""

    def build(rows=ROWS, *, header=HEADER, folders=FOLDERS, encoding="utf-8"):
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        (tmp_path / "clips.csv").write_bytes(text.getvalue().encode(encoding))
        for name, numbers in folders.items():
            pictures(tmp_path / name, numbers)
        return tmp_path

    return build


def opened(root, **options):
    return ClipTableDataset.open(root, {"fps": "100", **options})


def problems_of(dataset):
    with pytest.raises(InvalidTable) as caught:
        dataset.clips()
    return {(problem.line, problem.column) for problem in caught.value.problems}, str(caught.value)


def test_it_is_the_registered_dataset():
    assert DATASETS.get("clip_table") is ClipTableDataset


def test_frame_numbers_are_those_of_the_files(collection):
    clips = opened(collection()).clips()
    found = [(c.key, c.emotion, c.n_frames, c.onset, c.apex, c.offset, c.action_units) for c in clips]
    assert found == [
        (("", "12", "a"), "disgust", 4, 3, 0, 4, "L4"),
        (("", "7", "a"), "happiness", 9, 2, 5, 8, "6+12"),
        (("", "7", "b"), "surprise", 5, 0, 0, 0, ""),
    ]
    # The frame that the table calls 8 is the picture img8.png.
    assert np.unique(clips[1].frames.read(clips[1].apex - 1, clips[1].apex)).tolist() == [8]


def test_frame_numbers_may_count_from_1_within_the_clip(collection):
    clip = opened(collection([["7", "a", "faces/a", "fear", "1", "8", "9", ""]]), numbers="clip").clips()[0]
    assert (clip.onset, clip.apex, clip.offset) == (1, 8, 9)


def test_files_from_0_on_have_a_frame_0(collection, kinds):
    rows = [["7", "a", "zero", "fear", "0", "2", "4", ""], ["7", "b", "faces/b", "fear", "0", "2", "4", ""]]
    dataset = opened(collection(rows, folders={"zero": range(5), "faces/b": range(1, 6)}))
    assert [(c.onset, c.apex, c.offset) for c in dataset.clips()] == [(1, 3, 5), (0, 2, 4)]
    assert kinds(dataset.check()) == {"frame_zero": ["7/a"]}


def test_paths_may_be_absolute_or_of_windows(collection, tmp_path):
    rows = [["7", "a", str(tmp_path / "faces/a"), "fear", *[""] * 4], ["7", "b", "faces\\b", "fear", *[""] * 4]]
    assert [len(clip.frames) for clip in opened(collection(rows)).clips()] == [9, 5]


def test_paths_are_relative_to_the_table(collection):
    root = collection()
    assert len(ClipTableDataset.open(root / "faces", {"table": "../clips.csv", "fps": 30}).clips()) == 3


def test_video_files_bring_their_frame_rate_and_number_of_frames(collection):
    root = collection([["9", "film", "film.avi", "anger", "2", "", "6", ""]], folders={})
    film = cv2.VideoWriter(str(root / "film.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 50.0, (32, 24))
    for number in range(6):
        film.write(np.full((24, 32, 3), 20 * number, np.uint8))
    film.release()
    clip = ClipTableDataset.open(root).clips()[0]
    assert (clip.fps, clip.n_frames, clip.onset, clip.offset) == (50.0, 6, 2, 6)
    assert ClipTableDataset.open(root, {"fps": 25}).clips()[0].fps == 25.0


def test_one_picture_is_a_clip_of_one_frame(collection):
    root = collection([["9", "still", "faces/c/img3.png", "anger", "1", "1", "1", ""]])
    clip = ClipTableDataset.open(root).clips()[0]
    assert (clip.n_frames, clip.apex, clip.notes()) == (1, 1, ())
    assert np.unique(clip.frames.read(0, 1)).tolist() == [3]


def test_a_line_s_own_frame_rate_goes_before_the_setting(collection):
    header, rows = [*HEADER, "fps"], [[*row, rate] for row, rate in zip(ROWS, ("60", "", "30.5"), strict=True)]
    clips = opened(collection(rows, header=header)).clips()
    assert {clip.key[1:]: clip.fps for clip in clips} == {("7", "a"): 60, ("7", "b"): 100, ("12", "a"): 30.5}


def test_the_same_subject_of_two_databases_is_two_people(collection):
    header = [*HEADER, "database"]
    rows = [[*row, name] for row, name in zip(ROWS, ("dfme", "meview", "dfme"), strict=True)]
    report = opened(collection(rows, header=header)).check()
    counts = {count.name: count.found for count in report.counts}
    assert (counts["subjects"], counts["database dfme"], counts["database meview"]) == (3, 2, 1)


def test_columns_may_stand_in_any_order_and_only_four_are_needed(collection):
    root = collection([["fear", "faces/b", "1", "x"]], header=["emotion", "frames", "clip", "subject"])
    assert opened(root).clips()[0].key == ("", "x", "1")


def test_the_report_counts_what_the_table_holds(collection):
    report = opened(collection()).check()
    assert {count.name: count.found for count in report.counts} == {
        "clips": 3, "subjects": 2, "clips with an apex": 1, "clips with action units": 2,
        "emotion disgust": 1, "emotion happiness": 1, "emotion surprise": 1,
    }  # fmt: skip
    assert report.ok
    assert report.errata == ()


def test_all_that_is_wrong_is_told_at_once_by_line(collection):
    rows = [
        ["7", "a", "faces/a", "fear", "3", "8", "13", ""],  # 2: the files are 4 to 12
        ["7", "b", "faces/b", "", "2", "1", "5", ""],  # 3: no emotion, apex before onset
        ["7", "c", "nowhere", "fear", "", "", "", ""],  # 4
        ["7", "d", "empty", "fear", "", "", "", ""],  # 5
        ["7", "a", "faces/b", "fear", "1.5", "", "", ""],  # 6: twice, and half a frame
        ["", "e", "clips.csv", "fear", "", "", "", ""],  # 7: a text, and nobody
    ]
    where, said = problems_of(opened(collection(rows, folders={**FOLDERS, "empty": []})))
    assert where == {
        (2, "onset"), (2, "offset"), (3, "emotion"), (3, "apex"), (4, "frames"), (5, "frames"), (6, "clip"),
        (6, "onset"), (7, "subject"), (7, "frames"),
    }  # fmt: skip
    assert "clips.csv:2, offset: expected a frame from 4 to 12, which are there, found 13" in said
    assert re.search(
        r"clips.csv:4, frames: expected a folder of pictures, a video file or a picture, found .*nowhere", said
    )


def test_a_folder_needs_a_frame_rate(collection):
    where, said = problems_of(ClipTableDataset.open(collection()))
    assert where == {(2, "fps"), (3, "fps"), (4, "fps")}
    assert "expected a frame rate, here or as the setting fps=, found none" in said


def test_a_frame_rate_that_cannot_be_read_is_told_once(collection):
    where, said = problems_of(ClipTableDataset.open(collection([[*ROWS[0], "fast"]], header=[*HEADER, "fps"])))
    assert where == {(2, "fps")}
    assert "1 error" in said


def test_an_unknown_column_is_no_note_that_nobody_reads(collection):
    with pytest.raises(InvalidTable, match="one of the columns .*, found 'appex' Did you mean 'apex'"):
        opened(collection(header=[*HEADER[:5], "appex", *HEADER[6:]])).clips()


def test_text_of_another_encoding_is_named_by_a_setting(collection):
    root = collection([["张三", "a", "faces/b", "happiness", *[""] * 4]], encoding="gb18030")
    with pytest.raises(InvalidTable, match="clips.csv:2: expected text in UTF-8, or the setting encoding=NAME"):
        opened(root).clips()
    assert opened(root, encoding="gb18030").clips()[0].subject == "张三"
    with pytest.raises(UserError, match="encoding=klingon is not known"):
        opened(root, encoding="klingon")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_the_byte_order_are_passed_over(collection, encoding):
    root = collection(encoding=encoding)
    assert len(opened(root, encoding="utf-16" if encoding == "utf-16" else "utf-8").clips()) == 3


def test_without_a_table_one_sentence_says_where_it_belongs(tmp_path):
    with pytest.raises(UserError, match=f"{tmp_path} holds no clips.csv: write a line for each clip there"):
        opened(tmp_path).clips()


def test_clips_that_are_not_on_disk_can_be_left_out(collection, kinds):
    dataset = opened(collection(folders={"faces/b": range(1, 6)}), absent="leave_out")
    assert [clip.id for clip in dataset.clips()] == ["b"]
    assert kinds(dataset.check()) == {"absent": ["7/a", "12/a"]}
    (dataset.root / "faces/b").rename(dataset.root / "gone")
    with pytest.raises(UserError, match="lists no clip that is on disk"):
        opened(dataset.root, absent="leave_out").clips()


def test_frames_without_a_file_are_listed_and_show_the_one_before(collection, kinds):
    dataset = opened(collection(folders={**FOLDERS, "faces/a": [4, 5, 6, 9, 10, 12]}))
    clip = next(clip for clip in dataset.clips() if clip.key == ("", "7", "a"))
    assert kinds(dataset.check()) == {"missing_frames": ["7/a"]}
    assert next(iter(dataset.check().errata)).detail == "7-8, 11 of 4-12 have no file"
    assert (clip.missing, np.unique(clip.frames.read(3, 5)).tolist()) == ((4, 5, 8), [6])


def test_one_number_with_two_pictures_is_an_error_even_beside_a_gap(collection):
    root = collection(folders={**FOLDERS, "faces/a": [4, 5, 6, 7, 8, 9, 10, 12]})
    (root / "faces/a/img05.png").write_bytes((root / "faces/a/img5.png").read_bytes())
    where, said = problems_of(opened(root))
    assert where == {(2, "frames")}
    assert "holds frame 5 twice" in said


def test_clips_that_show_the_same_frames_are_named(collection, kinds):
    rows = [[*ROWS[0]], ["8", "z", "faces/../faces/a", "fear", *[""] * 4]]
    assert kinds(opened(collection(rows)).check()) == {"shared_frames": ["7/a"]}


@pytest.mark.parametrize("fps", [0, -1, 20_000])
def test_impossible_frame_rates_are_refused(tmp_path, fps):
    with pytest.raises(UserError, match="must be above 0"):
        ClipTableDataset.open(tmp_path, {"fps": fps})


def test_the_example_of_the_page_is_read(tmp_path):
    page = (Path(__file__).parents[3] / "docs/files.md").read_text()
    (tmp_path / "clips.csv").write_text(re.findall(r"```csv title=clips.csv\n(.*?)```", page, flags=re.DOTALL)[0])
    pictures(tmp_path / "faces/S01/happy_1", range(1200, 1251))
    pictures(tmp_path / "faces/S01/fear_1", range(80, 111))
    (tmp_path / "videos").mkdir()
    film = cv2.VideoWriter(str(tmp_path / "videos/S02_surprise_1.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 30, (32, 24))
    for _ in range(10):
        film.write(np.zeros((24, 32, 3), np.uint8))
    film.release()
    found = {c.id: (c.emotion, c.onset, c.apex, c.offset, c.fps) for c in ClipTableDataset.open(tmp_path).clips()}
    assert found == {
        "S01_happy_1": ("happiness", 5, 22, 41, 200),
        "S01_fear_1": ("fear", 8, 0, 22, 200),
        "S02_surprise_1": ("surprise", 3, 7, 9, 30),
    }


def test_the_page_names_every_column_and_no_other(tmp_path):
    page = (Path(__file__).parents[3] / "docs/files.md").read_text()
    part = page.partition("### A table of clips")[2].partition("###")[0]
    listed = re.findall(r"^\| (.*?) \|", part, flags=re.MULTILINE)[1:]
    (tmp_path / "clips.csv").write_text("nonsense\n")
    with pytest.raises(InvalidTable, match="one of the columns") as caught:
        opened(tmp_path).clips()
    known = re.search(r"one of the columns ([\w, ]+), found", str(caught.value))
    assert set(known[1].split(", ")) == set(re.findall(r"`(\w+)`", " ".join(listed)))
