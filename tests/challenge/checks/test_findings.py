"""Problems are kept within bounds, notes are gathered."""

from __future__ import annotations

import pytest

from mebench.challenge.checks.findings import MOST_PROBLEMS, Enough, Findings, InvalidSubmission
from mebench.schema.problems import SHOWN_PER_KIND, InvalidTable, Problem


def test_after_fifty_of_a_kind_the_others_are_only_counted():
    findings = Findings()
    for line in range(2, 9_002):
        findings.problem("p.csv", line, "onset", "a frame", f"x{line}", "frame")
    findings.problem("p.csv", 1, "", "a header", "none", "header")
    assert len(findings.problems) == SHOWN_PER_KIND + 1
    assert findings.counts == {"frame": 9_000, "header": 1}
    assert not findings.shows("frame")
    assert findings.shows("header")
    with pytest.raises(InvalidSubmission, match="The submission has 9001 errors") as caught:
        findings.refuse()
    lines = str(caught.value).splitlines()
    assert lines[1].strip().startswith("p.csv:1:")
    assert lines[-1].strip() == "and 8950 more of the kind 'frame'"
    assert isinstance(caught.value, InvalidTable)


def test_equal_problems_are_one_with_the_lines_and_the_hint_of_the_first():
    findings = Findings()
    findings.problem("p.csv", 5, "video", "a video", "y", "unknown_video")
    for line in range(6, 506):
        findings.problem("p.csv", line, "video", "a video", "x", "unknown_video")
        assert findings.shows("unknown_video") == (line == 6)
        findings.hint(" Did you mean 'z'?")
    assert findings.counts == {"unknown_video": 501}
    assert [str(problem) for problem in findings.problems] == [
        "p.csv:5, video: expected a video, found 'y'",
        "p.csv:6, video: expected a video, found 'x' Did you mean 'z'? (the same in lines 7, 8 and 497 more lines)",
    ]
    with pytest.raises(InvalidSubmission, match="The submission has 501 errors") as caught:
        findings.refuse()
    assert len(str(caught.value).splitlines()) == 3


def test_of_a_whole_file_each_problem_stays():
    findings = Findings()
    for _ in range(3):
        findings.problem("p.csv", 0, "", "a table", "none", "no_file")
    assert len(findings.problems) == 3


def test_nothing_found_is_nothing_raised():
    findings = Findings()
    findings.refuse()
    findings.problem("p.csv", 2, "video", "a video", "x", "unknown_video")
    with pytest.raises(InvalidTable):
        findings.refuse()


def test_what_was_found_is_quoted_and_cut_and_a_hint_follows_it():
    findings = Findings()
    findings.problem("p.csv", 2, "video", "a video", "\x1b[2J" + "x" * 500, "unknown_video")
    findings.hint(" Did you mean 'a'?")
    (problem,) = findings.problems
    assert problem.found.startswith("'\\x1b[2Jx")
    assert problem.found.endswith("...' Did you mean 'a'?")
    assert len(problem.found) < 100


def test_problems_of_others_are_counted_and_their_file_names_made_plain():
    findings = Findings()
    findings.adopt([Problem("\x1b[2Ja.zip", 0, "", "x", "y", "nested")] * 60)
    assert findings.counts == {"nested": 60}
    assert {problem.file for problem in findings.problems} == {r"\x1b[2Ja.zip"}
    assert len(findings.problems) == SHOWN_PER_KIND


def test_details_of_a_topic_are_gathered_in_one_note():
    findings = Findings()
    findings.note("semicolons were read as commas")
    for i in range(9):
        findings.note("ids were read", f"'{i}'")
        findings.note("ids were read", f"'{min(i, 4)}'")
    assert findings.notes == (
        "semicolons were read as commas",
        "ids were read: '0', '1', '2', '3', '4' and 4 more",
    )


def test_after_ten_thousand_problems_of_all_kinds_reading_ends():
    findings = Findings()
    findings.adopt([Problem("a.zip", 0, "", "x", "y", "nested")])
    for line in range(2, MOST_PROBLEMS):
        findings.problem("p.csv", line, "onset", "a frame", "x", f"frame {line % 3}")
    assert MOST_PROBLEMS == 10_000
    with pytest.raises(Enough):
        findings.problem("p.csv", line + 1, "onset", "a frame", "x", "frame 0")
    assert sum(findings.counts.values()) == MOST_PROBLEMS
    with pytest.raises(InvalidSubmission, match="at least 10000 errors, and reading stopped after so many: mend"):
        findings.refuse()
