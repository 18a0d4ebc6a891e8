"""Log files: predictions are read, what they say about the truth is set aside."""

from __future__ import annotations

from pathlib import Path

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import LogAssertion
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.reading.formats.log import is_log, read_log

FILE = DataFile("log.txt", Path("log.txt"))


def read(text: str):
    findings = Findings()
    rows, assertions = read_log(FILE, text.split("\n"), findings)
    return rows, assertions, findings


def test_both_databases_are_read():
    rows, assertions, findings = read(
        "1\n006_1 100 150 104 155.0 TP\n006_1 - - 300 320 FP\n\n2\ns15_0101\t7\t20\t-\t-\tFN\ns15_0102,-,-,5,9,fp\n"
    )
    assert findings.counts == {}
    assert list(zip(rows.database, rows.video, rows.onset, rows.offset, rows.line, strict=True)) == [
        ("samm", "006_1", 104, 155, 2),
        ("samm", "006_1", 300, 320, 3),
        ("cas", "s15_0102", 5, 9, 7),
    ]
    assert rows.type == [""] * 3
    assert assertions == [
        LogAssertion("log.txt", 2, "samm", "006_1", 100, 150),
        LogAssertion("log.txt", 6, "cas", "s15_0101", 7, 20),
    ]
    assert findings.notes == ("frames were read as whole numbers: '155.0' as '155'",)


def test_results_must_agree_with_what_is_absent():
    *_, findings = read("1\nv 1 2 - - TP\nv 1 2 3 4 FP\nv 1 2 3 4 FN\nv - - - - FP\nv - 2 3 4 TP\n")
    assert [(p.line, p.column) for p in findings.problems] == [
        (2, "pred_offset"), (2, "pred_onset"), (3, "gt_offset"), (3, "gt_onset"), (4, "pred_offset"), (4, "pred_onset"),
        (5, "pred_offset"), (5, "pred_onset"), (6, "gt_onset"),
    ]  # fmt: skip
    assert set(findings.counts) == {"log_result"}


def test_every_slip_is_told():
    *_, findings = read("1\nv 1 2\nv 1 2 x 4.5 TP\n3\n=v - - 1 2 FP\nv 1 2 3 4 hit\n")
    assert [(p.line, p.column, p.kind) for p in findings.problems] == [
        (2, "", "ragged"),
        (3, "pred_offset", "fractional"),
        (3, "pred_onset", "frame"),
        (4, "", "database"),
        (5, "vid", "formula"),
        (6, "result", "log_result"),
    ]


def test_a_log_is_told_by_its_first_line():
    assert is_log(["", " 1 ", "x"])
    assert not is_log(["vid,onset,offset,type"])
    assert not is_log([])
