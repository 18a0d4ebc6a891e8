from __future__ import annotations

import math

import openpyxl
import pytest

from mebench.datasets.workbook import (
    find_header,
    frame_number,
    identifier,
    kind_of_expression,
    read_sheets,
    rows_with_content,
    text,
)
from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType


@pytest.mark.parametrize(
    ("cell", "width", "expected"),
    [("006", 3, "006"), (6, 3, "006"), (6.0, 3, "006"), ("0101", 4, "0101"), (101.0, 4, "0101")],
)
def test_identifiers_are_the_same_from_text_and_number_cells(cell, width, expected):
    assert identifier(cell, width) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (7, 7.0),
        (566.4, 566.4),
        ("566.4", 566.4),
        (" -1 ", -1.0),
        ("", None),
        (None, None),
        ("/", None),
        ("NaN", None),
        (math.nan, None),
    ],
)
def test_frame_numbers(cell, expected):
    assert frame_number(cell, "Row 3") == expected


@pytest.mark.parametrize("cell", ["twelve", "1-2", True, "1e5"])
def test_anything_else_in_a_frame_cell_names_its_row(cell):
    with pytest.raises(UserError, match=r"^Row 3 of book\.xlsx holds .* where a frame number should be"):
        frame_number(cell, "Row 3 of book.xlsx")


def test_text_of_numbers_has_no_point():
    assert [text(cell) for cell in (4.0, 4, 4.5, "4+7 ", None)] == ["4", "4", "4.5", "4+7", ""]


def test_the_header_is_found_under_any_preamble_and_without_regard_to_case():
    table = [["note"], [], ["", "subject", " Action   Units ", "Onset"], ["", "006"]]
    assert find_header(table, ["Subject", "Action Units"], "sheet") == (2, {"Subject": 1, "Action Units": 2})


def test_a_missing_column_is_named():
    with pytest.raises(UserError, match="No row of sheet X of book.xlsx holds the column names Subject, Apex"):
        find_header([["Subject", "Onset"]], ["Subject", "Apex"], "sheet X of book.xlsx")


def test_row_numbers_are_those_of_the_sheet_and_blank_rows_are_passed_over(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([], ["a"], [], ["b", 1.5], [" "]):
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    table = read_sheets(tmp_path / "book.xlsx")["Sheet"]
    assert [(number, row[0]) for number, row in rows_with_content(table)] == [(2, "a"), (4, "b")]
    assert [number for number, _ in rows_with_content(table, 2)] == [4]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"Subject,Filename\n"])
def test_a_damaged_workbook_is_the_users_error(tmp_path, content):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    with pytest.raises(UserError, match="cannot be read as a workbook"):
        read_sheets(path)


def test_a_missing_workbook_is_the_users_error(tmp_path):
    with pytest.raises(UserError, match="cannot be read as a workbook"):
        read_sheets(tmp_path / "absent.xlsx")


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("Macro", "macro"), (" Micro - 1/2 ", "micro"), ("macro-expression", "macro"), ("MICRO", "micro")],
)
def test_kinds_of_expression(cell, kind):
    assert kind_of_expression(cell, "row 3") is ExpressionType(kind)


@pytest.mark.parametrize("cell", [None, "", "mini", 3])
def test_another_kind_is_refused(cell):
    with pytest.raises(UserError, match="row 3 holds the type .*, neither macro nor micro: mend the workbook"):
        kind_of_expression(cell, "row 3")
