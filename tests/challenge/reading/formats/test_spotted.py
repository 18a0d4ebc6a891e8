"""The three tables of spotted intervals and the one of spot-then-recognise."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import SpottedRows
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.reading.formats.spotted import INTERVALS, STR, Layouts, read_spotted


def read(text: str, layouts: Layouts = INTERVALS, database: str = ""):
    findings = Findings()
    layout, rows = read_spotted(DataFile("p.csv", Path("p"), database), text.split("\n"), layouts, findings)
    return layout, rows, findings


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        ("vid,pred_onset,pred_offset,type", "megc2022"),
        ("vid,onset,offset,type", "megc2023"),
        ("vid;onset;offset;type", "megc2023"),
    ],
)
def test_the_formats_of_2022_and_2023(header, layout):
    mark = ";" if ";" in header else ","
    found, rows, findings = read(f"{header}\n006_1,5,9,me\n006_2,6,8,mae\n".replace(",", mark), database="samm")
    assert found == layout
    assert findings.counts == {}
    assert (rows.video, rows.onset, rows.offset, rows.type) == (["006_1", "006_2"], [5, 6], [9, 8], ["micro", "macro"])
    assert (rows.database, rows.subject) == (["samm", "samm"], ["", ""])


def test_own_tables_with_and_without_scores_and_emotions():
    assert read("subject,video,onset,offset,type\ns,v,5,9,micro\n")[1].emotion == [""]
    _, rows, findings = read("subject,video,onset,offset,type,score,emotion\ns,v,5,9,micro,0.5,Fear\ns,v,5,9,me,,\n")
    assert rows.score[0] == 0.5
    assert math.isnan(rows.score[1])
    assert rows.emotion == ["fear", ""]
    assert findings.notes == ()


def test_official_types_get_no_note_and_others_do():
    assert read("vid,onset,offset,type\nv,1,2,me\nv,1,2,mae\n")[2].notes == ()
    assert read("vid,onset,offset,type\nv,1,2,Macro-Expression\n")[2].notes == (
        "types were read as micro or macro: 'Macro-Expression' as 'macro'",
    )


def test_spot_then_recognise_needs_emotions_and_no_types():
    layout, rows, findings = read("subject,video,onset,offset,emotion\n17,017_3,5,9,Positive\n", (STR,))
    assert (layout, rows.emotion, rows.type) == ("str", ["positive"], [""])
    assert findings.notes == ("emotions were read in lower case: 'Positive' as 'positive'",)
    assert read("subject,video,onset,offset,type\n17,017_3,5,9,me\n", (STR,))[2].counts == {"header": 1}


def test_rows_of_several_files_are_joined_column_by_column():
    rows = SpottedRows()
    for database in ("samm", "cas"):
        rows.extend(read("vid,onset,offset,type\nv,1,2,me\n", database=database)[1])
    assert len(rows) == 2
    assert rows.database == ["samm", "cas"]
