"""Manifests and the flags that stand in for them."""

from __future__ import annotations

import json

import pytest

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.manifest import LONGEST, Manifest, read_manifest
from mebench.challenge.safety.limits import SubmissionLimits

GOOD = {"schema": 1, "team": "Lab 7", "method": "flow", "protocol": "megc2022-spotting"}


def read(text, flags=None, protocol=""):
    findings = Findings()
    raw = text if isinstance(text, str) or text is None else json.dumps(text)
    return read_manifest(raw, flags or {}, protocol, findings, SubmissionLimits()), findings


def test_a_manifest_is_read():
    manifest, findings = read(GOOD, protocol="megc2022-spotting")
    assert manifest == Manifest("Lab 7", "flow", "megc2022-spotting")
    assert findings.notes == ()


def test_flags_stand_in_for_a_manifest():
    flags = {"team": "a", "method": "b", "protocol": "c"}
    assert read(None, flags)[0] == Manifest("a", "b", "c")


def test_without_either_each_missing_value_is_told_with_its_flag():
    manifest, findings = read(None, {"team": "a"})
    assert manifest is None
    assert [(p.column, "--" + p.column in p.expected) for p in findings.problems] == [
        ("method", True),
        ("protocol", True),
    ]


def test_a_flag_replaces_what_the_manifest_says_with_a_note():
    manifest, findings = read(GOOD, {"team": "Lab 8"})
    assert manifest.team == "Lab 8"
    assert findings.notes == ("flags replaced what the manifest says: team",)


def test_the_flag_that_repeats_the_manifest_needs_no_note():
    assert read(GOOD, {"team": "Lab 7"})[1].notes == ()


def test_terminal_escapes_and_controls_are_stripped_with_a_note():
    manifest, findings = read({**GOOD, "team": "\x1b[31mLab\x07  7\u202e"})
    assert manifest.team == "Lab 7"
    assert "were stripped from the manifest: team" in findings.notes[0]


def test_an_unknown_key_gets_the_nearest_one():
    _, findings = read({**GOOD, "metod": "x"})
    assert "Did you mean 'method'?" in findings.problems[0].found


def test_another_protocol_is_a_problem_of_its_own():
    manifest, findings = read(GOOD, protocol="megc2023-spotting")
    assert manifest is None
    assert findings.counts == {"protocol": 1}


@pytest.mark.parametrize("length", [0, LONGEST + 1, 10**6])
def test_names_have_a_length(length):
    manifest, findings = read(None, {"team": "x" * length, "method": "b", "protocol": "c"})
    assert manifest is None
    assert findings.counts == {"manifest": 1}
    assert len(findings.problems[0].found) < 80


def test_a_name_of_the_greatest_length_is_kept_whole():
    assert read({**GOOD, "team": "x" * LONGEST})[0].team == "x" * LONGEST


def test_an_unknown_flag_is_a_slip_of_the_program():
    with pytest.raises(TypeError, match="no such key of a manifest: name"):
        read(GOOD, {"name": "x"})


@pytest.mark.parametrize("name", ["\u3164", "\u2800 \u115f", "\u0301"])
def test_names_that_print_as_nothing_are_refused(name):
    manifest, findings = read({**GOOD, "team": name})
    assert manifest is None
    assert findings.counts == {"manifest": 1}
