from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.smic_e import SmicE
from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType

from ..conftest import save_workbook
from .conftest import touch_clip

HEADER = ["Subject", "Filename", None, "OnsetF", "OffsetF", "Onset2F", "Offset2F", "Onset3F", "Offset3F", None,
          "FirstF", "LastF", "TotalMF1", "TotalMF2", "TotalMF3", "TotalVL", "Emotion"]  # fmt: skip


def row(name, first, last, events, emotion, *, first_cell=None):
    ends = [*(number for event in events for number in event), *[None] * 6][:6]
    return [int(name[1:].split("_")[0]), name, None, *ends, None, first if first_cell is None else first_cell, last,
            None, None, None, None, emotion]  # fmt: skip


ROWS = [
    row("s1_ne_01", 17581000, 17581599, [(17581039, 17581070), (17581200, 17581230)], "negative"),
    row("s9_sur_01", 400, 900, [(450, 480), (600, 640), (600, 640)], "surprise"),
    row("s20_ne_06", 400, 900, [(450, 480), (None, None), (-399, 1)], "negative"),
    row("s8_po_01", 300, 700, [(350, 400)], "positive"),
    row("s3_ne_20", 100, 500, [(150, 180)], "negative", first_cell="MISSING <-426679"),
    ["", "average length in seconds is 5.9", *[None] * 15],
]
FILES = {
    "s01_ne_01": (17581000, 17581599), "s09_sur_01": (400, 900), "s20_ne_06": (400, 900), "s08_po_01": (1, 401),
    "s03_ne_20": (100, 500),
}  # fmt: skip


def make(root, rows=ROWS, files=FILES, *, camera="HS", folder="SMIC-{}-E", book="SMIC-{}-E_annotation_2019.xlsx"):
    inner = root / "SMIC-E_raw image" / f"{camera}_long"
    for clip, (first, last) in files.items():
        touch_clip(inner / folder.format(camera) / clip[:3] / clip, "image{:06d}.jpg", first, last)
    save_workbook(inner / book.format(camera), {camera: [HEADER, *rows], "Sheet3": []})
    return root


def test_it_is_the_registered_dataset():
    assert DATASETS.get("smic_e") is SmicE


@pytest.mark.parametrize("folder", ["SMIC-{}-E", "SMIC_{}_E"])
def test_clips_have_their_first_micro_expression(tmp_path, spans, folder):
    dataset = SmicE.open(make(tmp_path, folder=folder))
    assert spans(dataset) == {
        "s01_ne_01": (600, 40, 0, 71),
        "s09_sur_01": (501, 51, 0, 81),
        "s20_ne_06": (501, 51, 0, 81),
        "s08_po_01": (401, 51, 0, 101),  # its files count from 1, FirstF says 300
        "s03_ne_20": (401, 51, 0, 81),
    }
    assert {clip.fps for clip in dataset.clips()} == {100.0}


def test_videos_have_every_micro_expression(tmp_path):
    videos = {video.id: video for video in SmicE.open(make(tmp_path)).videos()}
    assert [(e.onset, e.offset) for e in videos["s01_ne_01"].events] == [(40, 71), (201, 231)]
    assert [(e.onset, e.offset) for e in videos["s09_sur_01"].events] == [(51, 81), (201, 241)]
    assert [(e.onset, e.offset) for e in videos["s20_ne_06"].events] == [(51, 81)]
    event = videos["s08_po_01"].events[0]
    assert (event.onset, event.apex, event.type, event.emotion) == (51, None, ExpressionType.MICRO, "positive")


def test_every_quirk_of_the_table_is_reported(tmp_path, kinds):
    found = kinds(SmicE.open(make(tmp_path)).check())
    assert found.pop("apex_missing")
    assert (
        found
        == {
            "text_rows": ["SMIC-HS-E_annotation_2019.xlsx"],
            "further_event": ["s01_ne_01 (2)", "s09_sur_01 (2)"],
            "repeated_event": ["s09_sur_01 (3)"],
            "no_event": ["s20_ne_06 (3)"],
            "first_frame_missing": ["s03_ne_20"],
            "renumbered": ["s08_po_01"],
            "padding": ["file names"],
        }
        or found.pop("padding", None) is None
    )


