from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

HEADER = "subject,video,onset,offset,type\n"
PEOPLE = ("s1", "s2", "h1", "h2", "h3")
WHO = ("--method", "m", "--received", "2025-01-02T00:00:00Z")


@pytest.fixture
def season(mebench) -> Path:
    """A challenge in ./c whose only phase has closed, with two teams and a baseline; h1 to h3 are hidden."""
    assert "mebench challenge kit c" in mebench("challenge", "init", "c").out
    events = [(p, "v", 100, 180, "macro") for p in PEOPLE]
    videos = VideoTable.from_rows([(p, "v", 30.0, 900) for p in PEOPLE])
    Truth(Intervals.from_rows(events), videos, "tiny").write(Path("c/truth"))
    rules = Path("c/challenge.toml")
    text = re.sub(r"^opens = .*$", "opens = 2025-01-01T00:00:00Z", rules.read_text(), flags=re.M)
    text = re.sub(r"^closes = .*$", "closes = 2025-02-01T00:00:00Z", text, flags=re.M)
    rules.write_text(text.replace("hidden = []", 'hidden = ["h1/v", "h2/v", "h3/v"]'))
    for name, found in (("good", "s1 s2 h1"), ("better", "s1 h1 h2"), ("base", "h3")):
        Path(f"{name}.csv").write_text(HEADER + "".join(f"{p},v,100,180,macro\n" for p in found.split()))
    for team in ("good", "better"):
        assert mebench("challenge", "grade", "c", f"{team}.csv", "--team", team.title(), *WHO).code == 0
    made = mebench("challenge", "baseline", "c", "base.csv", "--name", "Base")
    assert (made.code, "Base (baseline), hidden: f1 overall 0.5000" in made.out) == (0, True)
    return Path("c")


def test_the_final_ranking_is_printed_and_written(mebench, season):
    done = mebench("challenge", "final", "c")
    assert done.code == 0
    assert [line.split()[:3] for line in done.out.splitlines() if line.startswith(("Better", "Good", "Base"))] == [
        ["Better", "1", "0.8000"],
        ["Good", "2", "0.5000"],
        ["Base", "baseline", "0.5000"],
    ]
    assert "Teams rank by f1 overall of the hidden part" in done.out
    assert "3 subjects are too few" in done.err
    assert done.out.endswith("final: c/organiser/final\n")
    assert mebench("challenge", "final", "c").out.endswith("final: c/organiser/final (unchanged)\n")
    assert mebench("challenge", "final", "c", "--publish").out.endswith("final: c/final\n")
    assert max(map(len, done.out.split("Teams rank")[0].splitlines())) <= 100
    rules = season / "challenge.toml"
    rules.write_text(rules.read_text().replace("closes = 2025-02-01", "closes = 2999-02-01"))
    early = mebench("challenge", "final", "c")
    assert (early.code, "takes submissions until 2999" in early.err) == (2, True)
    assert mebench("challenge", "final", "c", "--provisional").code == 0


def test_regrading_tells_what_has_changed(mebench, season):
    assert "changed: 0, not graded: 0" in mebench("challenge", "regrade", "c").out
    events = season / "truth" / "events.csv"
    events.write_text(events.read_text().replace("h1,v,100,,180", "h1,v,500,,580"))
    stale = mebench("challenge", "final", "c")
    assert (stale.code, "run `mebench challenge regrade c` first" in stale.err) == (2, True)
    assert mebench("challenge", "board", "c").code == 0
    os.utime(season / "board.html", (1, 1))
    done = mebench("challenge", "regrade", "c")
    assert done.code == 0
    again = "note: c/board.html is older than what it shows: build it again: mebench challenge board c\n"
    assert done.err.endswith(again)
    assert mebench("challenge", "board", "c").code == 0
    assert "hidden f1:overall 0.8 -> 0.4" in done.out
    assert "precision" not in done.out, "other scores are counted alone"
    assert "graded again: 3, of them changed: 2, not graded: 0" in done.out
    assert mebench("challenge", "final", "c").code == 0
    shutil.rmtree(season / "organiser" / "archives")
    lost = mebench("challenge", "regrade", "c", "--json")
    assert lost.code == 1
    assert {one["status"] for one in json.loads(lost.out)} == {"not kept"}
    assert "is not kept: grade the same bytes again" in mebench("challenge", "regrade", "c").err
    for team in ("good", "better"):
        assert mebench("challenge", "grade", "c", f"{team}.csv", "--team", team.title(), *WHO).code == 0
    mebench("challenge", "baseline", "c", "--name", "Base", "--remove")
    assert mebench("challenge", "regrade", "c").code == 0


@pytest.mark.usefixtures("season")
def test_baselines_are_added_and_removed(mebench):
    assert mebench("challenge", "board", "c").code == 0
    assert "Base" in Path("c/board.html").read_text()
    assert mebench("challenge", "baseline", "c", "--name", "Base", "--remove").out == "removed: Base\n"
    mebench("challenge", "board", "c")
    assert "Base" not in Path("c/board.html").read_text()
    for words in (("c", "--name", "Base"), ("c", "base.csv", "--name", "Base", "--remove")):
        both = mebench("challenge", "baseline", *words)
        assert (both.code, "Give FILE, or --remove" in both.err) == (2, True)
    Path("bad.csv").write_text(HEADER + "s1,v,9,5,macro\n")
    bad = mebench("challenge", "baseline", "c", "bad.csv", "--name", "Bad")
    assert (bad.code, "bad.csv:2, offset" in bad.err) == (2, True)


@pytest.mark.usefixtures("season")
def test_the_kit_is_a_folder_or_an_archive(mebench):
    assert mebench("challenge", "kit", "c", "--out", "kit").out == "kit: kit\n"
    assert mebench("challenge", "check", "--kit", "kit", "kit/example").code == 0
    assert mebench("challenge", "kit", "c", "--out", "kit.zip").code == 0
    packed = mebench("challenge", "check", "--kit", "kit.zip", "kit/example")
    assert (packed.code, "unpack the kit" in packed.err) == (2, True)
    assert mebench("challenge", "kit", "c", "--out", "kit").code == 2


@pytest.mark.usefixtures("season")
def test_receipts_name_the_part_of_their_scores(mebench):
    listed = json.loads(mebench("challenge", "receipts", "c", "--json").out)
    assert {score["part"] for receipt in listed for score in receipt["scores"]} == {"public"}
    assert "public score" in mebench("challenge", "receipts", "c").out
