"""Ids in every spelling that participants have used, and never a guess between two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.challenge.checks.ids import IdIndex, database_id, plain_id

KEYS = [
    ("samm_lv/006", "006_1"),
    ("samm_lv/006", "006_11"),
    ("samm_lv/007", "007_1"),
    ("casme_sq/s15", "15_0101"),
    ("casme_sq/s16", "15_0101x"),
]
INDEX = IdIndex(KEYS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("006", "6"),
        ("s01", "s1"),
        ("sub01", "1"),
        ("S15", "subject_15"),
        ("spNO.1", "1"),
        ("006_1", "6-1"),
        ("EP02_01f", "ep2_1F"),
    ],
)
def test_spellings_of_one_id_are_equal(one, other):
    assert plain_id(one) == plain_id(other)


@pytest.mark.parametrize(("one", "other"), [("1_11", "11_1"), ("006", "060"), ("a1", "b1"), ("s", "1"), ("0", "")])
def test_different_ids_differ(one, other):
    assert plain_id(one) != plain_id(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("CASME II", "casme2"), ("CAS(ME)^2", "casme_sq"), ("CAS(ME)^3", "CASME III"), ("SAMM-LV", "samm_lv")],
)
def test_spellings_of_one_database_are_equal(one, other):
    assert database_id(one) == database_id(other)


@pytest.mark.parametrize(
    ("asked", "row", "literal"),
    [
        (("", "samm_lv/006", "006_1"), 0, True),
        (("", "006", "006_1"), 0, False),
        (("samm", "006", "006_1"), 0, True),
        (("", "6", "006_1"), 0, False),
        (("", "6", "1"), 0, False),
        (("", "samm_lv/6", "6_11"), 1, False),
        (("", "", "006_1"), 0, True),
        (("samm", "", "6_1"), 0, False),
        (("cas", "", "s15_0101"), 3, False),
        (("", "s15", "0101"), 3, False),
        (("", "15", "15_0101"), 3, False),
    ],
)
def test_every_spelling_is_found(asked, row, literal):
    match = INDEX.find(*asked)
    assert (match.row, match.literal, match.kind) == (row, literal, "")


@pytest.mark.parametrize(
    "asked", [("", "006", "006_3"), ("cas", "", "006_1"), ("", "casme_sq/006", "006_1"), ("", "", "-"), ("", "", "")]
)
def test_what_is_not_there_is_not_found(asked):
    assert INDEX.find(*asked).kind == "unknown"


def test_a_video_of_two_datasets_needs_its_dataset():
    index = IdIndex([("samm_lv/1", "1_1"), ("casme_sq/s1", "1_1")])
    assert index.find("", "", "1_1").kind == "ambiguous"
    assert index.find("samm", "", "1_1").row == 0
    assert index.find("cas", "", "1_1").row == 1
    assert index.find("", "casme_sq/1", "1_1").row == 1


def test_a_literal_id_wins_over_a_variant():
    index = IdIndex([("a", "v_1"), ("a", "v_01")])
    assert index.find("", "a", "v_01").row == 1
    assert index.find("", "", "v_01").row == 1
    assert index.find("", "a", "v-1").kind == "ambiguous"


def test_unqualified_subjects_belong_to_any_database():
    assert IdIndex([("006", "006_1")]).find("samm", "", "6_1").row == 0


def test_hints_name_the_nearest_and_stay_cheap():
    assert INDEX.hint("", "006_l") == " Did you mean '006_1' or '006_11' or '007_1'?"
    assert "samm_lv/006/006_1" in INDEX.hint("samm_lv/06", "006_2")
    assert INDEX.hint("", "zzzzzzzz") == ""
    assert INDEX.hint("", "x" * 1_000) == ""
    assert IdIndex([("a", f"v{i}") for i in range(5_000)]).hint("", "v17x") == ""


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), unique=True, max_size=8))
def test_a_known_id_always_means_itself(keys):
    index = IdIndex(keys)
    assert [index.find("", *key).row for key in keys] == list(range(len(keys)))


@pytest.mark.parametrize(
    "video", ["006_١", "٠٠٦_1", "００６_1", "006_¹", "006_1²", "006_①", "006_1٠", "006_1\u0301", "006_1é"]
)
def test_digits_of_other_scripts_and_marks_make_an_unknown_id(video):
    assert INDEX.find("", "", video).kind == "unknown"
    assert plain_id(video) != plain_id("006_1")
    if any(c.isdigit() and not c.isascii() for c in video):
        assert INDEX.hint("", video) == ": write its digits as 0 to 9"


@pytest.mark.parametrize("video", ["006–1", "006 1", "006\u00a01", "006.1", "6#1", "006−1"])
def test_blanks_dashes_and_punctuation_part_numbers(video):
    assert INDEX.keys[INDEX.find("samm", "", video).row][1] == "006_1"


def test_after_twenty_hints_there_are_no_more():
    index = IdIndex(INDEX.keys)
    told = [bool(index.hint("", "006_l")) for _ in range(30)]
    assert told == [True] * 20 + [False] * 10
