"""Sets of labels as cells, and tables of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.schema.label_sets import as_array, parsed, spelled
from mebench.schema.problems import InvalidTable
from mebench.schema.recognition import Labels, read_labels, write_labels

UNITS = ("au1", "au2", "au4", "au12")


@given(st.sets(st.sampled_from(UNITS)))
def test_a_set_survives_its_cell(labels):
    cell = spelled(labels, UNITS)
    assert parsed(cell, UNITS) == tuple(unit for unit in UNITS if unit in labels)
    assert as_array(cell, UNITS).tolist() == [unit in labels for unit in UNITS]


@pytest.mark.parametrize("cell", ["AU4+au1", " au1 + au4 ", "au4+au1+au4"])
def test_order_case_and_spaces_say_nothing(cell):
    assert spelled(parsed(cell, UNITS), UNITS) == "au1+au4"


@pytest.mark.parametrize("cell", ["", "au3", "au1+", "none+au1", "au1,au4"])
def test_what_is_no_set_is_told(cell):
    assert parsed(cell, UNITS) is None
    with pytest.raises(ValueError, match="is no set of au1, au2"):
        as_array(cell, UNITS)


def test_a_table_of_sets_is_read_as_it_was_written(tmp_path):
    rows = ({"au1": 0.9, "au2": 0.1, "au4": 0.8, "au12": 0.0}, {"au1": 0.0, "au2": 0.0, "au4": 0.0, "au12": 0.0})
    labels = Labels((("samm", "6", "a"), ("samm", "6", "b")), ("au1+au4", "none"), rows)
    write_labels(labels, tmp_path / "p.csv")
    assert read_labels(tmp_path / "p.csv", UNITS, several=True)[0] == labels


def test_a_table_with_other_labels_is_refused(tmp_path):
    (tmp_path / "p.csv").write_text("subject,clip,emotion\n6,a,au1+au3\n")
    with pytest.raises(InvalidTable, match="none, or some of au1, au2, au4, au12 joined by"):
        read_labels(tmp_path / "p.csv", UNITS, several=True)
    (tmp_path / "p.csv").write_text("subject,clip,emotion\n6,a,au1+au2\n")
    with pytest.raises(InvalidTable, match="one of au1, au2"):
        read_labels(tmp_path / "p.csv", UNITS)
