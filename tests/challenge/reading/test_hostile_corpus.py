"""Every malformed or hostile submission is refused for its own reasons, quickly, and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hostile_corpus import CASES, EXPECTED, GOOD, LIMITS, archive, folder

from mebench.challenge.reading.read import check_submission, read_submission
from mebench.schema.problems import InvalidTable


def tree(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


def test_the_corpus_is_large_and_its_names_are_distinct():
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_is_refused_for_its_own_reasons(case, tmp_path):
    path = case.write(tmp_path / "in")
    work = tmp_path / "work"
    work.mkdir()
    before = tree(tmp_path)
    given = {"expected": EXPECTED[case.task], "protocol": "p", "limits": LIMITS, "work": work}
    report = check_submission(path, case.task, **given)
    assert set(report.counts) == case.kinds, report.to_text()
    assert not report.accepted
    outside = {name for name in tree(tmp_path) - before if not name.startswith("work/")}
    assert not outside
    for text in (report.to_text(), report.to_json(), report.organiser_text()):
        assert not any(ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160 for c in text)
        assert len(text) < 60_000
    assert json.loads(report.to_json())["accepted"] is False


def test_reading_raises_all_of_it_as_one_error(tmp_path):
    path = folder(tmp_path, {"predictions.csv": GOOD["spotting"][1] + "x,y,a,z,tiny\n"})
    with pytest.raises(InvalidTable, match="5 errors") as caught:
        read_submission(path, "spotting", expected=EXPECTED["spotting"], protocol="q", limits=LIMITS)
    assert {problem.kind for problem in caught.value.problems} == {
        "unknown_video",
        "frame",
        "type",
        "protocol",
    }


@pytest.mark.parametrize("task", GOOD)
@pytest.mark.parametrize("pack", [folder, archive])
def test_what_the_hostile_ones_were_made_of_is_accepted(task, pack, tmp_path):
    path = pack(tmp_path / "in", dict([GOOD[task]]))
    report = check_submission(path, task, expected=EXPECTED[task], protocol="p", limits=LIMITS)
    assert report.accepted, report.to_text()
    assert report.rows == {"spotting": 1, "spot_recognise": 1, "recognition": 3, "questions": 2}[task]
