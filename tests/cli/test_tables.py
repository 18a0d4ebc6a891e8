"""Cards as tables on stdout."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.cli.tables import print_scorecard, print_side_by_side, print_table
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import MethodRef, Scorecard
from tests.every_task import TASKS
from tests.small_truth import predictions, truth

__all__ = ["predictions", "truth"]


@pytest.fixture
def card(predictions: Intervals, truth) -> Scorecard:
    return Megc2020Spotting().score(Predicted(predictions, method=MethodRef("toy", {}, "d")), truth)


def cells(out: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}


def test_counts_stand_by_scope(card, capsys):
    print_scorecard(card)
    out = capsys.readouterr().out
    assert out.startswith("toy on tiny under megc2020-spotting, version 1\n")
    rows = cells(out)
    assert rows["overall"][1:4] == ["2", "2", "3"]
    assert rows["macro"][1:4] == ["1", "1", "2"]
    assert rows["micro"][1:4] == ["1", "1", "1"]
    assert "not official: tiny is no official set" in out


def test_what_is_not_complete_or_not_defined_is_told(card, capsys):
    scores = tuple(dataclasses.replace(s, defined=False, value=0.0, ci95=None) for s in card.scores)
    print_scorecard(card.replace(complete=False, scores=scores))
    out = capsys.readouterr().out
    assert "not complete: a fold is missing" in out
    assert "undefined" in cells(out)["overall"]


def test_a_task_without_columns_has_a_line_for_each_score(capsys):
    kind, data, _ = TASKS["megc2021-generation"]
    predictions, truth = data(0.5)
    card = kind().score(Predicted(predictions), truth)
    print_scorecard(card)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    for score in card.scores:
        assert any(line[:2] == [score.metric, score.scope] for line in lines)


def test_conventions_stand_side_by_side_with_their_fingerprints(predictions, truth, capsys):
    presets = Megc2020Spotting.presets()
    cards = {n: Megc2020Spotting().score(Predicted(predictions), truth, convention=c) for n, c in presets.items()}
    print_side_by_side(cards)
    rows = cells(capsys.readouterr().out)
    for name, card in cards.items():
        assert rows[name][-1] == card.fingerprint
        assert f"{card.score('f1', 'overall').value:.3f}" in rows[name]


def test_escapes_of_a_name_reach_no_terminal(capsys):
    print_table(["a", "b"], [["\x1b[31mred\x1b[0m", "1"]])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "red" in out
