from __future__ import annotations

import copy
import json

import pytest
from hostile_corpus import EXPECTED, GOOD, LIMITS, folder

from mebench.challenge.checks.rows import LogAssertion
from mebench.challenge.reading.normal import Normal
from mebench.challenge.reading.read import read_submission
from mebench.errors import UserError
from mebench.schema.answers import Answer, Answers
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.tasks.catalogue import task_of

NAN = float("nan")
SPOTTING, RECOGNITION, QUESTIONS = map(task_of, ("spotting", "recognition", "questions"))
INTERVALS = Normal(
    SPOTTING,
    Intervals.from_rows([("s1", "a", 10, 40, "micro", 0.1 + 0.2, "joy"), ("s1", "b", 7, 9, "macro", NAN, "")]),
    "m",
    "a.csv, b.csv",
    (2, 5),
    (LogAssertion("log.txt", 3, "samm", "006_1", 5, 9),),
)
LABELS = Normal(
    RECOGNITION,
    Labels((("samm", "006", "a"), ("", "7", "b")), ("joy", "fear"), ({"joy": 0.5}, {"joy": NAN})),
    "m",
    "l",
    (2, 3),
)
ANSWERS = Normal(QUESTIONS, Answers((Answer("v", "V", "What?", "line\nof two", "samm", "1"),)), "m", "a", (1,))


def through_json(normal):
    return json.loads(json.dumps(normal.to_plain(), allow_nan=False))


@pytest.mark.parametrize("normal", [INTERVALS, LABELS, ANSWERS], ids=["intervals", "labels", "answers"])
def test_nothing_is_lost_on_the_way(normal):
    again = Normal.from_plain(through_json(normal), normal.task)
    assert again.to_plain() == normal.to_plain()
    assert type(again.predictions) is type(normal.predictions)
    assert (again.method, again.source, again.lines, again.assertions) == (
        normal.method,
        normal.source,
        normal.lines,
        normal.assertions,
    )


def test_scores_keep_every_digit():
    again = Normal.from_plain(through_json(INTERVALS), INTERVALS.task).predictions
    assert again == INTERVALS.predictions
    assert again.score[0] == 0.1 + 0.2


@pytest.mark.parametrize("task", GOOD)
def test_what_is_graded_is_what_was_read(task, tmp_path):
    submission = read_submission(folder(tmp_path, dict([GOOD[task]])), task, expected=EXPECTED[task], limits=LIMITS)
    plain, direct = submission.normal().graded(), submission.graded()
    again = Normal.from_plain(through_json(submission.normal()), task_of(task)).graded()
    assert (again.source, list(again.lines), again.method) == (direct.source, list(direct.lines), direct.method)
    assert plain.predictions is direct.predictions


def changed(normal, *path_and_value):
    *path, value = path_and_value
    raw = through_json(normal)
    inner = raw
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return normal.task, raw


@pytest.mark.parametrize(
    ("task", "raw"),
    [
        (SPOTTING, None),
        (SPOTTING, []),
        (SPOTTING, "text"),
        (SPOTTING, {}),
        (SPOTTING, {"predictions": {}}),
        (SPOTTING, through_json(LABELS)),
        (RECOGNITION, through_json(ANSWERS)),
        (QUESTIONS, through_json(INTERVALS)),
        changed(INTERVALS, "predictions", "onset", [10]),
        changed(INTERVALS, "predictions", "onset", [10, -(10**9) - 1]),
        changed(INTERVALS, "predictions", "onset", [10, 1 << 70]),
        changed(INTERVALS, "predictions", "onset", [10, True]),
        changed(INTERVALS, "predictions", "onset", [10, 7.5]),
        changed(INTERVALS, "predictions", "onset", {"0": 1}),
        changed(INTERVALS, "predictions", "subject", ["s1", None]),
        changed(INTERVALS, "predictions", "subject", ["s1", "x" * 501]),
        changed(INTERVALS, "predictions", "is_macro", [0, 1]),
        changed(INTERVALS, "predictions", "score", ["nan", 1.0]),
        changed(INTERVALS, "predictions", "score", [float("inf"), 1.0]),
        changed(INTERVALS, "predictions", "more", []),
        changed(INTERVALS, "labels", {}),
        changed(INTERVALS, "unknown", {}),
        changed(INTERVALS, "lines", [2]),
        changed(INTERVALS, "lines", [2, "3"]),
        changed(INTERVALS, "method", 5),
        changed(INTERVALS, "source", None),
        changed(INTERVALS, "assertions", [["f", 1]]),
        changed(INTERVALS, "assertions", [["f", 1, "d", "v", 1, "2"]]),
        changed(LABELS, "predictions", "keys", [["a", "b"], ["a", "b", "c"]]),
        changed(LABELS, "predictions", "keys", "ab"),
        changed(LABELS, "predictions", "emotions", ["joy"]),
        changed(LABELS, "predictions", "probabilities", [{"joy": 0.5}]),
        changed(LABELS, "predictions", "probabilities", [{"joy": "0.5"}, {}]),
        changed(ANSWERS, "predictions", [["v", "V", "q"]]),
        changed(ANSWERS, "predictions", [["v", "V", "q", 5, "", ""]]),
        changed(ANSWERS, "predictions", [["v", "V", "q", "x" * 10_001, "", ""]]),
    ],
)
def test_what_a_reader_that_was_taken_over_may_send_is_refused(task, raw):
    with pytest.raises(UserError, match="handed on what is no prediction: look at the submission"):
        Normal.from_plain(copy.deepcopy(raw), task)
