from __future__ import annotations

import math
import time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.datasets.export.ooxml import Formula, column_name, write_xlsx
from mebench.datasets.workbook import read_sheets

ROWS = [
    ["006", 'a & <b> "c"', " blanks ", None, 7, 566.4],
    [],
    [Formula("SUM(F15-D15)+1", 13.0), "0101", -1, 0],
]


def test_another_reader_and_ours_find_the_same_cells(tmp_path):
    path = tmp_path / "book.xlsx"
    write_xlsx(path, [("FACS & more", ROWS), ("second", [["x"]])])
    theirs = openpyxl.load_workbook(path)
    assert theirs.sheetnames == ["FACS & more", "second"]
    sheet = theirs["FACS & more"]
    assert [c.value for c in sheet[1]] == ["006", 'a & <b> "c"', " blanks ", None, 7, 566.4]
    assert [c.value for c in sheet[3]][:4] == ["=SUM(F15-D15)+1", "0101", -1, 0]
    ours = read_sheets(path)["FACS & more"]
    assert ours[0] == ["006", 'a & <b> "c"', " blanks ", "", 7.0, 566.4]
    assert ours[2][:4] == [13.0, "0101", -1.0, 0.0]


def test_the_same_rows_give_the_same_bytes_at_any_time(tmp_path, monkeypatch):
    write_xlsx(tmp_path / "a.xlsx", [("s", ROWS)])
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2e9))
    write_xlsx(tmp_path / "b.xlsx", [("s", ROWS)])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@given(st.floats(0, 99999).map(lambda v: round(v, 1)))
def test_frame_numbers_with_one_decimal_survive(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("xlsx") / "n.xlsx"
    write_xlsx(path, [("s", [[value]])])
    assert read_sheets(path)["s"][0][0] == value


def test_numbers_that_a_sheet_cannot_hold_are_refused(tmp_path):
    with pytest.raises(ValueError, match="B1 cannot hold nan"):
        write_xlsx(tmp_path / "a.xlsx", [("s", [["x", math.nan]])])


def test_columns_count_like_a_spreadsheet():
    assert [column_name(i) for i in (0, 9, 25, 26, 27, 51, 52, 701, 702)] == [
        "A",
        "J",
        "Z",
        "AA",
        "AB",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
