"""Answers in JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.formats.answers import read_answers
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.safety.limits import SubmissionLimits

ROW = {"video_id": "v1", "video": "v1.mp4", "question": "Which class?", "answer": "negative"}


def read(*rows):
    findings = Findings()
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return read_answers(DataFile("a.jsonl", Path("a")), lines, findings, SubmissionLimits()), findings


def test_rows_are_read_in_any_order_of_keys_with_empty_lines_between():
    rows, findings = read(ROW, "", dict(reversed(ROW.items())) | {"answer": " - lips: up\n- brows: −2 "})
    assert rows.answer == ["negative", "- lips: up\n- brows: −2"]
    assert rows.line == [1, 3]
    assert findings.counts == {}


def test_a_number_as_video_id_is_text_with_a_note():
    rows, findings = read({**ROW, "video_id": 17})
    assert rows.video_id == ["17"]
    assert len(findings.notes) == 1


def test_every_problem_of_every_row_is_told():
    missing = {key: ROW[key] for key in ("video_id", "video")}
    rows, findings = read(
        {**missing, "anser": "x"},
        {**ROW, "answer": 3, "question": " "},
        "[]",
        "nope",
        {**ROW, "video": True},
        {**ROW, "answer": "x" * 10_001},
    )
    assert len(rows) == 0
    assert [(p.line, p.column, p.kind) for p in findings.problems] == [
        (1, "", "json_key"), (1, "answer", "json_key"), (1, "question", "json_key"),
        (2, "answer", "json_type"), (2, "question", "text_length"), (3, "", "json"), (4, "", "json"),
        (5, "video", "json_type"), (6, "answer", "text_length"),
    ]  # fmt: skip
    assert "Did you mean 'answer'?" in findings.problems[0].found
    assert [p.found for p in findings.problems if p.kind == "json_type"] == ["'a number'", "'true or false'"]


def test_terminal_escapes_in_a_text_are_refused_and_other_scripts_are_not():
    assert read({**ROW, "answer": "微表情 ¡sí!"})[1].counts == {}
    assert read({**ROW, "answer": "\x1b[2J"})[1].counts == {"control": 1}
    assert read({**ROW, "question": "a\u202eb"})[1].counts == {"control": 1}
