"""Every problem is told, and no cell can flood or steer a terminal."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.schema.problems import SHOWN_PER_KIND, InvalidTable, Problem, folded, quoted, refuse


def problem(line: int, kind: str = "value", found: str = "'x'") -> Problem:
    return Problem("a.csv", line, "onset", "a frame number", found, kind)


def test_a_problem_says_where_what_was_expected_and_what_was_found():
    assert str(problem(7)) == "a.csv:7, onset: expected a frame number, found 'x'"
    assert str(Problem("a.csv", 0, "", "a header", "nothing")) == "a.csv: expected a header, found nothing"


def test_the_error_is_one_sentence_and_the_list_in_file_order():
    error = InvalidTable([problem(9, found="'y'"), problem(2)])
    first, *rest = str(error).splitlines()
    assert first == "a.csv has 2 errors: mend what is listed and try again."
    assert [line.strip()[:7] for line in rest] == ["a.csv:2", "a.csv:9"]
    assert isinstance(error, UserError)
    assert len(error.problems) == 2


def test_one_problem_is_no_plural():
    assert "has 1 error:" in str(InvalidTable([problem(2)]))


def test_after_fifty_of_a_kind_only_their_number_is_told():
    problems = [problem(i, "many", f"'{i}'") for i in range(2, SHOWN_PER_KIND + 12)] + [problem(999, "rare")]
    text = str(InvalidTable(problems))
    assert text.count("a.csv:") == SHOWN_PER_KIND + 1
    assert "and 10 more of the kind 'many'" in text
    assert "a.csv:999" in text


@pytest.mark.parametrize(
    ("lines", "ending"),
    [
        ([2], "found 'x'"),
        ([2, 3], "found 'x' (the same in line 3)"),
        ([2, 3, 9], "found 'x' (the same in lines 3 and 9)"),
        ([2, 3, 9, 10], "found 'x' (the same in lines 3, 9 and 1 more line)"),
        (range(2, 445), "found 'x' (the same in lines 3, 4 and 440 more lines)"),
    ],
)
def test_equal_problems_are_told_once(lines, ending):
    text = str(InvalidTable([problem(line) for line in lines] + [problem(3, found="'z'")]))
    head, first, other = text.splitlines()
    assert f"has {len(lines) + 1} errors" in head
    assert first == f"  a.csv:2, onset: expected a frame number, {ending}"
    assert other == "  a.csv:3, onset: expected a frame number, found 'z'"


def test_what_is_folded_is_counted_and_a_whole_file_stays():
    (one,) = folded([problem(line) for line in (4, 2, 3, 9, 8)])
    assert (one.line, one.also, one.more, one.times) == (2, (3, 4), 2, 5)
    assert len(folded([problem(0), problem(0)])) == 2


def test_more_of_a_kind_are_counted_by_their_lines():
    problems = [problem(10 * i + j, "many", f"'{i}'") for i in range(SHOWN_PER_KIND + 2) for j in range(1, 6)]
    assert "and 10 more of the kind 'many'" in str(InvalidTable(problems))


def test_quotes_are_short():
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
