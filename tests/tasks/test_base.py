"""What all tasks do alike: public lists, parts of a truth, and the strict form in which predictions travel."""

from __future__ import annotations

import json
import math

import pytest

from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.schema.truth import Truth, VideoTable
from mebench.tasks.catalogue import task_of

TRUTH = Truth(
    Intervals.from_rows([("1", "b", 5, 9, "micro"), ("2", "c", 7, 50, "macro")]),
    VideoTable.from_rows([(s, v, 30.0, 100) for s, v in (("x/1", "a"), ("1", "b"), ("2", "c"))]),
    "tiny",
)
CLIPS = ClipTable.from_rows([ClipRow("smic", "s01", "c", "positive"), ClipRow("samm", "006", "a", "negative", 5, 7, 9)])
ANSWERS = Answers(
    (Answer("2", "v,2", 'What "is"\u2028it?', "fear"), Answer("1", "=v", "What é?", "joy", "samm", "006"))
)
CASES = [("spotting", TRUTH), ("spot_recognise", TRUTH), ("recognition", CLIPS), ("questions", ANSWERS)]


@pytest.mark.parametrize(
    ("id", "truth", "rows"),
    [
        ("recognition", CLIPS, [["samm", "006", "a"], ["smic", "s01", "c"]]),
        ("questions", ANSWERS, [["1", "=v", "What é?"], ["2", "v,2", 'What "is"\u2028it?']]),
    ],
)
def test_a_list_says_nothing_of_the_truth(id, truth, rows):
    assert task_of(id).public_rows(truth) == rows


@pytest.mark.parametrize(("id", "truth"), CASES)
def test_a_list_survives_its_file(id, truth, tmp_path):
    task = task_of(id)
    rows = task.public_rows(truth)
    task.write_rows(rows, tmp_path)
    assert task.read_rows(tmp_path) == rows
    assert [path.name for path in tmp_path.iterdir()] == [task.public_file]


def test_what_is_expected_follows_the_protocol():
    def expected(id, truth):
        protocol = PROTOCOLS.get(id)()
        task = task_of(protocol.task)
        return task.expected(task.public_rows(truth), protocol.classes)

    clips = expected("megc2019-cde", CLIPS)
    assert clips.clips == (("samm", "006", "a"), ("smic", "s01", "c"))
    assert clips.emotions == ("negative", "positive", "surprise")
    assert expected("megc2026-vqa", ANSWERS).questions == (("1", "What é?"), ("2", 'What "is"\u2028it?'))
    assert len(expected("megc2024-str", TRUTH).videos) == len(TRUTH.videos)


@pytest.mark.parametrize(
    "text", ["[]\n", '{"video_id": "1"}\n', '{"video_id": 1, "video": "", "question": ""}\n', "x", "[" * 100_000]
)
def test_a_broken_list_of_questions_is_told(text, tmp_path):
    (tmp_path / "questions.jsonl").write_text(text)
    with pytest.raises(UserError, match="that the organisers hand out"):
        task_of("questions").read_rows(tmp_path)
    with pytest.raises(UserError, match=r"clips\.csv"):
        task_of("recognition").read_rows(tmp_path)


@pytest.mark.parametrize(("id", "truth"), CASES)
def test_parts_of_a_truth_add_up(id, truth):
    task = task_of(id)
    names = task.names(truth)
    first, second = names[:1], names[1:]
    parts = [task.restrict(truth, set(part)) for part in (first, second)]
    assert [task.names(part) for part in parts] == [first, second]
    assert {part.dataset for part in parts} == {truth.dataset}
    assert task.digest(task.restrict(truth, set(names))) == task.digest(truth)


def test_clips_of_several_databases_are_told_apart():
    clips = ClipTable.from_rows([ClipRow("samm", "6", "a", "fear"), ClipRow("", "6", "a", "joy")], "tiny")
    task = task_of("recognition")
    assert task.names(clips) == ["6/a", "samm/6/a"]
    assert task.restrict(clips, {"samm/6/a"}) == ClipTable((ClipRow("samm", "6", "a", "fear"),), "tiny")


@pytest.mark.parametrize("probabilities", [(), ({"fear": 0.9}, {"fear": 0.2})])
def test_parts_of_labels_keep_their_columns_together(probabilities):
    labels = Labels((("samm", "6", "a"), ("samm", "7", "b")), ("fear", "joy"), probabilities)
    part = task_of("recognition").restrict_predictions(labels, {"samm/7/b"})
    assert part == Labels((("samm", "7", "b"),), ("joy",), probabilities[1:])
    answers = Answers((Answer("1", "v", "a", "x"), Answer("2", "v", "a", "y")))
    assert task_of("questions").restrict_predictions(answers, {"2"}) == Answers((Answer("2", "v", "a", "y"),))


@pytest.mark.parametrize(
    ("id", "predictions"),
    [
        (
            "spotting",
            Intervals.from_rows([("s", "v", 1, 9, "macro", math.nan, ""), ("s", "v", 3, 4, "micro", 0.1, "x")]),
        ),
        ("recognition", Labels((("", "6", "a"),), ("joy",), ({"joy": math.nan},))),
        ("questions", ANSWERS),
    ],
)
def test_predictions_survive_the_strict_form(id, predictions):
    task = task_of(id)
    plain = task.plain(predictions)
    again = task.from_plain(json.loads(json.dumps(plain, allow_nan=False)))
    assert type(again) is type(predictions)
    assert task.plain(again) == plain
    for wrong in (None, [plain], {"columns": plain}, 5):
        with pytest.raises(UserError, match="handed on what is no prediction"):
            task.from_plain(wrong)


def test_challenges_take_no_ratings():
    task = task_of("generation")
    assert not task.submitted
    for hand in (task.plain, task.from_plain):
        with pytest.raises(UserError, match="Challenges take no predictions of generation"):
            hand(())
