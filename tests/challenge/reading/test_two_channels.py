"""A submission with every kind of error tells participants nothing about the truth, and the organiser a lot."""

from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pytest
from hostile_corpus import HEADER, LIMITS, VIDEOS, folder, rows

from mebench.challenge.reading.read import check_submission, read_submission
from mebench.schema.intervals import Intervals
from mebench.schema.problems import InvalidTable
from mebench.schema.truth import Truth, VideoTable
from mebench.tasks.expected import Expected

LONG = VideoTable.from_rows([(s, v, 200.0, 100_000) for s, v in zip(VIDEOS.subject, VIDEOS.video, strict=True)])
EVENTS = [
    ("samm_lv/006", "006_1", 73_331, 73_419, "micro", float("nan"), "xanthic", 73_377, "31+37"),
    ("samm_lv/006", "006_1", 81_557, 82_003, "macro", float("nan"), "ochrous", 81_777, "17"),
    *(("samm_lv/007", "007_1", 60_000 + 97 * k, 60_055 + 97 * k, "micro", float("nan"), "xanthic") for k in range(37)),
]
TRUTH = Truth(Intervals.from_rows(EVENTS), LONG, "samm_lv+casme_sq")
SECRETS = sorted(
    {str(n) for n in (*TRUTH.events.onset.tolist(), *TRUTH.events.offset.tolist(), *TRUTH.events.apex.tolist()) if n}
    | {"xanthic", "ochrous", "31+37", "37", "39"}
)

TABLE = HEADER.replace("type", "type,score") + "".join(
    line + "\n"
    for line in (
        "samm_lv/006,006_1,0,40,micro,1",
        "samm_lv/006,006_1,50,40,micro,1",
        "samm_lv/006,006_1,10,100001,micro,1",
        "samm_lv/006,006_1,10.5,40,micro,1",
        "samm_lv/006,006_1,ten,40,micro,1",
        "samm_lv/006,006_1,20,45,tiny,1",
        "samm_lv/006,006_1,20,46,micro,nan",
        "samm_lv/006,006_4,20,46,micro,1",
        "6,6_1,20.0,48,me,1",
        "samm_lv/006,006_1,20,48,micro,1",
        "samm_lv/006,=1+1,20,48,micro,1",
        "samm_lv/006,,20,48,micro,1",
        "samm_lv/006,006_1",
        'samm_lv/006,"006_1,20,48,micro,1',
        "samm_lv/006,006_1\x1b,20,52,micro,1",
        "samm_lv/006,006_1\x00,20,53,micro,1",
        "samm_lv/007,007_1,22,54,micro,1",
        "x" * 3_000,
    )
)
LOG = "1\n006_1 60 70 21 58 TP\n006_1 60 70 - - TP\n006_1 a b\n007_1 61 71 - - FN\n006_1 - - 1e400 5 FP\n8\n006_1 1 1 1 1 ?\n"
KINDS = {
    "offset_before_onset", "fractional", "frame", "type", "score", "unknown_video",
    "duplicate", "formula", "id", "ragged", "quote", "control", "nul", "line_length", "log_result", "database",
    "file_type", "mixed_formats", "manifest", "protocol", "encoding", "header", "empty", "binary",
}  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    files = {
        "predictions.csv": TABLE,
        "log.txt": LOG,
        "b.csv": b"\x80\x04.",
        "c.csv": HEADER.encode() + b"\xff\n",
        "d.csv": "onset\n",
        "e.csv": "",
        "f.pkl": b"\x80\x04.",
    }
    manifest = {"schema": 9, "team": "t", "method": "m", "protocol": "q", "extra": 1}
    path = folder(tmp_path_factory.mktemp("in"), files, manifest)
    return check_submission(path, "spotting", expected=Expected(videos=LONG), protocol="p", limits=LIMITS, truth=TRUTH)


def said(text: str) -> list[str]:
    # The digest is hexadecimal and may hold any digits.
    text = re.sub(r"\b[0-9a-f]{64}\b", "", text)
    return [secret for secret in SECRETS if re.search(rf"(?<![0-9]){re.escape(secret)}(?![0-9])", text)]


def test_the_submission_has_every_kind_of_error_that_a_table_can_have(report):
    assert set(report.counts) == KINDS


def test_no_onset_offset_apex_label_or_count_of_the_truth_reaches_the_participant(report):
    for text in (report.to_text(), report.to_json(), repr(report), json.dumps(report.to_dict())):
        assert said(text) == []


def test_the_organiser_is_told_all_of_it(report):
    told = set(said(report.organiser_text()))
    assert {"73331", "73419", "81557", "82003", "xanthic", "ochrous", "60000"} <= told
    assert set(said(report.organiser_json())) == told
    assert "claims the truth 60-70" in report.organiser_text()


def test_the_report_of_an_accepted_submission_is_as_silent(tmp_path):
    path = folder(
        tmp_path, {"predictions.csv": rows("samm_lv/006,006_1,73331,73419,micro", "samm_lv/007,007_1,5,6,me")}
    )
    report = check_submission(path, "spotting", expected=Expected(videos=LONG), truth=TRUTH)
    assert report.accepted
    assert said(report.to_text() + report.to_json()) == []
    assert "1 of 2 predictions equal a true interval" in report.organiser_text()


def test_the_report_is_the_same_whatever_the_truth(tmp_path):
    path = folder(tmp_path, {"predictions.csv": TABLE})
    other = dataclasses.replace(TRUTH, events=Intervals.empty())
    reports = [
        check_submission(path, "spotting", expected=Expected(videos=LONG), truth=truth, limits=LIMITS)
        for truth in (TRUTH, other, None)
    ]
    assert len({(report.to_text(), report.to_json()) for report in reports}) == 1


def test_the_error_that_reading_raises_is_as_silent(tmp_path):
    path = folder(tmp_path, {"predictions.csv": TABLE})
    with pytest.raises(InvalidTable) as caught:
        read_submission(path, "spotting", expected=Expected(videos=LONG), limits=LIMITS)
    assert said(str(caught.value)) == []


def test_the_search_finds_what_is_there():
    assert said("onset 73331, xanthic") == ["73331", "xanthic"]
    assert np.all([secret in said(f" {secret} ") for secret in SECRETS])
