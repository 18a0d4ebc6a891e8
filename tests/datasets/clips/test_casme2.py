from __future__ import annotations

import shutil

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.casme2 import Casme2
from mebench.errors import UserError

from ..conftest import save_workbook
from .conftest import touch_clip

HEADER = ["Subject", "Filename", None, "OnsetFrame", "ApexFrame", "OffsetFrame", None, "Action Units",
          "Estimated Emotion"]  # fmt: skip
# subject, clip, onset, apex, offset, units, emotion, first and last file
ROWS = [
    ("01", "EP02_01f", 46, 59, 86, 12, "happiness", 44, 90),
    ("04", "EP12_01f", 10, "/", 40, "?", "disgust", 10, 40),
    ("07", "EP06_01", 15, 30, 68, "4+R10", "others", 1, 130),
    ("12", "EP09_06", 66, 111, 111, "4", "repression", 60, 111),
    ("12", "EP09_02", 16, 50, 101, "4", "others", 1, 220),
]


def make(root, rows=ROWS, *, folder="CASME2_RAW_selected", pattern="img{}.jpg", book="CASME2-coding-20140508.xlsx"):
    for subject, clip, *_, first, last in rows:
        touch_clip(root / folder / f"sub{subject}" / clip, pattern, first, last)
    table = [HEADER, *([s, c, None, on, ap, off, None, u, e] for s, c, on, ap, off, u, e, *_ in rows)]
    save_workbook(root / book, {"Sheet1": table, "Sheet2": [], "Sheet3": []})
    return root


def test_it_is_the_registered_dataset():
    assert DATASETS.get("casme2") is Casme2


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("CASME2_RAW_selected", "img{}.jpg"),
        ("CASME2_RAW_selected/CASME2_RAW_selected", "img{}.jpg"),
        ("CASME2-RAW", "img{}.jpg"),
        ("Cropped", "reg_img{}.jpg"),
        ("Cropped-updated/Cropped", "reg_img{}.jpg"),
    ],
)
def test_every_release_gives_onset_and_apex_within_its_frames(tmp_path, spans, folder, pattern):
    dataset = Casme2.open(make(tmp_path, folder=folder, pattern=pattern))
    assert spans(dataset) == {
        "EP02_01f": (47, 3, 16, 43),
        "EP12_01f": (31, 1, 0, 31),
        "EP06_01": (130, 15, 30, 68),
        "EP09_06": (52, 7, 52, 52),
        "EP09_02": (220, 16, 50, 101),
    }
    first = dataset.clips()[0]
    assert (first.key, first.fps, first.emotion, first.action_units) == (
        ("", "sub01", "EP02_01f"),
        200.0,
        "happiness",
        "12",
    )


def test_every_quirk_of_the_table_is_reported(tmp_path, kinds):
    assert kinds(Casme2.open(make(tmp_path)).check()) == {
        "table_version": ["CASME2-coding-20140508.xlsx"],
        "unknown_action_units": ["sub04/EP12_01f"],
        "disputed": ["sub07/EP06_01", "sub12/EP09_02"],
        "apex_missing": ["sub04/EP12_01f"],
        "apex_at_end": ["sub12/EP09_06"],
    }


def test_disputed_rows_are_moved_where_that_is_asked_for(tmp_path, spans):
    moved = spans(Casme2.open(make(tmp_path), {"disputed": "reannotated"}))
    assert (moved["EP06_01"], moved["EP09_02"]) == ((130, 56, 0, 116), (220, 161, 0, 206))


@pytest.mark.parametrize(("more", "rows", "disgust"), [([], 255, 63), ([("24", "EP02_07")], 256, 64)])
def test_the_table_with_256_rows_is_told_from_that_with_255(tmp_path, more, rows, disgust):
    added = [(subject, clip, 1, 2, 4, 4, "disgust", 1, 4) for subject, clip in more]
    report = Casme2.open(make(tmp_path, [*ROWS, *added])).check()
    expected = {count.name: count.expected for count in report.counts}
    assert (expected["annotated rows"], expected["clips"], expected["emotion disgust"]) == (rows, rows, disgust)
    version = next(e for e in report.errata if e.kind == "table_version")
    assert version.policy == f"{len(ROWS) + len(more)} rows"
    assert ("later than 2014" in version.detail) is bool(more)


def test_identifiers_that_became_numbers_are_read(tmp_path):
    root = make(tmp_path)
    table = [HEADER, *([int(s), c, None, on, ap, off, None, u, e] for s, c, on, ap, off, u, e, *_ in ROWS)]
    save_workbook(root / "CASME2-coding-20140508.xlsx", {"Sheet1": table})
    assert {clip.subject for clip in Casme2.open(root).clips()} == {"sub01", "sub04", "sub07", "sub12"}


def test_of_several_releases_and_workbooks_one_is_read_and_told(tmp_path, kinds):
    make(tmp_path, folder="Cropped", book="CASME2-coding-20190701.xlsx")
    make(tmp_path, folder="CASME2-RAW")
    make(tmp_path, ROWS[:1])
    save_workbook(tmp_path / "CASME2-ObjectiveClasses.xlsx", {"Sheet1": [["Subject", "Filename", "Objective Class"]]})
    dataset = Casme2.open(tmp_path)
    found = kinds(dataset.check())
    assert sorted(found["several_releases"]) == ["CASME2-RAW", "Cropped"]
    assert found["several_workbooks"] == ["CASME2-coding-20140508.xlsx"]
    assert len(dataset.clips()) == 1
    assert len(Casme2.open(tmp_path, {"release": "cropped"}).clips()) == len(ROWS)


def test_a_wrong_root_a_missing_workbook_and_a_missing_folder_are_told(tmp_path, kinds):
    with pytest.raises(UserError, match="No folder of frames such as CASME2_RAW_selected/sub01/EP02_01f was found"):
        Casme2.open(tmp_path).clips()
    root = make(tmp_path)
    shutil.rmtree(root / "CASME2_RAW_selected" / "sub01")
    assert kinds(Casme2.open(root).check())["no_frames"] == ["sub01/EP02_01f"]
    with pytest.raises(UserError, match="No folder of frames"):
        Casme2.open(root, {"release": "cropped"}).clips()
    (root / "CASME2-coding-20140508.xlsx").unlink()
    with pytest.raises(UserError, match="No workbook named CASME2-coding-20190701.xlsx was found"):
        Casme2.open(root).clips()
