from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.samm_lv import SammLv
from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType

MACRO, MICRO = ExpressionType.MACRO, ExpressionType.MICRO
ROWS = [
    ("006_1_1", 10, 20, 30, "Micro - 1/2", "4(B/C)+7B"),
    ("006_1_2", 100.4, 150.8, 299.6, "Macro", "ref(7)+12B"),
    ("011_6_10", 0, 120, 250, "Macro", 12),
    ("020_6_5", 400, 450, 620, "Macro", "14A"),
    ("028_4_1", 50, -1, 80, "Micro - 1/2", "4"),
    ("037_4_1", 88, 100, 177, "Micro - 1/2", "L12"),
    ("037_4_1", 87, 120, 205, "Macro", "R12"),
]
VIDEOS = {"006_1": 500, "011_6": 300, "020_6": 600, "028_4": 100, "037_4": 300, "036_7": 40}


def by_id(dataset):
    return {video.id: video for video in dataset.videos()}


def test_it_is_the_registered_dataset():
    assert DATASETS.get("samm_lv") is SammLv


def test_every_video_on_disk_is_there_with_its_events(samm):
    dataset = SammLv.open(samm(ROWS, VIDEOS))
    assert [video.key for video in dataset.videos()] == sorted((v[:3], v) for v in VIDEOS)
    videos = by_id(dataset)
    assert {v.id: v.n_frames for v in dataset.videos()} == VIDEOS
    assert {v.fps for v in dataset.videos()} == {200.0}
    assert [(e.onset, e.apex, e.offset, e.type, e.action_units) for e in videos["006_1"].events] == [
        (10, 20, 30, MICRO, "4(B/C)+7B"),
        (100, 151, 300, MACRO, "ref(7)+12B"),
    ]
    assert [(e.onset, e.offset, e.action_units) for e in videos["011_6"].events] == [(1, 250, "12")]
    assert videos["020_6"].events[0].offset == 600
    assert videos["028_4"].events[0].apex is None
    assert [(e.onset, e.type) for e in videos["037_4"].events] == [(87, MACRO), (88, MICRO)]
    assert videos["036_7"].events == ()


def test_every_quirk_is_reported(samm, kinds):
    report = SammLv.open(samm(ROWS, VIDEOS, nested=True, widths={"006_1": 5})).check()
    assert kinds(report) == {
        "nested_folder": ["SAMM_longvideos/SAMM_longvideos"],
        "padding": ["file names"],
        "duplicate_filename": ["037_4_1"],
        "fractional_frame": ["006_1_2"],
        "onset_zero": ["011_6_10"],
        "beyond_end": ["020_6_5"],
        "apex_missing": ["028_4_1"],
        "overlap": ["037_4_1"],
    }


def test_counts_stand_beside_the_promised_ones(samm):
    report = SammLv.open(samm(ROWS, VIDEOS)).check()
    counts = {count.name: (count.found, count.expected) for count in report.counts}
    assert counts["annotated rows"] == (7, 502)
    assert counts["macro-expressions"] == (4, 343)
    assert counts["micro-expressions"] == (3, 159)
    assert counts["videos"] == (6, 147)
    assert counts["videos with rows"] == (5, 147)
    assert counts["subjects"] == (5, 30)
    assert counts["videos with macro-expressions"] == (4, 130)
    assert counts["subjects with micro-expressions"] == (3, 29)
    assert counts["events kept"] == (7, None)
    assert not report.ok


def test_policies_are_settings(samm):
    root = samm(ROWS, VIDEOS)
    strict = SammLv.open(root, {"onset_zero": "drop", "beyond_end": "drop", "fractional": "truncate"})
    videos = by_id(strict)
    assert videos["011_6"].events == ()
    assert videos["020_6"].events == ()
    assert (videos["006_1"].events[1].apex, videos["006_1"].events[1].offset) == (150, 299)
    assert {c.name: c.found for c in strict.check().counts}["events kept"] == 5
    with pytest.raises(UserError, match="onset_zero='guess' is not one of"):
        SammLv.open(root, {"onset_zero": "guess"})
    with pytest.raises(UserError, match="fps=0.0 must be above 0"):
        SammLv.open(root, {"fps": "0"})


def test_the_frame_rate_can_be_set(samm):
    assert SammLv.open(samm(ROWS, VIDEOS), {"fps": "100"}).videos()[0].fps == 100.0


def test_rows_with_one_name_and_type_can_be_kept_once(samm, kinds):
    rows = [("006_1_1", 10, 20, 30, "Macro", ""), ("006_1_1", 50, 60, 70, "Macro", "")]
    root = samm(rows, {"006_1": 100})
    assert [len(SammLv.open(root, {"duplicate_row": d}).videos()[0].events) for d in ("keep", "first")] == [2, 1]
    assert kinds(SammLv.open(root).check())["duplicate_row"] == ["006_1_1"]


