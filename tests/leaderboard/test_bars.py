from __future__ import annotations

import pytest

from mebench.leaderboard.bars import ABSENT, cell, decimals


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, ".123"),
        (1.0, "1.000"),
        (0.0, ".000"),
        (-0.05, "-.050"),
        (-0.0001, ".000"),
        (0.9999, "1.000"),
        (10.5, "10.500"),
    ],
)
def test_three_decimals_as_the_field_prints_them(value, text):
    assert decimals(value) == text


def test_a_cell_sorts_at_full_precision():
    assert cell(1 / 3).sort == repr(1 / 3)


def test_bars_run_from_0_to_1():
    full = cell(0.5, (0.25, 0.625))
    assert (full.low, full.at, full.high) == (25.0, 50.0, 62.5)
    assert full.ci == ".250 to .625"
    assert cell(1.7).at == 100.0


def test_what_is_not_defined_shows_no_interval():
    undefined = cell(0.0, (0.0, 0.0), defined=False)
    assert not undefined.defined
    assert undefined.ci == ""
    assert undefined.low is None


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_no_value_gives_an_empty_cell_that_sorts_last(value):
    assert cell(value) == ABSENT
    assert ABSENT.sort == ""
