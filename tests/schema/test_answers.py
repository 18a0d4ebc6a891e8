"""JSON lines of answers: every problem at once, never a traceback."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.schema.answers import Answer, Answers, match_answers, read_answers
from mebench.schema.problems import InvalidTable


def line(**changes):
    row = {"video_id": "v_1", "video": "v", "question": "What is it?", "answer": "negative"} | changes
    return json.dumps({key: value for key, value in row.items() if value is not None}) + "\n"


def read(tmp_path, text, name="answers.jsonl"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_answers(path)


def problems_of(tmp_path, text):
    with pytest.raises(InvalidTable) as caught:
        read(tmp_path, text)
    return [(p.line, p.kind) for p in sorted(caught.value.problems, key=lambda p: (p.line, p.column))]


def test_reads_blank_lines_crlf_and_a_byte_order_mark(tmp_path):
    text = "\ufeff" + line().replace("\n", "\r\n") + "\r\n" + line(video_id="v_2", answer=" yes ")
    answers, lines = read(tmp_path, text)
    assert [row.answer for row in answers.rows] == ["negative", "yes"]
    assert lines == (1, 3)


def test_the_dataset_comes_from_the_name_of_the_file(tmp_path):
    for name, dataset in (
        ("me_vqa_casme3_test_pred.jsonl", "casme3"),
        ("me_vqa_samm_v2_test_pred.jsonl", "samm"),
        ("me_lvqa_samm_test_pred.jsonl", "samm"),
        ("mine.jsonl", ""),
    ):
        assert read(tmp_path, line(), name)[0].rows[0].dataset == dataset
    assert read(tmp_path, line(dataset="other"), "me_vqa_samm_test.jsonl")[0].rows[0].dataset == "other"


def test_a_folder_is_read_file_by_file(tmp_path):
    (tmp_path / "me_vqa_samm_test_pred.jsonl").write_text(line())
    (tmp_path / "me_vqa_casme3_test_pred.jsonl").write_text(line(video_id="c_1"))
    truth = Answers.read(tmp_path)
    assert truth.datasets() == ("casme3", "samm")
    truth.write(tmp_path / "again")
    assert Answers.read(tmp_path / "again").digest() == truth.digest()
    with pytest.raises(UserError, match=r"holds no \.jsonl file"):
        read_answers(tmp_path / "..")


def test_every_problem_at_once(tmp_path):
    text = "".join(
        [
            line(),
            "{not json}\n",
            "[1, 2]\n",
            line(video_id="v_2", answer=None),
            line(video_id="v_3", answr="x"),
            line(video_id="v_4", answer=3),
            line(video_id="v_5", question="  "),
            line(question="what  IS it?"),
            line(video_id="v_6", answer="\ud800"),
            line(video_id="v_7", answer="x" * 10_001),
        ]
    )
    assert problems_of(tmp_path, text) == [
        (2, "json"),
        (3, "json"),
        (4, "missing_key"),
        (5, "unknown_key"),
        (6, "not_text"),
        (7, "empty"),
        (8, "twice"),
        (9, "surrogate"),
        (10, "too_long"),
    ]
    assert problems_of(tmp_path, line().encode() + b"\xff\n") == [(2, "encoding")]
    with pytest.raises(InvalidTable, match="Did you mean 'answer'"):
        read(tmp_path, line(answr="x"))


def test_deep_nesting_and_endless_numbers_are_no_json(tmp_path):
    assert problems_of(tmp_path, "[" * 100_000 + "\n" + "9" * 10_000 + "\n") == [(1, "json"), (2, "json")]


def test_answers_to_other_questions_are_refused():
    truth = Answers((Answer("v_1", "v", "What is it?", "negative"),))
    assert match_answers(Answers((Answer("v_1", "v", "WHAT is  it?", "x"),)), truth, "p") == {
        ("v_1", "what is it?"): "x"
    }
    other = Answers((Answer("v_1", "v", "Why?", "x"), Answer("v_9", "v", "What is it?", "x")))
    with pytest.raises(InvalidTable) as caught:
        match_answers(other, truth, "p", [4, 7])
    assert [(p.line, p.column) for p in caught.value.problems] == [(4, "question"), (7, "video_id")]
    assert "negative" not in str(caught.value)


some = st.sampled_from(["v", "w", "é", " v ", "", "\ud800", "What?"])
rows = st.lists(st.fixed_dictionaries(dict.fromkeys(("video_id", "video", "question", "answer"), some)), max_size=4)
jsonl = rows.map(lambda rows: "\n".join(map(json.dumps, rows)))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps) | jsonl)
def test_whatever_is_read_is_refused_line_by_line_or_written_and_read_again(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "fuzzed.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    last = path.read_bytes().count(b"\n") + 1
    problems = ()
    try:
        answers, lines = read_answers(path)
    except InvalidTable as error:
        problems = error.problems
    if problems:
        assert all(problem.file == path.name and 1 <= problem.line <= last for problem in problems)
        return
    assert len(answers.rows) == len(lines) == len({row.key for row in answers.rows})
    assert list(lines) == sorted(set(lines))
    answers.write(tmp_path_factory.getbasetemp() / "again")
    assert Answers.read(tmp_path_factory.getbasetemp() / "again").rows == tuple(sorted(answers.rows))
