"""No bytes, table, log, JSON or archive gives anything but a report: no traceback, no file outside the work folder.

`MEBENCH_FUZZ_EXAMPLES=200000` sets how many inputs the slow test tries in all; without it, it tries 4,000.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hostile_corpus import CASES, EXPECTED, GOOD, LIMITS, MANIFEST, archive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mebench.challenge.findings import Findings, InvalidSubmission
from mebench.challenge.formats.answers import read_answers
from mebench.challenge.formats.files import DataFile
from mebench.challenge.formats.labels import read_label_log, read_labels
from mebench.challenge.formats.log import read_log
from mebench.challenge.formats.spotted import read_spotted
from mebench.challenge.manifest import read_manifest
from mebench.challenge.plain import plain_text
from mebench.challenge.submission import check_submission, read_submission

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = int(os.environ.get("MEBENCH_FUZZ_EXAMPLES", "4000"))
NAMES = {
    "spotting": ("samm_pred.csv", "log.txt"),
    "str": ("pred.csv",),
    "recognition": ("p.csv", "log.txt"),
    "vqa": ("a.jsonl",),
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


def readers(lines: list[str]) -> None:
    """Hand the same lines to every reader."""
    file, findings = DataFile("f", Path("f"), "samm"), Findings()
    for task in ("spotting", "str"):
        read_spotted(file, lines, task, findings)
    read_log(file, lines, findings)
    read_labels(file, lines, findings)
    read_label_log(file, lines, findings)
    read_answers(file, lines, findings, LIMITS)
    assert all(problem.found.isascii() or "Did you mean" in problem.found for problem in findings.problems)


@QUICK
@given(content=tables() | jsonl)
def test_every_reader_takes_any_lines(content):
    readers(content.decode("utf-8", "replace").split("\n"))


def mutated(good: bytes, chance: random.Random) -> bytes:
    """Return a text with a few bytes, cells or lines changed, dropped or repeated."""
    data = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at : at + chance.randint(0, 6)] = chance.randbytes(chance.randint(0, 4))
            case 1:
                data[at:at] = chance.choice([b"\0", b"\r", b'"', b"\xff", b"\x1b[", b";", b",", b"\n", b"[{", b"1e999"])
            case 2:
                data[at:at] = data[: chance.randrange(len(data) + 1)][:200]
            case 3:
                del data[at : at + chance.randint(1, 30)]
            case _:
                lines = bytes(data).split(b"\n")
                chance.shuffle(lines)
                data = bytearray(b"\n".join(lines))
    return bytes(data)


def seeds(root: Path) -> list[tuple[str, str, bytes]]:
    """Return task, name and content of the small files and archives of the good submissions and of the whole corpus."""
    found = [(task, name, text.encode()) for task, (name, text) in GOOD.items()]
    for number, case in enumerate(CASES):
        path = case.write(root / str(number))
        for file in [path] if path.is_file() else sorted(path.iterdir()):
            if file.is_file() and not file.is_symlink() and 0 < file.stat().st_size < 4_000:
                found.append((case.task, file.name, file.read_bytes()))
    return found


@pytest.mark.slow
def test_mutations_of_the_corpus_are_read_or_refused(tmp_path):
    found = seeds(tmp_path / "seeds")
    chance = random.Random(0)
    out = tmp_path / "in"
    out.mkdir()
    for number in range(MANY):
        task, name, content = found[chance.randrange(len(found))]
        path = out / name
        path.write_bytes(mutated(content, chance))
        given_ = {"expected": EXPECTED[task], "flags": {"team": "t", "method": "m", "protocol": "p"}, "limits": LIMITS}
        report = check_submission(path, task, **given_)
        assert report.accepted or report.problems, number
        path.unlink()
    assert not list(out.iterdir())


@pytest.mark.slow
@settings(QUICK, max_examples=max(MANY // 20, 1))
@given(task=TASKS, content=anything, data=st.data())
def test_many_files_are_read_or_refused(place, task, content, data):
    path = place / data.draw(st.sampled_from(NAMES[task]))
    path.write_bytes(content)
    check(path, task)
