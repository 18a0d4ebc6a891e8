from __future__ import annotations

import dataclasses

import pytest

from mebench.challenge.kit.config import Split
from mebench.challenge.kit.truths import complete_split, item_names, restrict, restrict_predictions, rules_of, task_of
from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.schema.truth import Truth, VideoTable

VIDEOS = VideoTable.from_rows([(s, v, 30.0, 100) for s, v in (("x/1", "a"), ("1", "b"), ("2", "c"))])
ALL = ("1/b", "2/c", "x/1/a")


def test_empty_lists_are_filled():
    assert complete_split(Split(), ALL) == Split(ALL, ())
    assert complete_split(Split(public=("2/c",)), ALL) == Split(("2/c",), ("1/b", "x/1/a"))
    assert complete_split(Split(hidden=("x/1/a",)), ALL) == Split(("1/b", "2/c"), ("x/1/a",))


@pytest.mark.parametrize(
    ("split", "message"),
    [
        (Split(("2/C",)), "Did you mean '2/c'"),
        (Split(("2/c",), ("2/c",)), "in public and in hidden"),
        (Split(("2/c",), ("1/b",)), "'x/1/a' in neither"),
    ],
)
def test_lists_that_contradict_the_truth_are_told(split, message):
    with pytest.raises(UserError, match=message):
        complete_split(split, ALL)


def test_parts_of_a_truth_add_up():
    events = Intervals.from_rows([("1", "b", 5, 9, "micro"), ("2", "c", 7, 50, "macro")])
    truth = Truth(events, VIDEOS, "tiny")
    parts = [restrict(truth, {"2/c"}), restrict(truth, {"1/b", "x/1/a"})]
    assert [item_names(part) for part in parts] == [["2/c"], ["1/b", "x/1/a"]]
    assert Intervals.concat([part.events for part in parts]).sorted() == events.sorted()
    assert restrict(truth, set(ALL)).digest() == truth.digest()


def test_parts_of_clips_and_answers_are_told_by_their_items():
    clips = ClipTable.from_rows([ClipRow("samm", "6", "a", "fear"), ClipRow("", "6", "a", "joy")], "tiny")
    assert item_names(clips) == ["6/a", "samm/6/a"]
    assert restrict(clips, {"samm/6/a"}) == ClipTable((ClipRow("samm", "6", "a", "fear"),), "tiny")
    answers = Answers(tuple(Answer(video, "v", question, "x") for video in "21" for question in "ab"), "tiny")
    assert item_names(answers) == ["1", "2"]
    assert [row.key for row in restrict(answers, {"1"}).rows] == [("1", "a"), ("1", "b")]
    assert restrict(answers, {"1"}).dataset == "tiny"


@pytest.mark.parametrize("probabilities", [(), ({"fear": 0.9}, {"fear": 0.2})])
def test_parts_of_labels_keep_their_columns_together(probabilities):
    labels = Labels((("samm", "6", "a"), ("samm", "7", "b")), ("fear", "joy"), probabilities)
    part = restrict_predictions(labels, {"samm/7/b"})
    assert part == Labels((("samm", "7", "b"),), ("joy",), probabilities[1:])
    answers = Answers((Answer("1", "v", "a", "x"), Answer("2", "v", "a", "y")))
    assert restrict_predictions(answers, {"2"}) == Answers((Answer("2", "v", "a", "y"),))


def test_the_rules_change_with_truth_convention_and_split(make_challenge):
    challenge = make_challenge()
    truth = Truth.read(challenge.truth)
    digests = {
        rules_of(dataclasses.replace(challenge, **changes), use).digest
        for changes, use in (
            ({}, truth),
            ({}, dataclasses.replace(truth, events=truth.events.select(slice(1, None)))),
            ({"convention": "softnet"}, truth),
            ({"protocol": "megc2021-spotting"}, truth),
            ({"split": Split(hidden=("s1/a",))}, truth),
        )
    }
    assert len(digests) == 5
    assert rules_of(dataclasses.replace(challenge, title="other"), truth).digest in digests


def test_tasks_that_the_kit_cannot_grade_are_told():
    assert task_of(PROTOCOLS.get("megc2022-spotting")()) == "spotting"
    with pytest.raises(UserError, match="coders give and no participant submits"):
        task_of(PROTOCOLS.get("megc2021-generation")())
