from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

EVENTS = [("s1", "a", 1010, 1049, "macro"), ("s1", "a", 1100, 1110, "micro")]
HEADER = "subject,video,onset,offset,type\n"


@pytest.fixture
def begun(mebench) -> Path:
    """A challenge in ./c, and submissions good.csv and bad.csv."""
    assert mebench("challenge", "init", "c").code == 0
    Truth(Intervals.from_rows(EVENTS), VideoTable.from_rows([("s1", "a", 30.0, 2000)]), "tiny").write(Path("c/truth"))
    Path("good.csv").write_text(HEADER + "s1,a,1012,1050,macro\n")
    Path("bad.csv").write_text(HEADER + "s1,a,12,5,macro\n")
    return Path("c")


@pytest.mark.usefixtures("begun")
def test_from_init_to_board(mebench):
    who = ("--team", "A & B", "--method", "m")
    graded = mebench("challenge", "grade", "c", "good.csv", "bad.csv", *who)
    assert graded.code == 1
    assert "good.csv: accepted" in graded.out
    assert "bad.csv: refused" in graded.out
    assert mebench("challenge", "grade", "c", "good.csv", *who).code == 0
    assert mebench("challenge", "board", "c").out == "board: c/board.html\n"
    assert "A &amp; B" in Path("c/board.html").read_text()
    assert mebench("challenge", "init", "c").code == 2


@pytest.mark.usefixtures("begun")
def test_participants_check_with_the_public_kit(mebench):
    assert mebench("challenge", "export", "c", "--to", "participants", "--out", "kit").code == 0
    who = ("--team", "A", "--method", "m")
    assert mebench("challenge", "check", "--kit", "kit", "good.csv", *who).code == 0
    refused = mebench("challenge", "check", "c", "bad.csv", *who, "--format", "json")
    assert refused.code == 2
    assert json.loads(refused.out)["problems"][0]["kind"] == "offset_before_onset"
    assert "--kit PUBLIC_KIT" in mebench("challenge", "check", "good.csv").err


@pytest.mark.usefixtures("begun")
def test_mistakes_end_with_the_fix(mebench):
    closed = mebench("challenge", "grade", "c", "good.csv", "--team", "A", "--received", "2020-01-01T00:00:00Z")
    assert closed.code == 2
    assert "No phase is open" in closed.err
    assert "Did you mean 'evalai'" in mebench("challenge", "export", "c", "--to", "evalay", "--out", "x").err


def test_recognition_from_init_to_export(mebench):
    begun = mebench("challenge", "init", "r", "--protocol", "megc2019-cde")
    assert "put clips.csv or combined_3class_gt.csv into r/truth" in begun.out
    Path("r/truth/combined_3class_gt.csv").write_text("smic,s01,a,0\nsmic,s02,b,2\n")
    Path("labels.csv").write_text("subject,clip,emotion\n1,a,negative\n2,b,positive\n")
    who = ("--team", "A", "--method", "m")
    assert mebench("challenge", "check", "r", "labels.csv", *who).code == 0
    graded = mebench("challenge", "grade", "r", "labels.csv", *who)
    assert graded.code == 0
    assert "uf1 full  0.3333" in graded.out
    assert mebench("challenge", "board", "r").code == 0
    assert mebench("challenge", "export", "r", "--to", "grand-challenge", "--out", "x").code == 0
    refused = mebench("challenge", "init", "g", "--protocol", "megc2021-generation")
    assert refused.code == 2
    assert "mebench grade" in refused.err


def test_the_walls_are_told(mebench):
    from mebench.challenge.safety.walls import WALLS

    answer = mebench("challenge", "sandbox")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert [line.split()[1] for line in lines] == list(WALLS)
    assert all(line.startswith(("yes ", "NO ")) for line in lines)
    assert ("note: " in answer.err) == any(line.startswith("NO ") for line in lines)


@pytest.mark.usefixtures("begun")
def test_what_the_teams_get_names_no_folder(mebench, tmp_path):
    graded = mebench(
        "challenge", "grade", str(tmp_path / "c"), str(tmp_path / "good.csv"), "--team", "A", "--method", "m"
    )
    assert graded.out.startswith("good.csv: accepted\n")
    assert str(tmp_path) not in graded.out