def test_identifiers_that_became_numbers_are_padded_again(samm, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    root = samm(ROWS[:2], {"006_1": 500})
    path = root / "SAMM_LongVideos_V2_Release.xlsx"
    book = openpyxl.load_workbook(path)
    for row in (11, 12):
        book.active.cell(row, 1).value = 6
    book.save(path)
    assert len(SammLv.open(root).videos()[0].events) == 2


def test_the_newest_workbook_is_read_and_the_choice_reported(samm, kinds):
    root = samm(ROWS, VIDEOS)
    old = root / "SAMM_LongVideos_V1_Release.xlsx"
    old.write_bytes(b"never read")
    report = SammLv.open(root).check()
    assert kinds(report)["several_workbooks"] == [old.name]


def test_any_workbook_can_be_named(samm):
    root = samm(ROWS, VIDEOS)
    moved = root.parent / "annotations.xlsx"
    (root / "SAMM_LongVideos_V2_Release.xlsx").rename(moved)
    with pytest.raises(
        UserError, match=r"No workbook named SAMM_LongVideos_V\*_Release\.xls\* was found in .*workbook=PATH"
    ):
        SammLv.open(root).videos()
    assert len(SammLv.open(root, {"workbook": str(moved)}).videos()) == 6


def test_rows_of_videos_that_are_not_on_disk_are_reported(samm, kinds):
    dataset = SammLv.open(samm(ROWS, {"006_1": 500}))
    assert [video.id for video in dataset.videos()] == ["006_1"]
    assert kinds(dataset.check())["missing_video"] == ["011_6", "020_6", "028_4", "037_4"]


def test_gaps_and_empty_folders_are_reported(samm, kinds):
    root = samm(ROWS[:1], {"006_1": 50, "006_2": 0})
    (root / "SAMM_longvideos" / "006_1" / "006_1_0007.jpg").unlink()
    dataset = SammLv.open(root)
    assert by_id(dataset)["006_1"].n_frames == 50
    found = kinds(dataset.check())
    assert (found["missing_frames"], found["no_frames"]) == (["006_1"], ["006_2"])


def test_the_hidden_twins_of_a_mac_and_other_twins_hide_no_gap(samm, kinds):
    root = samm(ROWS[:1], {"006_1": 50})
    folder = root / "SAMM_longvideos" / "006_1"
    for number in (10, 11, 12):
        (folder / f"006_1_{number:04d}.jpg").unlink()
        (folder / f"._006_1_{number + 10:04d}.jpg").write_bytes(b"Mac OS X")
        (folder / f"006_1_{number + 20:04d}.png").touch()
    report = SammLv.open(root).check()
    assert {name: kinds(report)[name] for name in ("missing_frames", "duplicate_frames")} == {
        "missing_frames": ["006_1"],
        "duplicate_frames": ["006_1"],
    }
    details = {erratum.kind: erratum.detail for erratum in report.errata}
    assert details["missing_frames"] == "3 of 50 frames have no file"
    assert details["duplicate_frames"] == "50 images for 47 frame numbers"


def test_another_layout_says_what_was_looked_for_and_where(tmp_path):
    (tmp_path / "videos" / "subject1").mkdir(parents=True)
    with pytest.raises(UserError, match=f"such as SAMM_longvideos/006_1 was found in {tmp_path}: give --root"):
        SammLv.open(tmp_path).videos()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("006_1_1", "ten", 20, 30, "Macro", ""), r"Row 11 of SAMM_LongVideos_V2_Release.xlsx holds 'ten'"),
        (("006_1_1", 10, 20, 30, "Blink", ""), "the type 'Blink', neither macro nor micro"),
        (("clip_1_1", 10, 20, 30, "Macro", ""), "the Filename 'clip_1_1'"),
    ],
)
def test_rows_of_another_form_name_their_place(samm, row, message):
    with pytest.raises(UserError, match=message):
        SammLv.open(samm([row], {"006_1": 50})).videos()


def test_a_root_is_needed():
    with pytest.raises(UserError, match="add --root DIR"):
        SammLv.open()


def test_openface_results_beside_the_dataset_are_found(samm, tmp_path, kinds):
    cv2 = pytest.importorskip("cv2")
    openface = tmp_path / "openface"
    (openface / "006_1_aligned").mkdir(parents=True)
    cv2.imwrite(str(openface / "006_1_aligned" / "frame_det_00_000001.bmp"), np.full((112, 112), 77, np.uint8))
    (openface / "006_1.csv").touch()
    dataset = SammLv.open(samm(ROWS, VIDEOS), {"openface": str(openface)})
    video = by_id(dataset)["006_1"]
    assert video.action_units_csv == str(openface / "006_1.csv")
    assert video.aligned is not None
    assert len(video.aligned) == 500
    assert video.aligned.read(499, 500)[0, 50, 50] == 77
    assert by_id(dataset)["011_6"].aligned is None
    assert kinds(dataset.check())["openface_missing"].count("011_6") == 2
    with pytest.raises(UserError, match="of the setting openface does not exist"):
        SammLv.open(dataset.root, {"openface": str(tmp_path / "absent")}).videos()


def test_the_digest_follows_the_truth(samm):
    root = samm(ROWS, VIDEOS)
    assert SammLv.open(root).digest() == SammLv.open(root).digest()
    assert SammLv.open(root).digest() != SammLv.open(root, {"onset_zero": "apex"}).digest()
