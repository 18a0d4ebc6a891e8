"""The organiser's channel is closed unless it is asked for."""

from __future__ import annotations

import json

from hostile_corpus import VIDEOS

from mebench.challenge.checks.organiser import observations
from mebench.challenge.checks.rows import LogAssertion
from mebench.challenge.reading.report import Report
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth

TRUTH = Truth(
    Intervals.from_rows(
        [
            ("samm_lv/006", "006_1", 10, 40, "micro", float("nan"), "fear"),
            ("samm_lv/006", "006_1", 100, 300, "macro"),
            ("samm_lv/007", "007_1", 5, 9, "micro"),
        ]
    ),
    VIDEOS,
)


def test_observations_set_predictions_beside_the_truth():
    predictions = Intervals.from_rows(
        [
            ("samm_lv/006", "006_1", 10, 40, "macro"),
            ("samm_lv/006", "006_1", 11, 40, "micro"),
            ("casme_sq/s15", "15_0101", 1, 2, "micro"),
        ]
    )
    assertions = [
        LogAssertion("log.txt", 2, "samm", "6_1", 10, 40),
        LogAssertion("log.txt", 3, "samm", "006_1", 11, 40),
        LogAssertion("log.txt", 4, "", "x", 1, 2),
    ]
    assert observations(predictions, assertions, TRUTH) == (
        "1 of 3 predictions equal a true interval frame by frame",
        "casme_sq/s15/15_0101: truth none; 1 predicted, 0 equal",
        "samm_lv/006/006_1: truth micro 10-40 fear; macro 100-300; 2 predicted, 1 equal",
        "samm_lv/007/007_1: truth micro 5-9; 0 predicted, 0 equal",
        "log.txt:3 claims the truth 11-40 in '006_1'; it has 10-40, 100-300",
        "log.txt:4 claims the truth 1-2 in 'x'; it has none",
    )


def test_many_observations_are_cut():
    assertions = [LogAssertion("log.txt", i, "", "x", i, i) for i in range(5_000)]
    lines = observations(Intervals.empty(), assertions, TRUTH)
    assert len(lines) == 1_002
    assert lines[-1] == "and 4002 more lines"


def test_the_participants_channel_never_holds_the_organisers():
    report = Report("s", "0" * 64, "spotting", "log", None, 1, (), {}, ("a note",), ("a secret",))
    for text in (report.to_text(), report.to_json(), repr(report), str(report.to_dict())):
        assert "secret" not in text
        assert "organiser" not in text
    assert "a secret" in report.organiser_text()
    assert json.loads(report.organiser_json())["organiser"] == ["a secret"]
