"""Whatever stands in a JSON or TOML file that mebench reads, the answer is a sentence and the exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

from .conftest import Mebench

JSON = {
    "deep": '{"a":' * 50_000,
    "deep list": "[" * 50_000 + "]" * 50_000,
    "list": "[]",
    "null": "null",
    "text": '"x"',
    "number": "1",
    "nan": '{"schema": NaN}',
    "infinity": '{"schema": Infinity}',
    "digits": '{"schema": ' + "9" * 5_000 + "}",
    "empty": "",
}
TOML = {
    "deep": "a = " + "[" * 20_000,
    "deep tables": "a = " + "{a = " * 2_000,
    "dotted": "a." * 200 + "a = 1",
    "nan": "a = nan",
    "digits": "schema = " + "9" * 5_000,
    "number": "1",
    "text": 'method = "x"',
}


@pytest.fixture
def files(mebench: Mebench) -> None:
    """A challenge in ./c with its kit in ./kit, and good.csv."""
    assert mebench("challenge", "init", "c").code == 0
    events = Intervals.from_rows([("s1", "a", 1010, 1049, "macro")])
    Truth(events, VideoTable.from_rows([("s1", "a", 30.0, 2000)]), "tiny").write(Path("c/truth"))
    assert mebench("challenge", "export", "c", "--to", "participants", "--out", "kit").code == 0
    Path("good.csv").write_text("subject,video,onset,offset,type\ns1,a,1012,1050,macro\n")


def assert_refused(mebench: Mebench, *arguments: str) -> None:
    answer = mebench(*arguments)
    assert answer.code == 2, answer
    assert answer.err.startswith("Error: ")
    assert "fault" not in answer.err
    assert len(answer.err) < 1_500
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_scorecards_and_truths(mebench: Mebench, files: None, text: str) -> None:
    Path("card.json").write_text(text)
    assert_refused(mebench, "compare", "card.json", "card.json")
    assert_refused(mebench, "leaderboard", "build", "card.json", "--out", "page")
    Path("c/truth/truth.json").write_text(text)
    assert_refused(mebench, "grade", "good.csv", "--protocol", "megc2022-spotting", "--truth", "c/truth")


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_kits_and_manifests(mebench: Mebench, files: None, text: str) -> None:
    folder = Path("sent")
    folder.mkdir()
    (folder / "good.csv").write_bytes(Path("good.csv").read_bytes())
    (folder / "manifest.json").write_text(text)
    for verb in (("check", "--kit", "kit"), ("check", "c")):
        answer = mebench("challenge", *verb, "sent")
        assert answer.code == 2
        assert "manifest.json" in answer.out
        assert "fault" not in answer.err
    Path("kit/kit.json").write_text(text)
    assert_refused(mebench, "challenge", "check", "--kit", "kit", "good.csv")


@pytest.mark.parametrize("text", TOML.values(), ids=TOML)
def test_rules_and_settings(mebench: Mebench, files: None, text: str) -> None:
    Path("c/challenge.toml").write_text(text)
    assert_refused(mebench, "challenge", "check", "c", "good.csv", "--team", "a", "--method", "b")
    Path("settings.toml").write_text(text)
    assert_refused(mebench, "run", "--method", "au_sum", "--dataset", "synth_lv", "--config", "settings.toml")


def test_a_scorecard_of_the_right_depth_and_wrong_kind_is_told_by_its_place(mebench: Mebench, files: None) -> None:
    grade = ("grade", "good.csv", "--protocol", "megc2022-spotting", "--truth", "c/truth", "--output", "card.json")
    assert mebench(*grade).code == 0
    card = json.loads(Path("card.json").read_text())
    for key in ("method", "dataset", "counts", "convention", "environment", "protocol"):
        for value in ([], None, "x", 1, 10**90):
            if value == card[key]:
                continue
            Path("bad.json").write_text(json.dumps({**card, key: value}))
            assert_refused(mebench, "compare", "bad.json", "card.json")


def test_numbers_that_fit_nowhere_are_told(mebench: Mebench, files: None) -> None:
    grade = ("grade", "good.csv", "--protocol", "megc2022-spotting", "--truth", "c/truth", "--output", "card.json")
    assert mebench(*grade).code == 0
    card = json.loads(Path("card.json").read_text())
    card["counts"]["macro"]["tp"] = 10**19
    Path("bad.json").write_text(json.dumps(card))
    assert "below 2^63" in mebench("compare", "bad.json", "card.json").err
