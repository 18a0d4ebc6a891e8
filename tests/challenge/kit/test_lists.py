from __future__ import annotations

import pytest

from mebench.challenge.kit.lists import FILES, expected, public_rows, read_rows, write_rows
from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipRow, ClipTable

from .conftest import VIDEOS, make_truth

CLIPS = ClipTable.from_rows([ClipRow("smic", "s01", "c", "positive"), ClipRow("samm", "006", "a", "negative", 5, 7, 9)])
ANSWERS = Answers(
    (Answer("2", "v,2", 'What "is"\u2028it?', "fear"), Answer("1", "=v", "What é?", "joy", "samm", "006"))
)


@pytest.mark.parametrize(
    ("task", "truth", "rows"),
    [
        ("str", make_truth(), [list(row) for row in VIDEOS]),
        ("recognition", CLIPS, [["samm", "006", "a"], ["smic", "s01", "c"]]),
        ("vqa", ANSWERS, [["1", "=v", "What é?"], ["2", "v,2", 'What "is"\u2028it?']]),
    ],
)
def test_a_list_survives_its_file_and_says_nothing_of_the_truth(task, truth, rows, tmp_path):
    assert public_rows(truth) == rows
    write_rows(rows, task, tmp_path)
    assert read_rows(task, tmp_path) == rows
    assert [path.name for path in tmp_path.iterdir()] == [FILES[task]]


def test_what_is_expected_follows_the_protocol():
    clips = expected(public_rows(CLIPS), PROTOCOLS.get("megc2019-cde")())
    assert clips.clips == (("samm", "006", "a"), ("smic", "s01", "c"))
    assert clips.emotions == ("negative", "positive", "surprise")
    questions = expected(public_rows(ANSWERS), PROTOCOLS.get("megc2026-vqa")()).questions
    assert questions == (("1", "What é?"), ("2", 'What "is"\u2028it?'))
    assert len(expected(public_rows(make_truth()), PROTOCOLS.get("megc2024-str")()).videos) == len(VIDEOS)


@pytest.mark.parametrize("text", ["[]\n", '{"video_id": "1"}\n', '{"video_id": 1, "video": "", "question": ""}\n', "x"])
def test_a_broken_list_of_questions_is_told(text, tmp_path):
    (tmp_path / "questions.jsonl").write_text(text)
    with pytest.raises(UserError, match="that the organisers hand out"):
        read_rows("vqa", tmp_path)
    with pytest.raises(UserError, match=r"clips\.csv"):
        read_rows("recognition", tmp_path)
