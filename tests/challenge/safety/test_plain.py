"""Strangers' text is no formula, and names that nobody sees or that look alike are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.challenge.safety.plain import escape_cell, plain_text, prints_as_nothing, shown_name, skeleton


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "  =1", "＝1", "－1", "＠x"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert escape_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "006_1", "a=b", "3-4", "team @ home", "'=1"])
def test_other_cells_stay_as_they_are(text):
    assert escape_cell(text) == text


def test_numbers_are_no_text():
    assert escape_cell(-5) == "-5"
    assert escape_cell(-0.25) == "-0.25"
    assert escape_cell(True) == "True"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3000", "\u200b", "\u200b\u200d\ufeff", "\u3164", "\uffa0\u115f", "\u2800\u2800", "\u0301\u0308",
     "\u202e\u202c", "\x1b", "\U000e0041", "\ufe0f", "\ud800", "\ue000", "\u034f", " \u3164\t"],
)  # fmt: skip
def test_a_name_that_nobody_sees_prints_as_nothing(text):
    assert prints_as_nothing(text)
    assert skeleton(text) == ""


@pytest.mark.parametrize("text", ["a", "7", "\u3164x", "é", "-", ".", "´", "表", "🙂", "\u0301a", "٣"])
def test_a_name_of_which_anything_is_seen_does_not(text):
    assert not prints_as_nothing(text)
    assert skeleton(text) != ""


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Team A", "team a"),
        ("Team A", "TEAM-A"),
        ("Team A", "Teаm A"),  # Cyrillic a
        ("Team A", "Τeam A"),  # Greek tau
        ("Team A", "Team Α"),  # Greek alpha
        ("Team A", "Ｔｅａｍ　Ａ"),
        ("Team A", "Te\u200bam A"),
        ("Team A", "Team\u3164A"),
        ("Team A", "Téâm A\u0308"),
        ("Team A", "𝕿𝖊𝖆𝖒 𝕬"),
        ("Team A", "Тeam А"),  # Cyrillic capitals
        ("vision", "νision"),  # Greek nu
        ("VISION", "ѴISION"),
        ("HOME", "НОМЕ"),  # all Cyrillic
        ("NOTE", "ΝΟΤΕ"),  # all Greek
        ("ΝΙΚΗ", "Νίκη"),
        ("Istanbul", "İstanbul"),
        ("Istanbul", "ıstanbul"),
        ("Straße", "STRASSE"),
        ("Team 10", "Team lO"),
        ("Team 3", "Team ٣"),
        ("corn", "com"),
        ("ABC", "ᎪᏴᏟ"),
        ("a'b", "a’b"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(name, other):
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Team A", "Team B"),
        ("Team 2", "Team 3"),
        ("C", "C++"),
        ("MEGC", "MECG"),
        ("表情", "表現"),
        ("日本", "日木"),
        ("-", "."),
    ],
)
def test_names_that_are_told_apart_have_two(name, other):
    assert skeleton(name) != skeleton(other)


@given(st.text(max_size=80))
def test_a_skeleton_is_empty_just_where_the_name_prints_as_nothing(text):
    assert (skeleton(text) == "") == prints_as_nothing(text)


@given(st.text(max_size=40))
def test_invisible_characters_between_letters_never_make_another_name(text):
    assert skeleton("\u200b".join(f" {text} ")) == skeleton(text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("predictions.csv", "predictions.csv"),
        ("Ergebnisse der Studie (é).csv", "Ergebnisse der Studie (é).csv"),
        ("a\x1b[31m.csv", r"a\x1b[31m.csv"),
        ("a\n\t.csv", r"a\n\t.csv"),
        ("a\u202e\ufeff.csv", r"a\u202e\ufeff.csv"),
        ("a\udce9.csv", r"a\udce9.csv"),
    ],
)
def test_a_name_is_shown_so_that_it_can_be_found(name, shown):
    assert shown_name(name) == shown
    assert shown_name(shown) == shown
    assert plain_text(shown) == shown
