from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.casme import Casme
from mebench.errors import UserError

from ..conftest import save_workbook
from .conftest import touch_clip

HEADER = ["Subject", "Filename", None, "OnsetF", "ApexF1", "ApexF2", "OffsetF", None, "AU", "Emotion"]
# subject, clip, onset, apexes, offset, units, emotion, padding of the names
ROWS = [
    (1, "EP01_5", 3, 9, 13, 20, 4, "tense", "{}"),
    (2, "EP02_1", 4, 8, None, 12, "4+L10", "Disgust", "{}"),
    (19, "EP09_2", 2, 5, 5, 11, "12", "happiness", "{:03d}"),
]


def make(root, rows=ROWS, *, folder="CASME_raw_selected", prefix="", book="casme.xlsx"):
    for subject, clip, *_, number in rows:
        touch_clip(root / folder / f"sub{subject:02d}" / clip, f"{prefix}{clip}-{number}.jpg", 1, 24)
    table = [HEADER, *([s, c, None, on, a1, a2, off, None, u, e] for s, c, on, a1, a2, off, u, e, _ in rows)]
    save_workbook(root / book, {"Sheet1": table})
    return root


def test_it_is_the_registered_dataset():
    assert DATASETS.get("casme") is Casme


@pytest.mark.parametrize(("folder", "prefix"), [("CASME_raw_selected", ""), ("Cropped", "reg_")])
def test_the_last_digits_are_the_frame_number_in_both_sections(tmp_path, spans, folder, prefix):
    dataset = Casme.open(make(tmp_path, folder=folder, prefix=prefix))
    assert spans(dataset) == {"EP01_5": (24, 3, 9, 20), "EP02_1": (24, 4, 8, 12), "EP09_2": (24, 2, 5, 11)}
    assert [clip.key for clip in dataset.clips()] == [("", "sub01", "EP01_5"), ("", "sub02", "EP02_1"),
                                                      ("", "sub19", "EP09_2")]  # fmt: skip
    assert [clip.emotion for clip in dataset.clips()] == ["tense", "disgust", "happiness"]
    assert {clip.fps for clip in dataset.clips()} == {60.0}


def test_names_padded_in_one_section_alone_and_two_apexes_are_reported(tmp_path, kinds):
    assert kinds(Casme.open(make(tmp_path)).check()) == {"two_apexes": ["sub01/EP01_5"], "padding": ["file names"]}


@pytest.mark.parametrize(("policy", "apex"), [("first", 9), ("second", 13), ("middle", 11)])
def test_two_apexes(tmp_path, spans, policy, apex):
    assert spans(Casme.open(make(tmp_path), {"two_apexes": policy}))["EP01_5"] == (24, 3, apex, 20)


def test_sections_in_workbooks_and_sheets_of_their_own_are_one_table(tmp_path, kinds):
    root = make(tmp_path)
    (root / "casme.xlsx").unlink()
    tables = [[HEADER, [s, c, None, on, a1, a2, off, None, u, e]] for s, c, on, a1, a2, off, u, e, _ in ROWS]
    save_workbook(root / "Section A.xlsx", {"first": tables[0], "second": tables[1]})
    save_workbook(root / "Section B.xlsx", {"first": tables[2], "notes": [["a", "b"]]})
    save_workbook(root / "README.xlsx", {"notes": [["nothing of the kind"]]})
    dataset = Casme.open(root)
    assert len(dataset.clips()) == 3
    assert kinds(dataset.check())["several_workbooks"] == ["Section A.xlsx, Section B.xlsx"]


def test_rows_of_the_merged_table_that_are_said_to_have_errors_are_named(tmp_path, kinds):
    rows = [(1, f"EP01_{n}", 3, 9, None, 20, 4, "tense", "{}") for n in range(189)]
    root = make(tmp_path, rows[:1])
    table = [HEADER, *([s, c, None, on, a1, a2, off, None, u, e] for s, c, on, a1, a2, off, u, e, _ in rows)]
    save_workbook(root / "casme.xlsx", {"Sheet1": table})
    report = Casme.open(root).check()
    assert kinds(report)["reported_file_error"] == [f"sub01/EP01_{n}" for n in (40, 42, 43, 54, 140)]
    assert {c.name: (c.found, c.expected) for c in report.counts}["annotated rows"] == (189, 189)


def test_a_wrong_root_and_a_missing_workbook_are_told(tmp_path):
    with pytest.raises(UserError, match="No folder of frames such as CASME_raw_selected/sub01/EP01_5 was found"):
        Casme.open(tmp_path).clips()
    (make(tmp_path) / "casme.xlsx").unlink()
    with pytest.raises(UserError, match="No workbook with the columns Subject, Filename, OnsetF"):
        Casme.open(tmp_path).clips()
