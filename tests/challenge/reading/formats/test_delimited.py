"""Tables in every dialect, and every slip with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.formats.cells import frame, identifier
from mebench.challenge.reading.formats.delimited import Column, Layout, read_delimited
from mebench.challenge.reading.formats.files import DataFile

NUMBERS = Layout("numbers", (Column("vid", identifier, "video"), Column("onset", frame, topic="frames")))
NAMES = Layout(
    "names", (Column("subject", identifier), Column("emotion", identifier), Column("p_*", frame, required=False))
)
FILE = DataFile("p.csv", Path("p.csv"))


def read(text: str, *layouts: Layout):
    findings = Findings()
    return read_delimited(FILE, text.split("\n"), layouts or (NUMBERS, NAMES), findings), findings


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter):
    rows, findings = read("vid,onset\na,1\nb,2\n".replace(",", delimiter))
    assert rows.columns == {"video": ["a", "b"], "onset": [1, 2]}
    assert rows.lines == [2, 3]
    assert len(findings.notes) == (delimiter != ",")
    assert findings.counts == {}


def test_headers_in_any_order_case_and_dress():
    rows, findings = read('\n "Onset" ,VID, \n1,a\n')
    assert rows.columns == {"video": ["a"], "onset": [1]}
    assert rows.lines == [3]
    assert findings.counts == {}


def test_the_nearest_layout_is_taken():
    assert read("subject,emotion\n")[0].layout == "names"
    assert read("vid,onset\n")[0].layout == "numbers"
    assert read("emotion,vid,subject\n")[1].problems[0].expected.startswith("only the columns subject")


def test_columns_with_any_ending_keep_their_own_names():
    rows, _ = read("subject,emotion,p_a,p_b\ns,e,1,2\n")
    assert (rows.columns["p_a"], rows.columns["p_b"]) == ([1], [2])
    assert "header" in read("subject,emotion,p_\ns,e,1\n")[1].counts


def test_quotes_blanks_empty_lines_and_trailing_delimiters_are_forgiven():
    rows, findings = read('vid,onset\n\n"a, b",1,,\n , \n  c , 2\n')
    assert rows.columns == {"video": ["a, b", "c"], "onset": [1, 2]}
    assert rows.lines == [3, 5]
    assert findings.counts == {}
    assert findings.notes == ("blanks around cells were removed: '  c ' in p.csv",)


def test_every_slip_is_told_at_once():
    rows, findings = read('vid,onset\na,x\n,3\nb\nc,1,2\n"d,4\ne,5\n')
    assert rows.columns == {"video": ["a", None, "e"], "onset": [None, 3, 5]}
    assert [(p.line, p.column, p.kind) for p in findings.problems] == [
        (2, "onset", "frame"),
        (3, "vid", "id"),
        (4, "", "ragged"),
        (5, "", "ragged"),
        (6, "", "quote"),
    ]


def test_missing_unknown_and_repeated_columns_are_told_at_once():
    rows, findings = read("onset,onset,onsett\n1,1,1\n")
    assert rows is None
    assert [(p.column, p.found) for p in findings.problems] == [
        ("", "'onsett' Did you mean 'onset'?"),
        ("onset", "'it twice'"),
        ("vid", "'none'"),
    ]


def test_an_unknown_column_does_not_hide_the_errors_below_it():
    rows, findings = read("vid,onset,note\na,x,hello\n")
    assert set(findings.counts) == {"header", "frame"}
    assert "note" not in rows.columns


def test_a_topic_notes_what_was_read_otherwise():
    assert read("vid,onset\na,12.0\nb,12\nc,007\n")[1].notes == ("frames: '12.0' as '12', '007' as '7'",)


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5)


@given(st.lists(st.tuples(words, st.integers(0, 10**9)), max_size=20), st.sampled_from([",", ";", "\t"]))
def test_whatever_is_written_is_read(table, delimiter):
    text = "\n".join([f"vid{delimiter}onset", *(f"{video}{delimiter}{onset}" for video, onset in table)])
    rows, findings = read(text)
    assert list(zip(rows.columns["video"], rows.columns["onset"], strict=True)) == table
    assert findings.counts == {}
