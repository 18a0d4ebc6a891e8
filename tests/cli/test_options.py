"""Options that several verbs share."""

from __future__ import annotations

import json

import pytest

LOOKING_UP = [
    ["run"],
    ["spot"],
    ["grade"],
    ["rescore"],
    ["compare"],
    ["check"],
    ["leaderboard", "build"],
    ["data", "list"],
    ["data", "check"],
    ["data", "prepare"],
    ["data", "make"],
    ["data", "export"],
    ["list"],
    ["describe"],
]
METRIC = """
from mebench import Metric

class Found(Metric):
    id = "found"
    task = "spotting"
    summary = "number of intervals"
    higher_is_better = False
    bounds = (0.0, None)

    def parts(self, predictions, truth, convention):
        people = {subject: [0.0] for subject in truth.videos.subject.tolist()}
        for row in predictions.rows():
            people[row.subject][0] += 1
        return {"overall": people}

    def values(self, sums):
        return sums[:, :1]
"""


@pytest.mark.parametrize("verb", LOOKING_UP, ids=" ".join)
def test_every_verb_that_looks_things_up_takes_plug_ins(mebench, verb):
    assert "--plugin" in mebench(*verb, "--help").out


@pytest.mark.parametrize("verb", LOOKING_UP, ids=" ".join)
def test_a_plug_in_that_is_not_there_is_told(mebench, verb):
    answer = mebench(*verb, "--plugin", "nowhere.py")
    assert answer.code == 2
    assert "nowhere.py cannot be read" in answer.err


def test_the_way_up_of_a_plug_ins_metric_reaches_the_check(tmp_path):
    """In a process of its own: the metric would stand on the cards of all tests that follow."""
    import subprocess
    import sys

    (tmp_path / "found.py").write_text(METRIC)
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth/events.csv").write_text("subject,video,onset,offset,type\n1,a,10,30,micro\n")
    (tmp_path / "truth/videos.csv").write_text("subject,video,fps,n_frames\n1,a,30,100\n2,b,30,100\n")

    def give(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mebench", *arguments, "--plugin", "found.py"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    for name, lines in (("few", "1,a,10,30,micro\n"), ("many", "1,a,10,30,micro\n2,b,5,9,micro\n2,b,50,90,micro\n")):
        (tmp_path / f"{name}.csv").write_text("subject,video,onset,offset,type\n" + lines)
        grading = ("grade", f"{name}.csv", "--protocol", "megc2020-spotting", "--truth", "truth")
        assert give(*grading, "--output", f"{name}.json").returncode == 0
    scores = json.loads((tmp_path / "many.json").read_text())["scores"]
    assert [score["value"] for score in scores if score["metric"] == "found"] == [3.0]
    (tmp_path / "kept").mkdir()
    (tmp_path / "many.json").rename(tmp_path / "kept/many.json")
    fewer = give("check", "few.json", "--baselines", "kept", "--as", "rescored", "--all")
    found = next(line for line in fewer.stdout.splitlines() if line.strip().startswith("found"))
    assert "risen" in found or "better" in found, fewer.stdout
