"""Labels of clips, as a table and as the log of 2019."""

from __future__ import annotations

from pathlib import Path

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.reading.formats.labels import is_label_log, read_label_log, read_labels

FILE = DataFile("p.csv", Path("p.csv"))


def read(text: str, reader=read_labels):
    findings = Findings()
    return reader(FILE, text.split("\n"), findings), findings


def test_a_table_with_probabilities():
    rows, findings = read("subject,clip,emotion,p_negative,p_positive\n6,006_1_2,Negative,0.7,0.3\n")
    assert (rows.subject, rows.clip, rows.emotion, rows.database) == (["6"], ["006_1_2"], ["negative"], [""])
    assert rows.probabilities == {"negative": [0.7], "positive": [0.3]}
    assert findings.counts == {}


def test_probabilities_add_up_to_one_within_rounding():
    assert read("subject,clip,emotion,p_a,p_b,p_c\ns,c,a,.333,.333,.333\n")[1].counts == {}
    assert read("subject,clip,emotion,p_a,p_b,p_c\ns,c,a,.333,.333,.3\n")[1].counts == {"probability": 1}


def test_the_log_of_2019():
    rows, findings = read("casme2 sub01\nEP02_01f 1 1\nEP03_02f 0 2\nsamm 6\n006_1_2 0 0\n", read_label_log)
    assert list(zip(rows.database, rows.subject, rows.clip, rows.emotion, rows.line, strict=True)) == [
        ("casme2", "sub01", "EP02_01f", "positive", 2),
        ("casme2", "sub01", "EP03_02f", "surprise", 3),
        ("samm", "6", "006_1_2", "negative", 5),
    ]
    assert findings.counts == {}


def test_a_log_with_slips():
    rows, findings = read("casme2 sub01\nEP02_01f 1 happy\na b c d\n=x y\n", read_label_log)
    assert [(p.line, p.kind) for p in findings.problems] == [(2, "emotion"), (3, "ragged"), (4, "formula")]
    assert rows.emotion == [None]


def test_a_log_is_told_by_its_first_line():
    assert is_label_log(["", "samm 6"])
    assert not is_label_log(["subject, clip"])
    assert not is_label_log(["subject,clip,emotion"])
