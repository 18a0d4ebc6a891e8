"""Printed values: by method, dataset and scope, by columns of another form, of several in one cell, in hundredths."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.reproduce import expected
from mebench.reproduce.expected import published_value
from mebench.reproduce.table import Column, Expected, Row

SCORES = "method,dataset,scope,f1,source,note\nm,d,macro,0.5,paper T1 (He),first\nm,d,macro,0.6,paper T1,second\n"
FORMS = "quantity,of,mean_percent,value\nP / R of m,D,46.9,.25/.5\nP / R of m,E,,high\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scores.csv").write_text(SCORES)
    (tmp_path / "forms.csv").write_text(FORMS)
    monkeypatch.setattr(expected, "_folder", lambda: tmp_path)
    monkeypatch.setattr(expected, "_lines", expected._lines.__wrapped__)


def row(**where: object) -> Row:
    return Row("a", "A", "m", expected=Expected(**where))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ({"source": "T1", "note": "first"}, 0.5),
        ({"source": "T1 (He)"}, 0.5),
        ({"note": "second"}, 0.6),
        ({"source": "T1"}, None),  # two lines
        ({"source": "T2"}, None),
        ({"note": "first", "method": "other"}, None),
        ({"note": "first", "dataset": "elsewhere"}, None),
        ({"note": "first", "scopes": ("micro",)}, None),
    ],
)
def test_a_value_is_found_where_exactly_one_line_fits(where: dict[str, object], value: float | None) -> None:
    assert published_value(row(file="scores.csv", **where), "d", Column("f1", "macro")) == value


def test_a_file_of_another_form_is_read_by_its_own_columns() -> None:
    where = {"quantity": "P / R of {method}", "of": "{DATASET}"}
    found = row(file="forms.csv", where=where)
    assert published_value(found, "d", Column("uf1", "full", "mean_percent")) == 0.469
    assert [published_value(found, "d", Column("p", "", "value", part=i)) for i in (0, 1, 2)] == [0.25, 0.5, None]
    assert published_value(found, "e", Column("uf1", "full", "mean_percent")) is None
    assert published_value(found, "e", Column("p", "", "value")) is None
    assert published_value(found, "d", Column("uf1", "full", "nowhere")) is None


def test_a_column_may_have_a_file_of_its_own() -> None:
    column = Column("r", "", "value", file="forms.csv", where={"of": "D"}, part=1)
    assert published_value(row(file="scores.csv", where={"method": "x"}), "d", column) == 0.5
    assert published_value(row(file="none.csv"), "d", Column("f1", "macro")) is None
