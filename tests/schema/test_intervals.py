"""The frozen columnar table of intervals."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.recordings import Event, ExpressionType

ROWS = [
    ("s2", "v1", 10, 20, "macro", 0.5),
    ("s1", "v9", 30, 40, "micro"),
    ("s1", "v1", 30, 40, "micro", 0.9, "happy", 35, "12B"),
    ("s1", "v1", 30, 35, "macro"),
]


def test_rows_become_columns_with_defaults():
    table = Intervals.from_rows(ROWS)
    assert table.onset.dtype == np.int64
    assert table.is_macro.tolist() == [True, False, False, True]
    assert table.emotion.tolist() == ["", "", "happy", ""]
    assert table.apex.tolist() == [0, 0, 35, 0]
    assert np.isnan(table.score[1])
    assert table.action_units[2] == "12B"


def test_rows_come_back_as_they_went_in():
    rows = Intervals.from_rows(ROWS).rows()
    assert rows[2] == IntervalRow("s1", "v1", 30, 40, ExpressionType.MICRO, 0.9, "happy", 35, "12B")
    assert Intervals.from_rows(rows) == Intervals.from_rows(ROWS)


def test_events_of_a_video():
    events = (Event(5, 9, ExpressionType.MICRO, 7, "fear", "1+2"), Event(20, 60, ExpressionType.MACRO))
    table = Intervals.from_events("s1", "v1", events)
    assert table.apex.tolist() == [7, 0]
    assert table.subject.tolist() == ["s1", "s1"]
    assert len(Intervals.from_events("s1", "v1", ())) == 0


def test_canonical_order_does_not_depend_on_the_order_of_rows():
    table = Intervals.from_rows(ROWS)
    in_order = table.sorted()
    assert [(r.subject, r.video, r.offset) for r in in_order.rows()] == [
        ("s1", "v1", 35),
        ("s1", "v1", 40),
        ("s1", "v9", 40),
        ("s2", "v1", 20),
    ]
    assert table.select([3, 1, 0, 2]).sorted() == in_order


def test_select_takes_masks_indices_and_slices():
    table = Intervals.from_rows(ROWS)
    assert table.select(table.is_macro).onset.tolist() == [10, 30]
    assert table.select([2]) == table.select(slice(2, 3))


def test_concat_widens_text_and_takes_nothing():
    long = Intervals.from_rows([("a-very-long-subject", "v", 1, 2, "micro")])
    joined = Intervals.concat([Intervals.from_rows(ROWS), long])
    assert joined.subject[-1] == "a-very-long-subject"
    assert joined.subject[0] == "s2"
    assert len(Intervals.concat([])) == 0


def test_equality_sees_every_column_and_takes_two_absent_scores_for_equal():
    table = Intervals.from_rows(ROWS)
    assert table == Intervals.from_rows(ROWS)
    assert table != table.replace(offset=table.offset + 1)
    assert table != table.replace(emotion=["x"] * 4)
    assert table != table.select([0, 1, 2])
    assert table != "table"


def test_a_table_cannot_be_changed():
    table = Intervals.from_rows(ROWS)
    with pytest.raises(ValueError, match="read-only"):
        table.onset[0] = 1
    with pytest.raises(AttributeError):
        table.onset = table.offset


def test_freezing_leaves_the_callers_array_alone():
    onset = np.array([1, 2])
    Intervals.from_columns(subject=["a", "a"], video=["v", "v"], onset=onset, offset=[3, 4])
    onset[0] = 9
    assert onset[0] == 9


def test_misfits_are_refused():
    with pytest.raises(ValueError, match=r"column offset has shape \(1,\)"):
        Intervals.from_columns(subject=["a", "a"], video=["v", "v"], onset=[1, 2], offset=[3])
    with pytest.raises(TypeError, match="no such column: ofset"):
        Intervals.from_columns(subject=["a"], video=["v"], onset=[1], offset=[3], ofset=[3])
    with pytest.raises(TypeError, match="missing column: offset"):
        Intervals.from_columns(subject=["a"], video=["v"], onset=[1])
    with pytest.raises(ValueError, match="medium"):
        Intervals.from_rows([("s", "v", 1, 2, "medium")])
