"""Constants of the papers beside mebench's own: equal, differing, and not there."""

from __future__ import annotations

from typing import Any

import pytest

from mebench.errors import UserError
from mebench.reproduce.catalogue import entry_ids, find
from mebench.reproduce.constants import ConstantTable, compare
from mebench.reproduce.report import FORMATS

TABLES = [id for id in entry_ids() if isinstance(find(id), ConstantTable)]


def table(**constant: Any) -> ConstantTable:
    return ConstantTable.of({"id": "t", "title": "T", "paper": "p", "constants": [{"label": "a", **constant}]})


def judged(**constant: Any) -> list[str]:
    return [line.cells[-1] for line in compare(table(**constant)).lines]


@pytest.mark.parametrize("id", TABLES)
def test_mebench_has_what_the_thesis_lays_down(id: str) -> None:
    pytest.importorskip("torch")
    found = find(id)
    assert isinstance(found, ConstantTable)
    report = compare(found)
    assert report.missing == ()
    differing = {line.row for line in report.lines if line.cells[-1] != "equal"}
    # The thesis contradicts itself; the released annotations have what chapter 5 has.
    assert differing == (
        {"samples, macro (chapter 5 has 300)", "samples, micro (chapter 5 has 57)"} if id == "thesis-t2.3" else set()
    )


def test_all_tables_of_constants_are_there() -> None:
    assert TABLES == ["thesis-t2.2", "thesis-t2.3", "thesis-t3.1", "thesis-t5.4", "thesis-t5.5"]


def test_equal_and_differing_values_are_told_apart() -> None:
    assert judged(published={"samm_lv": 5}, method="au_sum", setting="savgol_order") == ["differs"]
    code = "mebench.faces.openface:PRESENCE_UNITS"
    assert judged(published={"": [1, 2]}, code=code) == ["differs"]
    assert compare(table(published={"": [1]}, code=code)).lines[0].cells[3] == "1"


def test_what_cannot_be_read_is_missing() -> None:
    report = compare(table(published={"samm_lv": 5}, method="ghost", setting="depth"))
    assert report.count == 1
    assert "ghost" in report.missing[0]
    assert report.lines[0].cells[3:] == ("5", "", "missing")


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_shows_them(form: str) -> None:
    text = FORMATS[form](compare(table(published={"": [1, 2]}, code="mebench.faces.openface:PRESENCE_UNITS")))
    assert "1/2" in text
    assert "differs" in text


def test_a_field_that_nobody_reads_is_refused() -> None:
    with pytest.raises(UserError, match="colour"):
        table(published={"": 1}, colour="red")
