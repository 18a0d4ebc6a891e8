from __future__ import annotations

import pytest

from mebench.datasets.clips.tables import number_in, read_rows
from mebench.errors import UserError

from ..conftest import save_workbook

NEEDED = {"clip": ("Filename",), "onset": ("OnsetFrame", "OnsetF")}
MORE = {"units": ("Action Units", "AU")}


@pytest.mark.parametrize(
    "header", [["Filename", None, "OnsetFrame", "AU"], [" file NAME", "x", "Onset Frame ", "Action  units"]]
)
def test_columns_are_found_by_name_below_any_preamble(tmp_path, header):
    table = [["a note"], [], header, ["EP01", 1, 46, "4+7"], [], ["EP02", 2, 50.5, 12]]
    save_workbook(tmp_path / "t.xlsx", {"empty": [], "Sheet1": table})
    rows = list(read_rows(tmp_path / "t.xlsx", NEEDED, MORE))
    assert [dict(row.cells) for row in rows] == [
        {"clip": "EP01", "onset": 46, "units": "4+7"},
        {"clip": "EP02", "onset": 50.5, "units": 12},
    ]
    assert [row.where for row in rows] == ["Row 4 of sheet Sheet1 of t.xlsx", "Row 6 of sheet Sheet1 of t.xlsx"]


def test_sheets_are_preferred_by_name_and_read_all_where_wanted(tmp_path):
    sheets = {name: [["Filename", "OnsetF"], [name, 1]] for name in ("A", "HS", "B")}
    save_workbook(tmp_path / "t.xlsx", sheets)
    names = [
        [row.cells["clip"] for row in read_rows(tmp_path / "t.xlsx", NEEDED, sheets=("hs",), every=every)]
        for every in (False, True)
    ]
    assert names == [["HS"], ["HS", "A", "B"]]


def test_a_workbook_without_the_columns_is_refused_by_their_names(tmp_path):
    save_workbook(tmp_path / "t.xlsx", {"Sheet1": [["Filename", "Offset"]]})
    with pytest.raises(UserError, match="No sheet of .*t.xlsx has a row with the column names Filename, OnsetFrame"):
        list(read_rows(tmp_path / "t.xlsx", NEEDED))


@pytest.mark.parametrize(("content", "number"), [("006", 6), ("sub06", 6), (6.0, 6), (" 26 ", 26)])
def test_a_persons_number_is_read_from_text_and_numbers(content, number):
    assert number_in(content, "Row 1") == number
    with pytest.raises(UserError, match="Row 1 holds 'x' where"):
        number_in("x", "Row 1")
