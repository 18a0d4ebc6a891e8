"""Answers against the questions of the challenge."""

from __future__ import annotations

from hostile_corpus import EXPECTED

from mebench.challenge.checks.answers import AnswerChecks
from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import AnswerRows
from mebench.tasks.expected import Expected


def answers(*rows, expected=EXPECTED["questions"]):
    findings = Findings()
    checks = AnswerChecks(expected, findings)
    for line, (video, question) in enumerate(rows, 1):
        checks.add(AnswerRows(["a"], [line], [video], [f"{video}.mp4"], [question], ["yes"]))
    read, places = checks.result()
    return read, places, findings


def test_questions_are_compared_without_case_and_doubled_blanks():
    read, places, findings = answers(("v2", "what is the  Coarse class?"), ("v1", "What is the coarse class?"))
    assert [row.key for row in read.rows] == [("v2", "what is the coarse class?"), ("v1", "what is the coarse class?")]
    assert [(row.video, row.question) for row in read.rows] == [
        ("v2.mp4", "What is the coarse class?"),
        ("v1.mp4", "What is the coarse class?"),
    ]
    assert places == (("a", 1), ("a", 2))
    assert findings.counts == {}


def test_unknown_missing_and_repeated_questions_are_told_at_once():
    *_, findings = answers(
        ("v1", "What is the coarse class?"), ("v1", "what is the coarse class?"), ("v1", "Who?"), ("v12", "Who?")
    )
    assert findings.counts == {"duplicate": 1, "unknown_question": 1, "unknown_video": 1, "missing": 1}
    hint = next(p.found for p in findings.problems if p.kind == "unknown_video")
    assert "Did you mean" in hint


def test_without_a_list_only_repetitions_are_refused():
    assert answers(("x", "y"), ("x", "z"), ("x", "Y"), expected=Expected())[2].counts == {"duplicate": 1}
