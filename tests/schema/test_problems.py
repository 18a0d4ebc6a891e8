"""Every problem is told, and no cell can flood or steer a terminal."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.schema.problems import SHOWN_PER_KIND, InvalidTable, Problem, quoted, refuse


def problem(line: int, kind: str = "value") -> Problem:
    return Problem("a.csv", line, "onset", "a frame number", "'x'", kind)


def test_a_problem_says_where_what_was_expected_and_what_was_found():
    assert str(problem(7)) == "a.csv:7, onset: expected a frame number, found 'x'"
    assert str(Problem("a.csv", 0, "", "a header", "nothing")) == "a.csv: expected a header, found nothing"


def test_the_error_is_one_sentence_and_the_list_in_file_order():
    error = InvalidTable([problem(9), problem(2)])
    first, *rest = str(error).splitlines()
    assert first == "a.csv has 2 errors: mend what is listed and try again."
    assert [line.strip()[:7] for line in rest] == ["a.csv:2", "a.csv:9"]
    assert isinstance(error, UserError)
    assert len(error.problems) == 2


def test_one_problem_is_no_plural():
    assert "has 1 error:" in str(InvalidTable([problem(2)]))


def test_after_fifty_of_a_kind_only_their_number_is_told():
    problems = [problem(i, "many") for i in range(2, SHOWN_PER_KIND + 12)] + [problem(999, "rare")]
    text = str(InvalidTable(problems))
    assert text.count("a.csv:") == SHOWN_PER_KIND + 1
    assert "and 10 more of the kind 'many'" in text
    assert "a.csv:999" in text


def test_quotes_are_ascii_and_short():
    assert quoted("\x1b[31mred") == "'\\x1b[31mred'"
    assert len(quoted("x" * 10_000)) <= 62


def test_nothing_wrong_raises_nothing():
    refuse([])
    with pytest.raises(InvalidTable, match="1 error"):
        refuse([problem(2)])


def test_words_of_json_are_not_those_of_python():
    assert [quoted(value) for value in (None, True, False, 0, "None")] == [
        "'nothing'", "'true'", "'false'", "'0'", "'None'",
    ]  # fmt: skip
