"""Ids become those of the challenge, or a problem in its words; nothing is read twice, and nothing is missing."""

from __future__ import annotations

import pytest

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.resolver import Resolver, check_emotion, check_missing, is_repeated
from mebench.tasks.expected import Expected

KEYS = [("samm_lv/006", "006_1"), ("samm_lv/007", "007_1"), ("casme_sq/s15", "15_0101"), ("casme_sq/s16", "x1")]
EMOTIONS = Expected(emotions=("fear", "anger"))


@pytest.fixture
def findings() -> Findings:
    return Findings()


@pytest.fixture
def resolver(findings) -> Resolver:
    return Resolver(KEYS, "video", findings)


@pytest.mark.parametrize("row", range(len(KEYS)))
def test_an_id_as_it_is_known_is_found_without_a_word(resolver, findings, row):
    assert resolver.row(("p.csv", 2), "", *KEYS[row]) == row
    assert (findings.counts, findings.notes) == ({}, ())


def test_another_spelling_is_found_and_noted_once(resolver, findings):
    assert [resolver.row(("p.csv", line), "samm", "s6", "6_1") for line in (2, 3)] == [0, 0]
    assert findings.notes == ("ids were read as known ones: 's6/6_1' as 'samm_lv/006/006_1'",)


def test_an_unknown_id_is_a_problem_with_the_nearest_one(resolver, findings):
    assert resolver.row(("p.csv", 7), "", "", "15_0102") == -1
    (problem,) = findings.problems
    assert (problem.file, problem.line, problem.column, problem.kind) == ("p.csv", 7, "video", "unknown_video")
    assert problem.expected == "a known video"
    assert problem.found.startswith("'15_0102'")
    assert "Did you mean" in problem.found
    assert "15_0101" in problem.found


def test_an_id_that_fits_two_is_never_guessed(findings):
    resolver = Resolver([("a/1", "x"), ("b/1", "x")], "clip", findings)
    assert resolver.row(("p.csv", 2), "", "1", "x") == -1
    assert resolver.row(("p.csv", 3), "b", "1", "x") == 1
    assert findings.counts == {"ambiguous_clip": 1}
    assert findings.problems[0].expected == "an id that fits only one clip"
    assert findings.problems[0].found.startswith("'1/x'")


def test_without_a_list_there_is_no_index(findings):
    assert Resolver(None, "video", findings).index is None
    assert Resolver([], "video", findings).row(("p.csv", 2), "", "", "x") == -1


@pytest.mark.parametrize(
    ("emotion", "expected", "good"),
    [
        ("fear", EMOTIONS, True),
        ("", EMOTIONS, True),
        (None, EMOTIONS, False),
        ("joy", Expected(), True),
        (None, Expected(), False),
    ],
)
def test_an_emotion_that_is_no_problem_of_its_own(findings, emotion, expected, good):
    assert check_emotion(("p.csv", 2), emotion, expected, findings) is good
    assert findings.counts == {}


@pytest.mark.parametrize("emotion", ["joy", "Fear", " fear"])
def test_an_emotion_of_another_protocol_is_a_problem(findings, emotion):
    assert not check_emotion(("p.csv", 2), emotion, EMOTIONS, findings)
    (problem,) = findings.problems
    assert (problem.expected, problem.found, problem.kind) == ("one of fear, anger", repr(emotion), "emotion")


def test_what_stands_twice_is_told_with_its_first_place(findings):
    seen: dict = {}
    keys = ["a", "b", "a", "a"]
    assert [is_repeated((key,), ("p.csv", line), seen, "clip", findings) for line, key in enumerate(keys, 2)] == [
        False, False, True, True,
    ]  # fmt: skip
    assert [(p.line, p.expected, p.found) for p in findings.problems] == [
        (4, "each clip once", "'what stands in p.csv:2'"),
    ]
    assert findings.problems[0].also == (5,)


def test_each_known_key_without_a_prediction_is_missing(findings):
    known = [("samm", "006", "c1"), ("", "006", "c2"), ("samm", "007", "c1")]
    check_missing(known, {known[2]}, "clip", findings)
    assert [(p.file, p.expected, p.kind) for p in findings.problems] == [
        ("submission", "samm/006/c1", "missing"),
        ("submission", "006/c2", "missing"),
    ]


@pytest.mark.parametrize("known", [None, [], [("a",)]])
def test_nothing_is_missing_where_nothing_is_asked_for_or_all_is_there(findings, known):
    check_missing(known, {("a",)}, "clip", findings)
    assert findings.counts == {}
