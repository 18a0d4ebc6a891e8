from __future__ import annotations

import copy
import json

import pytest
from hostile_corpus import EXPECTED, GOOD, LIMITS, folder

from mebench.challenge.formats.log import Claim
from mebench.challenge.normal import Normal
from mebench.challenge.submission import read_submission
from mebench.errors import UserError
from mebench.schema.answers import Answer, Answers
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels

NAN = float("nan")
INTERVALS = Normal(
    Intervals.from_rows([("s1", "a", 10, 40, "micro", 0.1 + 0.2, "joy"), ("s1", "b", 7, 9, "macro", NAN, "")]),
    "m",
    "a.csv, b.csv",
    (2, 5),
    (Claim("log.txt", 3, "samm", "006_1", 5, 9),),
)
LABELS = Normal(
    Labels((("samm", "006", "a"), ("", "7", "b")), ("joy", "fear"), ({"joy": 0.5}, {"joy": NAN})), "m", "l", (2, 3)
)
ANSWERS = Normal(Answers((Answer("v", "V", "What?", "line\nof two", "samm", "1"),)), "m", "a", (1,))


def through_json(normal):
    return json.loads(json.dumps(normal.to_plain(), allow_nan=False))


@pytest.mark.parametrize("normal", [INTERVALS, LABELS, ANSWERS], ids=["intervals", "labels", "answers"])
def test_nothing_is_lost_on_the_way(normal):
    again = Normal.from_plain(through_json(normal))
    assert again.to_plain() == normal.to_plain()
    assert type(again.predictions) is type(normal.predictions)
    assert (again.method, again.source, again.lines, again.claims) == (
        normal.method,
        normal.source,
        normal.lines,
        normal.claims,
    )


def test_scores_keep_every_digit():
    again = Normal.from_plain(through_json(INTERVALS)).predictions
    assert again == INTERVALS.predictions
    assert again.score[0] == 0.1 + 0.2


@pytest.mark.parametrize("task", GOOD)
def test_what_is_graded_is_what_was_read(task, tmp_path):
    submission = read_submission(folder(tmp_path, dict([GOOD[task]])), task, expected=EXPECTED[task], limits=LIMITS)
    plain, direct = submission.normal().graded(), submission.graded()
    again = Normal.from_plain(through_json(submission.normal())).graded()
    assert (again.source, list(again.lines), again.method) == (direct.source, list(direct.lines), direct.method)
    assert plain.predictions is direct.predictions


def changed(normal, *path_and_value):
    *path, value = path_and_value
    raw = through_json(normal)
    inner = raw
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return raw


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "text",
        {},
        {"intervals": {}},
        changed(INTERVALS, "intervals", "onset", [10]),
        changed(INTERVALS, "intervals", "onset", [10, -1]),
        changed(INTERVALS, "intervals", "onset", [10, 1 << 70]),
        changed(INTERVALS, "intervals", "onset", [10, True]),
        changed(INTERVALS, "intervals", "onset", [10, 7.5]),
        changed(INTERVALS, "intervals", "onset", {"0": 1}),
        changed(INTERVALS, "intervals", "subject", ["s1", None]),
        changed(INTERVALS, "intervals", "subject", ["s1", "x" * 501]),
        changed(INTERVALS, "intervals", "is_macro", [0, 1]),
        changed(INTERVALS, "intervals", "score", ["nan", 1.0]),
        changed(INTERVALS, "intervals", "score", [float("inf"), 1.0]),
        changed(INTERVALS, "intervals", "more", []),
        changed(INTERVALS, "labels", {}),
        changed(INTERVALS, "unknown", {}),
        changed(INTERVALS, "lines", [2]),
        changed(INTERVALS, "lines", [2, "3"]),
        changed(INTERVALS, "method", 5),
        changed(INTERVALS, "source", None),
        changed(INTERVALS, "claims", [["f", 1]]),
        changed(INTERVALS, "claims", [["f", 1, "d", "v", 1, "2"]]),
        changed(LABELS, "labels", "keys", [["a", "b"], ["a", "b", "c"]]),
        changed(LABELS, "labels", "keys", "ab"),
        changed(LABELS, "labels", "emotions", ["joy"]),
        changed(LABELS, "labels", "probabilities", [{"joy": 0.5}]),
        changed(LABELS, "labels", "probabilities", [{"joy": "0.5"}, {}]),
        changed(ANSWERS, "answers", [["v", "V", "q"]]),
        changed(ANSWERS, "answers", [["v", "V", "q", 5, "", ""]]),
        changed(ANSWERS, "answers", [["v", "V", "q", "x" * 10_001, "", ""]]),
    ],
)
def test_what_a_reader_that_was_taken_over_may_send_is_refused(raw):
    with pytest.raises(UserError, match="handed on what is no prediction: look at the submission"):
        Normal.from_plain(copy.deepcopy(raw))
