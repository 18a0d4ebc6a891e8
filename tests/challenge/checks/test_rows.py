"""Rows keep their columns together, whatever is appended or picked."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.challenge.checks.rows import AnswerRows, LabelRows, LogAssertion, SpottedRows


def spotted(n: int, start: int = 0) -> SpottedRows:
    """Return rows of which every cell tells its column and its row."""
    names = [field.name for field in dataclasses.fields(SpottedRows)]
    return SpottedRows(*([f"{name}{i}" for i in range(start, start + n)] for name in names))


def test_rows_of_another_file_come_last_in_every_column():
    rows = spotted(2)
    rows.extend(spotted(3, start=2))
    assert rows == spotted(5)
    assert len(rows) == 5


def test_what_was_appended_is_a_copy():
    rows, other = spotted(1), spotted(1, start=1)
    rows.extend(other)
    other.onset[0] = None
    assert rows == spotted(2)


@given(st.lists(st.integers(0, 4)))
def test_rows_are_picked_with_all_their_cells_in_the_order_asked_for(rows):
    picked = spotted(5).pick(rows)
    assert len(picked) == len(rows)
    for field in dataclasses.fields(picked):
        assert getattr(picked, field.name) == [f"{field.name}{i}" for i in rows]


@pytest.mark.parametrize("kind", [SpottedRows, LabelRows, AnswerRows])
def test_two_files_do_not_share_their_columns(kind):
    first, second = kind(), kind()
    first.line.append(1)
    assert (len(first), len(second)) == (1, 0)


def test_a_label_is_appended_to_every_column_but_the_probabilities():
    rows = LabelRows()
    rows.append("p.csv", 2, ("samm", "006", "006_1"), "fear")
    rows.append("p.csv", 3, (None, None, None), None)
    assert rows == LabelRows(
        ["p.csv", "p.csv"], [2, 3], ["samm", None], ["006", None], ["006_1", None], ["fear", None], {}
    )


def test_answers_are_appended():
    rows = AnswerRows(["a"], [2], ["v1"], ["x.mp4"], ["why?"], ["so"])
    rows.extend(AnswerRows(["b"], [3], ["v2"], ["y.mp4"], ["who?"], ["me"]))
    assert rows == AnswerRows(["a", "b"], [2, 3], ["v1", "v2"], ["x.mp4", "y.mp4"], ["why?", "who?"], ["so", "me"])


def test_an_assertion_is_told_apart_by_every_part_of_it():
    first = LogAssertion("log.txt", 2, "samm", "006_1", 5, 9)
    others = {"file": "l", "line": 3, "database": "cas", "video": "006_2", "onset": 6, "offset": 10}
    assert len({first, *(dataclasses.replace(first, **{name: value}) for name, value in others.items())}) == 7