def test_a_first_file_other_than_the_tables_is_reported(tmp_path, kinds, spans):
    dataset = SmicE.open(make(tmp_path, ROWS[1:2], {"s09_sur_01": (399, 899)}))
    assert spans(dataset) == {"s09_sur_01": (501, 52, 0, 82)}
    assert kinds(dataset.check())["first_frame"] == ["s09_sur_01"]


def test_a_column_of_apexes_is_read_where_there_is_one(tmp_path, spans):
    root = make(tmp_path, [], {"s01_ne_01": (100, 200)})
    table = [["Filename", "OnsetF", "ApexF", "OffsetF", "FirstF", "LastF", "Emotion"],
             ["s01_ne_01", 110, 120, 130, 100, 200, "positive"]]  # fmt: skip
    book = root / "SMIC-E_raw image" / "HS_long" / "SMIC-HS-E_annotation_2019.xlsx"
    save_workbook(book, {"HS": table})
    dataset = SmicE.open(root)
    assert spans(dataset) == {"s01_ne_01": (101, 11, 21, 31)}
    assert [e.kind for e in dataset.check().errata] == ["emotion_of_name"]
    assert dataset.clips()[0].emotion == "negative"


@pytest.mark.parametrize("camera", ["vis", "nir"])
def test_other_cameras_have_their_own_sheet_rate_and_counts(tmp_path, camera):
    rows = [row("s11_po_03", 10, 60, [(20, 30)], "positive")]
    root = make(tmp_path, rows, {"s11_po_03": (10, 60)}, camera=camera.upper(), book="SMIC_{}_E_annotation.xlsx")
    dataset = SmicE.open(root, {"camera": camera})
    assert [(c.onset, c.offset, c.fps) for c in dataset.clips()] == [(11, 21, 25.0)]
    assert [c.expected for c in dataset.check().counts if c.name == "clips"] == [71]
    with pytest.raises(UserError, match="HS_long/SMIC-HS-E/s01/s01_ne_01 was found in"):
        SmicE.open(root).clips()


def test_a_camera_is_read_from_its_sheet_and_from_no_other(tmp_path):
    rows = [row("s11_po_03", 10, 60, [(20, 30)], "positive")]
    for camera in ("VIS", "NIR"):
        make(tmp_path, rows, {"s11_po_03": (10, 60)}, camera=camera, book="unused {}.xlsx")
    wrong = [HEADER, row("s11_po_03", 10, 60, [(15, 55)], "positive")]
    save_workbook(tmp_path / "SMIC-HS-E_annotation.xlsx", {"HS": wrong, "VIS": [HEADER, *rows]})
    clip = SmicE.open(tmp_path, {"camera": "vis"}).clips()[0]
    assert (clip.onset, clip.offset) == (11, 21)
    with pytest.raises(UserError, match="has the sheets HS, VIS, and none for NIR: put SMIC-NIR-E_annotation.xlsx"):
        SmicE.open(tmp_path, {"camera": "nir"}).clips()


@pytest.mark.parametrize(("rows", "expected"), [(157, 157), (158, 162)])
def test_the_two_tables_of_the_high_speed_camera_promise_their_own_counts(tmp_path, rows, expected):
    table = [row(f"s1_ne_{n:03d}", 1, 5, [(1, 3)], "negative") for n in range(1, rows + 1)]
    report = SmicE.open(make(tmp_path, table, {"s01_ne_01": (1, 5)})).check()
    assert {c.name: c.expected for c in report.counts}["annotated rows"] == expected


def test_a_wrong_root_and_a_missing_workbook_are_told(tmp_path):
    with pytest.raises(UserError, match="HS_long/SMIC-HS-E/s01/s01_ne_01 was found in .*give --root"):
        SmicE.open(tmp_path).clips()
    make(tmp_path, book="other.xlsx")
    with pytest.raises(UserError, match="No workbook named SMIC-HS-E_annotation.xlsx was found in"):
        SmicE.open(tmp_path).clips()
