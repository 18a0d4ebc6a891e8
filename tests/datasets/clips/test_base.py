from __future__ import annotations

import shutil

import cv2
import numpy as np
import pytest

from mebench.datasets.clips.base import ClipDataset, ClipFolder, tally_clips
from mebench.datasets.clips.policies import AnnotatedClip
from mebench.datasets.folders import subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError

from .conftest import touch_clip


class Toy(ClipDataset):
    """`frames/SUBJECT_CLIP/`, and rows that a test sets."""

    id = "toy"
    usual_fps = 100.0
    promised = {"annotated rows": 3, "subjects": 2, "clips": 3, "emotion fear": 2, "emotion surprise": 1}
    table = ()

    def folders(self, errata):
        return [ClipFolder(*path.name.split("_")[:2], path) for path in subfolders(self.place / "frames")]

    def rows(self, errata):
        return [AnnotatedClip(s, c, f"{s}_{c}", *frames, emotion) for s, c, *frames, emotion in self.table]


@pytest.fixture
def toy(tmp_path, monkeypatch):
    monkeypatch.setattr(
        Toy, "table", [("a", "1", 46, 50, 60, "fear"), ("a", "2", 5, 9, 20, "Fear"), ("b", "1", 1, 2, 3, "surprise")]
    )
    touch_clip(tmp_path / "frames" / "a_1", "img{}.jpg", 40, 70)
    touch_clip(tmp_path / "frames" / "a_2", "img{:03d}.jpg", 5, 20)
    touch_clip(tmp_path / "frames" / "b_1", "x-{}.bmp", 1, 3)
    return tmp_path


def test_clips_have_their_frames_labels_and_numbers_within(toy):
    dataset = Toy.open(toy)
    first, second, third = dataset.clips()
    assert (first.key, first.n_frames, first.onset, first.apex, first.offset) == (("", "a", "1"), 31, 7, 11, 21)
    assert (second.emotion, third.emotion, third.fps) == ("fear", "surprise", 100.0)
    assert first.first == 40
    assert first.notes() == ()


def test_counts_are_compared_and_paddings_reported(toy, kinds):
    report = Toy.open(toy).check()
    assert report.ok
    assert kinds(report) == {"padding": ["file names"]}
    assert [c.found for c in report.counts if c.name == "frames"] == [31 + 16 + 3]


def test_a_promised_emotion_that_nobody_shows_is_counted_as_none(toy, monkeypatch):
    monkeypatch.setattr(Toy, "table", Toy.table[:2])
    counts = {c.name: (c.found, c.expected) for c in Toy.open(toy).check().counts}
    assert counts["emotion surprise"] == (0, 1)


def test_a_row_without_frames_and_frames_without_a_row_are_reported(toy, kinds, monkeypatch):
    shutil.rmtree(toy / "frames" / "a_1")
    (toy / "frames" / "a_1").mkdir()
    monkeypatch.setattr(Toy, "table", Toy.table[:2])
    report = Toy.open(toy).check()
    assert kinds(report) == {"no_row": ["b_1"], "no_frames": ["a_1"]}
    assert [c.name for c in report.counts if not c.ok] == ["annotated rows", "subjects", "clips", "emotion surprise"]
    with pytest.raises(UserError, match="a_1 has no frames in .*no_frames=drop"):
        Toy.open(toy, {"no_frames": "refuse"}).clips()


def test_a_frame_that_is_not_on_disk_is_reported_and_shows_an_earlier_one(tmp_path, kinds, monkeypatch):
    folder = tmp_path / "frames" / "a_1"
    folder.mkdir(parents=True)
    for number in (46, 47, 49):
        cv2.imwrite(str(folder / f"img{number}.png"), np.full((4, 5), number, np.uint8))
    monkeypatch.setattr(Toy, "table", [("a", "1", 46, 48, 49, "fear")])
    dataset = Toy.open(tmp_path)
    clip = dataset.clips()[0]
    assert kinds(dataset.check()) == {"missing_frames": ["a_1"], "key_frame_missing": ["a_1"]}
    assert dataset.check().errata[1].detail == "apex 48"
    assert dataset.check().errata[0].detail == "1 of 4 frames have no file: 48"
    assert clip.missing == (3,)
    assert clip.frames.read(0, 4)[:, 0, 0].tolist() == [46, 47, 47, 49]
    assert clip.frames.read(clip.apex - 1, clip.apex)[0, 0, 0] == 47


def test_twins_and_duplicates_are_told(toy, kinds, monkeypatch):
    (toy / "frames" / "b_1" / "y_2.jpg").touch()
    monkeypatch.setattr(Toy, "table", [*Toy.table, ("b", "1", 1, 1, 2, "fear")])
    dataset = Toy.open(toy)
    found = kinds(dataset.check())
    assert (found["duplicate_frames"], found["duplicate_row"]) == (["b_1"], ["b_1"])
    assert [clip.emotion for clip in dataset.clips()] == ["fear", "fear", "surprise"]
    touch_clip(toy / "frames" / "b_1_again", "x-{}.bmp", 1, 3)
    with pytest.raises(UserError, match="b_1 and .*b_1_again are the same clip"):
        Toy.open(toy).clips()


def test_openface_results_are_attached(toy, tmp_path, kinds):
    results = tmp_path / "openface"
    results.mkdir()
    (results / "a_1.csv").touch()
    dataset = Toy.open(toy, {"openface": str(results)})
    assert dataset.clips()[0].action_units_csv == str(results / "a_1.csv")
    assert len(kinds(dataset.check())["openface_missing"]) == 5


def test_the_frame_rate_is_the_users_before_the_releases(toy):
    assert {clip.fps for clip in Toy.open(toy, {"fps": "60"}).clips()} == {60.0}
    with pytest.raises(UserError, match="fps=0.0 must be above 0"):
        Toy.open(toy, {"fps": "0"})


def test_workbooks_are_found_and_a_missing_one_is_told(toy, kinds):
    def find(dataset):
        errata = Errata()
        return dataset.workbook("Toy.xlsx", "toy*.xlsx", errata=errata), [e.where for e in errata]

    with pytest.raises(UserError, match=r"No workbook named Toy.xlsx was found in .*workbook=PATH"):
        find(Toy.open(toy))
    (toy / "Toy_1.xlsx").touch()
    (toy / "Toy_2.xlsx").touch()
    assert find(Toy.open(toy)) == (toy / "Toy_2.xlsx", ["Toy_1.xlsx"])
    assert find(Toy.open(toy, {"workbook": "elsewhere.xlsx"}))[0].name == "elsewhere.xlsx"


def test_tally_counts_subjects_and_emotions():
    found = tally_clips([("a", "fear"), ("a", ""), ("b", "fear")], 2)
    assert found == {"annotated rows": 3, "subjects": 2, "clips": 2, "emotion fear": 2}
