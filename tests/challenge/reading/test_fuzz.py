"""No bytes, table, log, JSON or archive gives anything but a report: no traceback, no file outside the work folder.

`MEBENCH_FUZZ_EXAMPLES=200000` sets how many inputs the slow test tries; without it, it tries 200. `fuzz_archives.py`
tries many more in less time.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hostile_corpus import EXPECTED, GOOD, LIMITS, MANIFEST, archive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mebench.challenge.checks.findings import Findings, InvalidSubmission
from mebench.challenge.reading.formats.answers import read_answers
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.reading.formats.labels import read_label_log, read_labels
from mebench.challenge.reading.formats.log import read_log
from mebench.challenge.reading.formats.spotted import INTERVALS, STR, read_spotted
from mebench.challenge.reading.manifest import read_manifest
from mebench.challenge.reading.read import check_submission, read_submission
from mebench.challenge.safety.plain import plain_text

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = int(os.environ.get("MEBENCH_FUZZ_EXAMPLES", "200"))
NAMES = {
    "spotting": ("samm_pred.csv", "log.txt"),
    "spot_recognise": ("pred.csv",),
    "recognition": ("p.csv", "log.txt"),
    "questions": ("a.jsonl",),
}
TASKS = st.sampled_from(list(NAMES))

nasty = st.sampled_from(
    [
        "",
        " ",
        "-",
        "0",
        "1",
        "12.0",
        "12.5",
        "-3",
        "1e400",
        "nan",
        "inf",
        "9" * 400,
        "=1+1",
        "\x00",
        "\x1b[2J",
        '"',
        "'",
        "\ufeff",
        "\u202e",
        "٣",
        "006_1",
        "6_1",
        "samm_lv/006",
        "s15_0101",
        "me",
        "MaE",
        "negative",
        "TP",
        "FN",
        "FP",
        "{}",
        "[" * 30,
        '{"video_id":"v1"}',
        "\ud7ff",
        "\x85",
        "\u2028",
        "a" * 600,
    ]  # fmt: skip
)
cells = nasty | st.integers(-5, 2000).map(str) | st.text(max_size=8)
headers = st.sampled_from(
    [
        "vid,pred_onset,pred_offset,type",
        "vid,onset,offset,type",
        "subject,video,onset,offset,type,score,emotion",
        "subject,video,onset,offset,emotion",
        "database,subject,clip,emotion,p_negative,p_positive",
        "1",
        "2",
        "samm 6",
        "",
    ]  # fmt: skip
)
delimiters = st.sampled_from([",", ";", "\t", " "])


@st.composite
def tables(draw) -> bytes:
    delimiter = draw(delimiters)
    lines = [draw(headers).replace(",", delimiter)]
    lines += [delimiter.join(row) for row in draw(st.lists(st.lists(cells, max_size=8), max_size=8))]
    return draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines).encode("utf-8", "surrogatepass")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | cells,
    lambda v: st.lists(v, max_size=3) | st.dictionaries(cells, v, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(st.sampled_from(["video_id", "video", "question", "answer", "x"]), values, max_size=5)
jsonl = st.lists((objects | values).map(json.dumps), max_size=5).map(lambda lines: "\n".join(lines).encode())
anything = st.binary(max_size=200) | tables() | jsonl


def check(path: Path, task: str) -> None:
    """Report and read; both must agree, and neither may fail in any other way."""
    given_ = {"expected": EXPECTED[task], "flags": {"team": "t", "method": "m", "protocol": "p"}, "limits": LIMITS}
    report = check_submission(path, task, **given_)
    json.loads(report.to_json())
    lines = report.to_text().split("\n")
    assert all(plain_text(line, 10**6) == " ".join(line.split()) for line in lines)
    if report.accepted:
        submission = read_submission(path, task, **given_)
        assert len(submission.places) == report.rows
    else:
        with pytest.raises(InvalidSubmission) as caught:
            read_submission(path, task, **given_)
        assert caught.value.counts == report.counts


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


@QUICK
@given(task=TASKS, content=anything, data=st.data())
def test_any_file_is_read_or_refused(place, task, content, data):
    path = place / data.draw(st.sampled_from(NAMES[task]))
    path.write_bytes(content)
    check(path, task)


@QUICK
@given(content=st.binary(max_size=300), at=st.integers(0, 400), task=TASKS)
def test_any_archive_is_read_or_refused_and_stays_inside(place, content, at, task):
    path = archive(place / "zip", dict([GOOD[task]]))
    good = path.read_bytes()
    path.write_bytes(good[:at] + content + good[at + len(content) :])
    before = {p for p in place.rglob("*") if "work" not in p.parts}
    check(path, task)
    assert {p for p in place.rglob("*") if "work" not in p.parts} == before


@QUICK
@given(
    names=st.lists(
        st.text(max_size=12) | st.sampled_from(["../x.csv", "/x", "a/../../b.csv", "C:\\x", "a//b.csv", "."]),
        max_size=4,
    )
)
def test_no_member_name_leaves_the_work_folder(tmp_path_factory, names):
    root = tmp_path_factory.mktemp("names")
    try:
        archive(root, dict.fromkeys(names, GOOD["spotting"][1]))
    except (UnicodeEncodeError, ValueError):
        return
    (root / "work").mkdir()
    check_submission(root / "submission.zip", "spotting", limits=LIMITS, work=root / "work")
    assert {p.name for p in root.iterdir()} == {"submission.zip", "work"}


@QUICK
@given(
    raw=values | st.fixed_dictionaries(dict.fromkeys(MANIFEST, values)),
    flags=st.dictionaries(st.sampled_from(["team", "method", "protocol"]), st.text(max_size=20)),
)
def test_a_manifest_is_read_or_refused_and_what_is_read_is_printable(raw, flags):
    findings = Findings()
    manifest = read_manifest(json.dumps(raw), flags, "", findings, LIMITS)
    assert (manifest is None) == bool(findings.counts)
    if manifest is not None:
        for text in (manifest.team, manifest.method, manifest.protocol):
            assert text == plain_text(text)
            assert 0 < len(text) <= 80


@QUICK
@given(content=tables() | jsonl)
def test_every_reader_takes_any_lines_and_keeps_only_what_it_could_read(content):
    lines = content.decode("utf-8", "replace").split("\n")
    file, findings = DataFile("f", Path("f"), "samm"), Findings()
    spotted = [read_spotted(file, lines, layouts, findings)[1] for layouts in (INTERVALS, (STR,))]
    log, assertions = read_log(file, lines, findings)
    labels = [read_labels(file, lines, findings), read_label_log(file, lines, findings)]
    answers = read_answers(file, lines, findings, LIMITS)
    for table in (*spotted, log, *labels, answers):
        assert table.line == sorted(set(table.line))
        assert set(table.line) <= set(range(1, len(lines) + 1))
    for table in (*spotted, log):
        assert all(frame is None or abs(frame) <= 10**9 for frame in (*table.onset, *table.offset))
        assert set(table.type) <= {"", "micro", "macro", None}
    assert all(abs(frame) <= 10**9 for assertion in assertions for frame in (assertion.onset, assertion.offset))
    texts = (answers.video_id, answers.video, answers.question, answers.answer)
    assert all(text and text == text.strip() for column in texts for text in column)
    assert all(problem.found.isprintable() for problem in findings.problems)
    assert all(problem.line <= len(lines) for problem in findings.problems)


@pytest.mark.slow
@settings(QUICK, max_examples=MANY)
@given(task=TASKS, content=anything, data=st.data())
def test_many_files_are_read_or_refused(place, task, content, data):
    path = place / data.draw(st.sampled_from(NAMES[task]))
    path.write_bytes(content)
    check(path, task)
