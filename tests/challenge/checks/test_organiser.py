"""What organisers see of predictions beside the truth."""

from __future__ import annotations

import itertools

import pytest
from small_challenge import EVENTS, make_truth

from mebench.challenge.checks.organiser import OBSERVERS, observations, observations_of
from mebench.challenge.checks.rows import LogAssertion
from mebench.schema.intervals import Intervals

HEADS = {
    "s1/a": "s1/a: truth macro 1013-1049; micro 1100-1110;",
    "s1/b": "s1/b: truth macro 1020-1060;",
    "s2/c": "s2/c: truth micro 1030-1039; macro 1051-1099;",
}


def told(rows, *assertions: LogAssertion) -> tuple[str, ...]:
    return observations(Intervals.from_rows(rows), assertions, make_truth())


@pytest.mark.parametrize("copied", [rows for n in range(len(EVENTS) + 1) for rows in itertools.combinations(EVENTS, n)])
def test_every_copied_interval_is_counted(copied):
    first, *lines = told(copied)
    assert first == f"{len(copied)} of {len(copied)} predictions equal a true interval frame by frame"
    for line, (video, head) in zip(lines, HEADS.items(), strict=True):
        n = sum(f"{subject}/{name}" == video for subject, name, *_ in copied)
        assert line == f"{head} {n} predicted, {n} equal"


@pytest.mark.parametrize(("shift", "equal"), [((0, 0), 1), ((1, 0), 0), ((0, 1), 0), ((-1, -1), 0)])
def test_one_frame_off_is_not_equal(shift, equal):
    subject, video, onset, offset, kind = EVENTS[0]
    assert told([(subject, video, onset + shift[0], offset + shift[1], kind)])[0].startswith(f"{equal} of 1 ")


def test_the_type_of_an_interval_does_not_count_and_its_video_does():
    assert told([("s1", "a", 1013, 1049, "micro")])[0].startswith("1 of 1 ")
    assert told([("s1", "b", 1013, 1049, "macro")])[0].startswith("0 of 1 ")


def test_a_video_of_which_nothing_is_said_gets_no_line():
    assert not any(line.startswith("s3/d") for line in told([]))
    assert told([("s3", "d", 1, 2, "micro")])[-1] == "s3/d: truth none; 1 predicted, 0 equal"


def test_only_wrong_claims_are_told_with_what_is_true():
    right = LogAssertion("log.txt", 2, "", "b", 1020, 1060)
    wrong = LogAssertion("log.txt", 3, "", "b", 1020, 1061)
    unknown = LogAssertion("log.txt", 4, "", "\x1b[2J", 1, 2)
    assert told([], right, wrong, unknown)[4:] == (
        "log.txt:3 claims the truth 1020-1061 in 'b'; it has 1020-1060",
        "log.txt:4 claims the truth 1-2 in '\\x1b[2J'; it has none",
    )


@pytest.mark.parametrize("claims", [997, 998])
def test_at_most_a_thousand_lines_are_told(claims):
    # Three lines are those of the videos.
    lines = told([], *(LogAssertion("log.txt", i, "", "x", i, i) for i in range(claims)))
    assert len(lines) == 1 + 1_000 + (claims > 997)
    assert (lines[-1] == "and 1 more lines") == (claims > 997)


@pytest.mark.parametrize("task", ["spotting", "spot_recognise"])
def test_spotted_intervals_are_looked_at(task):
    assert observations_of(task, Intervals.from_rows(EVENTS), (), make_truth()) == told(EVENTS)


@pytest.mark.parametrize("task", ["recognition", "questions", "generation"])
def test_nothing_looks_at_other_tasks(task):
    assert task not in OBSERVERS
    assert observations_of(task, object(), (), object()) == ()
