"""Tables that fit a terminal: nothing in them is cut, whatever its width."""

from __future__ import annotations

import io

import pytest

from mebench.cli.layout import NARROWEST, can_show, cells, pair_lines, table_lines, width_of, wrapped

METHOD = "spot3dcnn:layers=6,lcn=false,learning_rate=0.005,postprocess=multi_scale,short_range=25/75"
WIDTHS = [NARROWEST, 40, 60, 80, 120]


def words(lines: list[str]) -> str:
    """Everything that stands on lines, without blanks and rules."""
    return "".join("".join(line for line in lines if set(line.strip()) != {"-"}).split())


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal_and_no_cell_is_cut(width: int) -> None:
    header = ["", "TP", "FP", "FN", "f1", "precision", "recall"]
    rows = [
        [name, "502", "1234", "7", *[".452 [.374, .526]"] * 3]
        for name in ("overall", METHOD, "\N{CJK UNIFIED IDEOGRAPH-4E2D}" * 30)
    ]
    lines = table_lines(header, rows, width)
    assert max(map(cells, lines)) <= width
    text = words(lines)
    assert text.count("1234") == 3
    assert text.count(".452[.374,.526]") == 9 or width < 40
    assert not any("\N{HORIZONTAL ELLIPSIS}" in line for line in lines)
    # Labels and counts stand on the same line.
    assert any(line.split()[:2] == ["overall", "502"] for line in lines)


def test_every_block_begins_with_the_labels() -> None:
    lines = table_lines(["score", "A", "B", "C"], [["f1 of macro", "1" * 30, "2" * 30, "3" * 30]], 50)
    assert [line.split() for line in lines if line.strip("-")] == [
        *(["score", "A"], ["f1", "of", "macro", "1" * 30]),
        *(["score", "B"], ["f1", "of", "macro", "2" * 30]),
        *(["score", "C"], ["f1", "of", "macro", "3" * 30]),
    ]
    assert lines.count("") == 2


def test_a_line_of_any_length_holds_the_whole_table() -> None:
    lines = table_lines(["a", "b"], [[METHOD, "x" * 300]], None)
    assert len(lines) == 3
    assert METHOD in lines[2]


def test_numbers_stand_to_the_right_and_text_to_the_left() -> None:
    lines = table_lines(["", "n", "word"], [["1", "5", "no"], ["long", "500", "maybe"]], 80)
    assert lines[2:] == ["1       5  no", "long  500  maybe"]


@pytest.mark.parametrize("width", WIDTHS)
def test_names_keep_what_is_said_of_them(width: int) -> None:
    pairs = [("oracle", "the truth itself: the upper bound"), ("spot3dcnn_end_to_end", "")]
    lines = pair_lines(pairs, width)
    assert max(map(cells, lines)) <= width
    assert words(lines) == "".join("".join(name + text for name, text in pairs).split())


def test_words_are_broken_behind_separators() -> None:
    assert wrapped("spot3dcnn:layers=6,lcn=false", 16) == ["spot3dcnn:", "layers=6,lcn=", "false"]
    assert wrapped("abcdef", 4) == ["abcd", "ef"]
    assert wrapped("", 4) == [""]


def test_only_a_terminal_and_a_wish_have_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert width_of(io.StringIO()) is None
    monkeypatch.setenv("COLUMNS", "72")
    assert width_of(io.StringIO()) == 72
    monkeypatch.setenv("COLUMNS", "3")
    assert width_of(io.StringIO()) == NARROWEST


def test_what_an_encoding_lacks_is_known() -> None:
    assert not can_show("\N{BOX DRAWINGS LIGHT HORIZONTAL}", io.TextIOWrapper(io.BytesIO(), "ascii"))
    assert can_show("\N{BOX DRAWINGS LIGHT HORIZONTAL}", io.TextIOWrapper(io.BytesIO(), "utf-8"))
