from __future__ import annotations

import itertools
import json

import pytest

from mebench.analysis.audit.people import _tests_in_log, same_person
from mebench.schema.people import Person


@pytest.mark.parametrize(
    "ids",
    [
        [("smic", "s1"), ("smic", "s01"), ("smic", "S001"), ("smic_e", "1")],
        [("samm", "6"), ("samm", "006"), ("samm_lv", "006")],
        [("casme2", "sub03"), ("casme2", "Sub3")],
    ],
)
def test_ids_of_one_person(ids):
    assert len({same_person(Person(*id)) for id in ids}) == 1


def test_ids_of_different_people():
    people = [
        Person("casme2", "sub01"), Person("casme", "sub01"), Person("casme2", "sub10"), Person("casme2", "sub1a"),
        Person("samm", "6"), Person("samm", "60"), Person("samm_lv", "16"), Person("smic", "6"), Person("a", "p1"),
        Person("a", "s1"), Person("samm", "6~made"), Person("samm_lv", "6~made"),
    ]  # fmt: skip
    assert [(a, b) for a, b in itertools.combinations(people, 2) if same_person(a) == same_person(b)] == []


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"test_uf1": 1, "loss": 2}, ["test_uf1"]),
        ({"Test": 1}, ["Test"]),
        ({"test.accuracy": 1, "latest": 2, "tested": 3, "tests": 4}, ["test.accuracy"]),
        ({"validation_f1": 1, "contest_f1": 2}, []),
        ([1], []),
    ],
)
def test_scores_of_tested_people_in_a_log(tmp_path, entry, found):
    (tmp_path / "log.jsonl").write_text(json.dumps(entry) + "\nno json\n" + json.dumps(entry) + "\n")
    assert _tests_in_log(tmp_path / "log.jsonl") == found


def test_without_a_log_nothing_is_logged(tmp_path):
    assert _tests_in_log(tmp_path / "log.jsonl") == []
