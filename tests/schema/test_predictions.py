"""Reading predictions: lenient in spelling, exact about errors."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import format_predictions, read_predictions, write_predictions
from mebench.schema.problems import InvalidTable


def read(tmp_path, text, **options):
    path = tmp_path / "predictions.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_predictions(path, **options)


def problems_of(tmp_path, text):
    with pytest.raises(InvalidTable) as caught:
        read(tmp_path, text)
    return [(p.line, p.column, p.kind) for p in sorted(caught.value.problems, key=lambda p: (p.line, p.column))]


def test_reads_every_spelling_of_the_types(tmp_path):
    micro = ["micro", "ME", "mie", "Micro-Expression", "micro_expression", "micro expression", "microexpression"]
    macro = ["macro", "MaE", "MACRO-EXPRESSION"]
    rows = "\n".join(f"s,v,{i},{i + 5},{kind}" for i, kind in enumerate(micro + macro, 1))
    table, lines = read(tmp_path, f"subject,video,onset,offset,type\n{rows}\n")
    assert table.is_macro.tolist() == [False] * 7 + [True] * 3
    assert lines == tuple(range(2, 12))


def test_reads_bom_crlf_blanks_any_order_of_columns_and_whole_floats(tmp_path):
    text = "\ufeffvideo,subject, offset ,onset,type,score,emotion\r\nv1,006, 20.0 ,10,me,,Happy\r\n\r\nv1,006,30,21,mae,1e-3,\r\n"
    table, lines = read(tmp_path, text)
    assert table.subject.tolist() == ["006", "006"]
    assert table.onset.tolist() == [10, 21]
    assert table.offset.tolist() == [20, 30]
    assert table.emotion.tolist() == ["happy", ""]
    assert np.isnan(table.score[0])
    assert table.score[1] == 0.001
    assert lines == (2, 4)


def test_every_error_is_told_at_once_with_its_place(tmp_path):
    text = "\n".join(
        [
            "subject,video,onset,offset,type,score",
            "s,v,1,5,micro,0.5",
            "s,v,x,5,micro,0.5",
            "s,v,9,5,micro,0.5",
            "s,v,1.5,5,medium,inf",
            "s,v,1,5,micro",
            ",v,1,5,micro,1",
            "s,v,0,5,micro,1",
            "s,v,-3,5,micro,1",
            "s,v,1,1e10,micro,1",
        ]
    )
    assert problems_of(tmp_path, text) == [
        (3, "onset", "not a whole frame number"),
        (4, "offset", "offset_before_onset"),
        (5, "onset", "not a whole frame number"),
        (5, "score", "not a finite number"),
        (5, "type", "not micro or macro (me, mae and the like are read too)"),
        (6, "", "ragged"),
        (7, "subject", "not an id"),
        (10, "offset", "not a whole frame number"),
    ]


def test_intervals_may_reach_outside_the_video(tmp_path):
    table, _ = read(tmp_path, "subject,video,onset,offset,type\ns,v,0,5,me\ns,v,-12,3.0,me\ns,v,-9,-4,mae\n")
    assert table.onset.tolist() == [0, -12, -9]
    assert table.offset.tolist() == [5, 3, -4]


def test_the_message_names_file_line_column_expected_and_found(tmp_path):
    with pytest.raises(InvalidTable, match=r"predictions.csv:2, onset: expected a whole frame number, found 'ten'"):
        read(tmp_path, "subject,video,onset,offset,type\ns,v,ten,20,me\n")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("subject,video,onset,offset", "expected a column type, found none"),
        ("Subject,video,onset,offset,type", "there is 'Subject'"),
        ("subject,video,onset,offset,type,scores", "'scores' Did you mean 'score'"),
        ("subject,video,onset,onset,offset,type", "each column once"),
        ("", "found an empty file"),
    ],
)
def test_headers(tmp_path, header, message):
    with pytest.raises(InvalidTable, match=message):
        read(tmp_path, f"{header}\n")


def test_a_header_alone_is_an_empty_table(tmp_path):
    table, lines = read(tmp_path, "subject,video,onset,offset,type\n")
    assert len(table) == len(lines) == 0


def test_types_may_be_absent_where_the_protocol_says_so(tmp_path):
    text = "subject,video,onset,offset,emotion\ns,v,1,9,negative\n"
    table, _ = read(tmp_path, text, typed=False)
    assert table.emotion.tolist() == ["negative"]
    with pytest.raises(InvalidTable, match="a column type"):
        read(tmp_path, text)


@pytest.mark.parametrize("cell", ["1_000", "１２", "0x10", "1e12", "nan", "", "99999999999999999999999"])
def test_strange_frame_numbers_are_refused(tmp_path, cell):
    assert problems_of(tmp_path, f"subject,video,onset,offset,type\ns,v,1,{cell},me\n")[0][:2] == (2, "offset")


def test_bytes_that_are_no_text_and_endless_cells(tmp_path):
    header = b"subject,video,onset,offset,type\n"
    assert problems_of(tmp_path, header + b"s,v\xff,1,2,me\n") == [(2, "", "encoding")]
    assert problems_of(tmp_path, header + b"s," + b"v" * 10_000 + b",1,2,me\n")[0][1] == "video"
    assert problems_of(tmp_path, header + b's,"v,1,2,me\n')[0][2] == "csv"


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be read .No such file or directory"):
        read_predictions(tmp_path / "none.csv")


def test_written_bytes_do_not_depend_on_the_order_of_rows(tmp_path):
    rows = [("s1", "v", 5, 9, "micro", 0.1), ("s1", "v", 1, 3, "macro", 1 / 3), ("s0", "v", 1, 3, "macro")]
    write_predictions(Intervals.from_rows(rows), tmp_path / "a.csv")
    write_predictions(Intervals.from_rows(rows[::-1]), tmp_path / "b.csv")
    content = (tmp_path / "a.csv").read_bytes()
    assert hashlib.sha256(content).digest() == hashlib.sha256((tmp_path / "b.csv").read_bytes()).digest()
    assert content.decode().splitlines() == [
        "subject,video,onset,offset,type,score",
        "s0,v,1,3,macro,",
        "s1,v,1,3,macro,0.3333333333333333",
        "s1,v,5,9,micro,0.1",
    ]


def test_columns_that_nobody_filled_are_not_written():
    assert format_predictions(Intervals.empty()) == "subject,video,onset,offset,type\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("predictions")


row = st.tuples(
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8),
    st.sampled_from(["v1", "v,2", 'v"3']),
    st.integers(1, 10**6),
    st.integers(0, 500),
    st.sampled_from(["micro", "macro"]),
    st.floats(allow_infinity=False),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(row, max_size=12))
def test_what_is_written_is_read_again(folder, rows):
    table = Intervals.from_rows([(s, v, a, a + n, kind, score) for s, v, a, n, kind, score in rows])
    path = folder / "round.csv"
    write_predictions(table, path)
    assert read_predictions(path)[0].sorted() == table.sorted()


cell = st.sampled_from(["s", "é", '"v,1"', "1", "2.0", "9", "0", "x", "", "ME", "macro", " "])
likely = st.tuples(*[st.sampled_from([good] * 6) | cell for good in ("s", "v", "1", "9", "micro")])
tables = st.lists(likely.map(",".join), max_size=3).map("\n".join)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | (st.text(max_size=200) | tables).map(str.encode))
def test_any_bytes_are_refused_line_by_line_or_written_and_read_again(folder, content):
    path = folder / "fuzz.csv"
    for data in (content, b"subject,video,onset,offset,type\n" + content):
        path.write_bytes(data)
        last = len(re.split(rb"\r\n|\r|\n", data))
        problems = ()
        try:
            table, lines = read_predictions(path)
        except InvalidTable as error:
            problems = error.problems
        if problems:
            assert all(problem.file == path.name and 0 <= problem.line <= last for problem in problems)
            continue
        assert len(table) == len(lines) == len(set(lines))
        write_predictions(table, path)
        assert read_predictions(path)[0] == table.sorted()
