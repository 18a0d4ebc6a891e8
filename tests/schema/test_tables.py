"""Cells, lines and columns of small tables."""

from __future__ import annotations

import math

import pytest

from mebench.schema.tables import (
    LARGEST_FRAME,
    REQUIRED,
    Column,
    Unreadable,
    format_table,
    frame,
    name,
    number_or_nan,
    positive,
    read_cells,
    read_table,
    text,
)


def test_frames():
    assert (frame("12"), frame("12.0"), frame("1e3"), frame("0")) == (12, 12, 1000, 0)
    for cell in ("12.5", "-1", "", "a", "inf", str(LARGEST_FRAME + 1), "1_2", "٣", "１２", "1²"):
        with pytest.raises(Unreadable, match="whole frame number"):
            frame(cell)


def test_numbers():
    assert number_or_nan("-2.5") == -2.5
    assert math.isnan(number_or_nan(""))
    assert math.isnan(number_or_nan("NaN"))
    assert positive("29.97") == 29.97
    for cell in ("0", "-1", "inf", "nan"):
        with pytest.raises(Unreadable, match="above 0"):
            positive(cell)


def test_text():
    assert text("12B + A4") == "12B + A4"
    assert name("sübject") == "sübject"
    for cell in ("a\nb", "\x1b[0m", "x" * 501):
        with pytest.raises(Unreadable, match="printable"):
            text(cell)
    with pytest.raises(Unreadable, match="an id"):
        name("")


def table(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_text(content)
    return read_table(path, (Column("a", name, REQUIRED), Column("b", frame, 7)))


def test_absent_columns_have_their_default_and_present_says_so(tmp_path):
    found, problems = table(tmp_path, "a\nx\ny\n")
    assert found.columns == {"a": ["x", "y"], "b": [7, 7]}
    assert found.present == {"a"}
    assert len(found) == 2
    assert problems == []


def test_lines_are_those_of_the_file_even_after_quoted_line_breaks_and_blank_lines(tmp_path):
    found, problems = table(tmp_path, 'a,b\n"x\ny",1\n\nz,2\n')
    assert found.lines == [3, 5]
    assert [(p.line, p.column) for p in problems] == [(3, "a")]
    assert found.columns["b"] == [1, 2]


def test_cells_with_problems_hold_none(tmp_path):
    found, problems = table(tmp_path, "a,b\nx,one\nx,2\nx,one\n")
    assert found.columns["b"] == [None, 2, None]
    assert [str(p) for p in problems] == [
        "t.csv:2, b: expected a whole frame number, found 'one'",
        "t.csv:4, b: expected a whole frame number, found 'one'",
    ]
    assert str(found.problem(1, "b", "3", "odd")) == "t.csv:3, b: expected 3, found '2'"


def test_formatting_quotes_what_needs_it():
    assert format_table(["a", "b"], [("x,y", 0.1), ('"', 2)]) == 'a,b\n"x,y",0.1\n"""",2\n'


def test_every_distinct_cell_is_read_once_and_says_why_it_cannot_be():
    read = []

    def even(cell):
        read.append(cell)
        if cell == "x":
            raise Unreadable("an even number", "odd")
        return int(text(cell))

    known, wrong = read_cells(["2", " 4 ", "x", "2", "x"], even)
    assert (known, read) == ({"2": 2, " 4 ": 4, "x": None}, ["2", "4", "x"])
    assert {cell: (str(error), error.kind) for cell, error in wrong.items()} == {"x": ("an even number", "odd")}
    assert Unreadable("an id").kind == "not an id"
