"""Strangers' text does not steer a terminal."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.plain import plain_lines, plain_text, ranges


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Équipe 7", "Équipe 7"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1bPq#0\x1b\\sixel", "sixel"),
        ("a\x1b[\x1b[2J2Jb", "a2Jb"),
        ("a\r\nb\tc", "a b c"),
        ("bell\x07", "bell"),
        ("\u202eevil\u202c", "evil"),
        ("zero\u200bwidth", "zerowidth"),
        ("half \ud800", "half"),
        ("  blanks  ", "blanks"),
        ("\x1b", ""),
    ],
)
def test_escapes_controls_and_invisible_characters_go(text, plain):
    assert plain_text(text) == plain


def test_lines_are_looked_through_wherever_a_character_may_hide_something():
    for number in range(0x110000):
        clean = plain_lines(character := chr(number))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character != "\n":
            assert clean == (" " if character.isspace() else "")
        else:
            assert clean == ("\n" if character == "\n" else " " if character.isspace() else character)


def test_a_long_text_is_cut():
    assert plain_text("x" * 500, 10) == "xxxxxxx..."
    assert plain_text("x" * 10, 10) == "x" * 10


@given(st.text(max_size=80))
def test_what_is_left_is_printable_and_stays_as_it_is(text):
    plain = plain_text(text)
    assert plain_text(plain) == plain
    assert all(c == " " or unicodedata.category(c)[0] not in "CZ" or c.isprintable() for c in plain)
    assert len(plain) <= 200


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  a   b\n\n  c\n", "  a   b\n\n  c\n"),
        ("a\tb\r\n\x1b[2Jc", "a b \nc"),
        ("é\u2028x\u2029\x85y", "é x  y"),
        ("\u202eevil\u200b \ud800", "evil "),
        ("\x1b]0;title\n\x07name", "\nname"),
    ],
)
def test_lines_keep_their_blanks_and_lose_the_rest(text, plain):
    assert plain_lines(text) == plain


@given(st.text(max_size=80))
def test_lines_are_printable_and_stay_as_they_are(text):
    plain = plain_lines(text)
    assert plain_lines(plain) == plain
    assert not any(c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in plain)


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([3], "3"), ([3, 4], "3-4"), ([1, 2, 3, 5, 7, 8], "1-3, 5, 7-8")]
)
def test_ranges_by_hand(numbers, text):
    assert ranges(numbers) == text


def test_ranges_hold_the_very_numbers():
    rng = random.Random(0)
    for _ in range(50):
        numbers = sorted(rng.sample(range(1, 40), rng.randrange(1, 30)))
        ends = [(int(a), int(b or a)) for a, b in re.findall(r"(\d+)(?:-(\d+))?", ranges(numbers, 40))]
        assert [n for a, b in ends for n in range(a, b + 1)] == numbers
        assert all(b + 1 < a for (_, b), (a, _) in zip(ends, ends[1:], strict=False))


def test_ranges_end_with_how_many_there_are_besides():
    assert ranges(range(1, 100, 2), most=2) == "1, 3 and 48 more"
