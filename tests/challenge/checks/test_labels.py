"""Labels against the clips of the challenge."""

from __future__ import annotations

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.labels import check_labels
from mebench.challenge.checks.rows import LabelRows
from mebench.tasks.expected import Expected

CLIPS = (("samm", "006", "006_1_2"), ("casme2", "sub01", "EP02_01f"))


def labels(*rows, clips=CLIPS, probabilities=None):
    findings = Findings()
    table = LabelRows()
    for line, row in enumerate(rows, 2):
        table.append("p", line, row[:3], row[3])
    table.probabilities = probabilities or {}
    read, places = check_labels(table, Expected(clips=clips, emotions=("negative", "positive")), findings)
    return read, places, findings


def test_clips_come_back_under_the_ids_of_the_challenge_with_their_probabilities():
    read, places, findings = labels(
        ("CASME II", "1", "EP02_01f", "positive"),
        ("", "6", "6_1_2", "negative"),
        probabilities={"negative": [0.25, 1.0]},
    )
    assert read.keys == (("casme2", "sub01", "EP02_01f"), ("samm", "006", "006_1_2"))
    assert read.emotions == ("positive", "negative")
    assert read.probabilities == ({"negative": 0.25}, {"negative": 1.0})
    assert places == (("p", 2), ("p", 3))
    assert findings.counts == {}


def test_missing_extra_repeated_and_mislabelled_clips_are_told_at_once():
    read, _, findings = labels(
        ("samm", "006", "006_1_2", "negative"),
        ("samm", "6", "6_1_2", "negative"),
        ("samm", "006", "006_1_3", "negative"),
    )
    assert findings.counts == {"missing": 1, "duplicate": 1, "unknown_clip": 1}
    assert len(read) == 1
    missing = next(p for p in findings.problems if p.kind == "missing")
    assert missing.expected == "casme2/sub01/EP02_01f"


def test_a_clip_with_a_wrong_label_is_not_missing_as_well():
    *_, findings = labels(("samm", "006", "006_1_2", "x"), ("casme2", "sub01", "EP02_01f", None))
    assert findings.counts == {"emotion": 1}


def test_without_a_list_clips_stay_as_they_are():
    read, _, findings = labels(("d", "s", "c", "negative"), ("d", "s", "c", "negative"), clips=None)
    assert read.keys == (("d", "s", "c"),)
    assert findings.counts == {"duplicate": 1}
