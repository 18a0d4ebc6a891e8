"""Letters that are drawn like Latin ones: each stands for one letter, and for none that it would hide."""

from __future__ import annotations

import string
import unicodedata

import pytest

from mebench.challenge.safety.lookalikes import ANY_CASE, OWN_CASE

LATIN = set(string.ascii_lowercase)


def test_a_letter_stands_for_one_latin_letter_or_sign():
    assert set(OWN_CASE.values()) <= LATIN
    assert set(ANY_CASE.values()) <= LATIN | {"-"}
    assert all(isinstance(code, int) for code in (*OWN_CASE, *ANY_CASE))


def test_a_latin_letter_of_ascii_stays_what_it_is_but_for_i():
    assert {chr(code) for code in ANY_CASE if chr(code) in LATIN} == {"i"}
    assert not any(chr(code) in string.ascii_letters for code in OWN_CASE)


def test_what_comes_of_a_letter_is_not_replaced_again():
    assert all(text.translate(ANY_CASE) in (text, "l") for text in ANY_CASE.values())


def test_only_greek_letters_are_read_in_their_own_case():
    assert all(unicodedata.name(chr(code)).startswith("GREEK") for code in OWN_CASE)


def test_letters_are_looked_up_as_casefold_leaves_them():
    assert [chr(code) for code in ANY_CASE if chr(code) != chr(code).casefold() and chr(code) not in "\u2168"] == []


@pytest.mark.parametrize(
    ("forged", "latin"),
    [
        ("соре", "cope"),  # Cyrillic
        ("οmega", "omega"),  # Greek omicron
        ("ᎪᏴ", "ab"),  # Cherokee
        ("0", "o"),
        ("1|!Iı", "lllll"),
        ("a–b—c", "a-b-c"),
    ],
)
def test_forgeries_are_read_as_they_are_drawn(forged, latin):
    assert forged.casefold().translate(ANY_CASE) == latin.translate(ANY_CASE)


@pytest.mark.parametrize(("greek", "own", "capital"), [("ν", "v", "n"), ("η", "n", "h"), ("υ", "u", "y")])
def test_a_greek_letter_is_drawn_otherwise_as_a_capital(greek, own, capital):
    assert greek.translate(OWN_CASE) == own
    assert greek.translate(ANY_CASE) == capital
    assert greek.upper().translate(OWN_CASE) in (capital, greek.upper())
