"""ClipTable: mebench's own list, and the official composite list as it is."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.schema.clips import COMPOSITE, ClipRow, ClipTable
from mebench.schema.problems import InvalidTable

OWN = "database,subject,clip,onset,apex,offset,emotion,action_units\n"


def read(tmp_path, text, name="clips.csv"):
    (tmp_path / name).write_text(text)
    return ClipTable.read(tmp_path)


def test_reads_in_any_order_and_writes_canonically(tmp_path):
    clips = read(tmp_path, OWN + "smic,s2,b,,,,Surprise,\ncasme2,sub01,a,3,5.0,9,negative,4+7\n")
    assert clips.clips == (
        ClipRow("casme2", "sub01", "a", "negative", 3, 5, 9, "4+7"),
        ClipRow("smic", "s2", "b", "surprise"),
    )
    clips.write(tmp_path / "again")
    again = ClipTable.read(tmp_path / "again")
    assert again.clips == clips.clips
    assert again.digest() == clips.digest() == ClipTable.from_rows(clips.clips[::-1]).digest()


def test_the_official_list_has_no_header_and_numbered_classes(tmp_path):
    text = "casme2,sub01,EP02_01f,1\n,,,\nsamm,6,006_1_2,0\nsmic,s01,s01_sur_01,2\n"
    clips = read(tmp_path, text, COMPOSITE)
    assert [clip.emotion for clip in clips.clips] == ["positive", "negative", "surprise"]
    assert clips.databases() == ("casme2", "samm", "smic")
    with pytest.raises(InvalidTable, match=r":2, emotion: expected a class: 0 negative"):
        read(tmp_path, "casme2,sub01,EP02_01f,1\nsamm,6,006_1_2,3\n", COMPOSITE)


def test_subjects_of_one_name_are_two_people(tmp_path):
    clips = read(tmp_path, OWN + "samm,1,a,,,,negative,\nsmic,1,a,,,,negative,\n")
    assert clips.subjects() == ("samm/1", "smic/1")


def test_every_problem_at_once(tmp_path):
    with pytest.raises(InvalidTable) as caught:
        read(tmp_path, OWN + "a,1,x,,,,happy,\na,1,x,,,,sad,\n,1,y,,,,,\na,1,z,-1,,,happy,\n")
    assert [(p.line, p.column) for p in sorted(caught.value.problems, key=lambda p: (p.line, p.column))] == [
        (3, "clip"),
        (4, "database"),
        (4, "emotion"),
        (5, "onset"),
    ]


def test_nothing_there(tmp_path):
    with pytest.raises(UserError, match=r"has no clips.csv: give the folder"):
        ClipTable.read(tmp_path)
    with pytest.raises(ValueError, match="listed twice"):
        ClipTable.from_rows([ClipRow("a", "1", "x", "happy"), ClipRow("a", "1", "x", "sad")])
