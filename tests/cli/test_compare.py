"""`mebench compare`: the same differences in every form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import MethodRef
from mebench.schema.truth import Truth, VideoTable
from tests.every_task import TASKS

from .conftest import Mebench


@pytest.fixture
def cards(tmp_path: Path) -> list[str]:
    """Write cards of a good and of a poor method and return their paths."""
    kind, data, _ = TASKS["megc2019-cde"]
    for name, quality in (("good", 1.0), ("poor", 0.2)):
        predictions, truth = data(quality)
        card = kind().score(Predicted(predictions, method=MethodRef(name, {}, name)), truth)
        card.write(tmp_path / name / "scorecard.json")
    return [str(tmp_path / "good"), str(tmp_path / "poor" / "scorecard.json")]


def differences(mebench: Mebench, *cards: str) -> dict[tuple[str, str], dict]:
    answer = mebench("compare", *cards, "--format", "json")
    assert answer.code == 0, answer.err
    return {(d["metric"], d["scope"]): d for d in json.loads(answer.out)["differences"]}


def test_sides_can_be_swapped(mebench: Mebench, cards: list[str]) -> None:
    ahead, behind = differences(mebench, *cards), differences(mebench, *cards[::-1])
    assert ahead.keys() == behind.keys()
    for key, d in ahead.items():
        assert behind[key]["difference"] == pytest.approx(-d["difference"])
        assert behind[key]["p"] == d["p"]
    assert ahead["uf1", "full"]["first"] == 1
    assert ahead["uf1", "full"]["difference"] > 0


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_tables_show_what_the_numbers_say(mebench: Mebench, cards: list[str], form: str) -> None:
    answer = mebench("compare", *cards, "--format", form)
    assert answer.code == 0, answer.err
    found = differences(mebench, *cards)["uf1", "full"]
    line = next(line for line in answer.out.splitlines() if "uf1 of full" in line)
    assert f"{found['difference']:+.4f}" in line
    assert f"{found['p']:.4f}" in line
    assert "paired bootstrap over subjects" in answer.out
    assert "good" in answer.out


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_undefined_scores_are_no_numbers(mebench: Mebench, tmp_path: Path, form: str) -> None:
    events = Intervals.from_rows([("s1", "a", 1, 20, "macro"), ("s2", "b", 1, 20, "macro")])
    truth = Truth(events, VideoTable.from_rows([("s1", "a", 30.0, 40), ("s2", "b", 30.0, 40)]), "tiny")
    for name, found in (("some", events), ("none", Intervals.empty())):
        card = Megc2020Spotting().score(Predicted(found, method=MethodRef(name, {}, name)), truth)
        card.write(tmp_path / f"{name}.json")
    answer = mebench("compare", "some.json", "none.json", "--format", form)
    assert answer.code == 0, answer.err
    line = next(line for line in answer.out.splitlines() if "precision of overall" in line)
    assert line.replace("|", " ").split() == ["precision", "of", "overall", "1.0000", "undefined"]


def test_a_method_does_not_differ_from_itself(mebench: Mebench, cards: list[str]) -> None:
    assert {d["difference"] for d in differences(mebench, cards[0], cards[0]).values()} == {0.0}


def test_a_card_that_is_not_there(mebench: Mebench, cards: list[str]) -> None:
    answer = mebench("compare", cards[0], "nowhere.json")
    assert (answer.code, answer.out) == (2, "")
    assert "nowhere.json" in answer.err
    assert "Traceback" not in answer.err


def test_both_cards_that_are_missing_are_told(mebench: Mebench) -> None:
    answer = mebench("compare", "a.json", "b")
    assert (answer.code, answer.out) == (2, "")
    assert "a.json cannot be read" in answer.err
    assert "b cannot be read" in answer.err
