"""Cards as tables on stdout."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.cli.tables import print_comparison, print_scorecard, print_side_by_side, print_table
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.raw_scores import RawScores
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.schema.truth import Truth, VideoTable
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


def test_what_is_to_be_known_of_an_official_set_is_told(card, capsys):
    print_scorecard(dataclasses.replace(card, official=True, reason="87 of 98"))
    assert "\nnote: 87 of 98\n" in capsys.readouterr().out


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


def test_conventions_side_by_side_say_what_is_undefined(truth, capsys):
    nothing = Truth(Intervals.empty(), truth.videos, truth.dataset)
    card = Megc2020Spotting().score(Predicted(Intervals.empty(), method=MethodRef("m", {})), nothing)
    print_side_by_side({"megc2020": card})
    assert capsys.readouterr().out.splitlines()[-2].split()[1:-1] == ["0"] * 3 + ["undefined"] * 3


@pytest.mark.parametrize(
    ("scores", "seen", "told"),
    [
        ((0.9, 0.1), True, ""),
        ((2.0, 0.1), True, "note: there is no raw_loss of movement: raw scores outside 0..1 are no probabilities\n"),
        ((0.9, 0.1), False, "raw scores outside 0..1 are no probabilities, or no frame has a face\n"),
    ],
)
def test_raw_scores_without_a_loss_are_noted(capsys, scores, seen, told):
    events, videos = Intervals.from_rows([("s1", "a", 1, 1, "macro")]), VideoTable.from_rows([("s1", "a", 30.0, 2)])
    raw = {("s1", "a"): RawScores(np.array(scores, np.float32)[:, None], (0.5,), np.full(2, seen))}
    predicted = Predicted(Intervals.empty(), method=MethodRef("m", {}), raw_scores=raw)
    print_scorecard(Megc2020Spotting().score(predicted, Truth(events, videos, "tiny")))
    out = capsys.readouterr().out
    assert told in out.replace("\nprob", " prob")
    assert ("raw_loss of movement" in out) == bool(told)


def test_escapes_of_a_name_reach_no_terminal(capsys):
    print_table(["a", "b"], [["\x1b[31mred\x1b[0m", "1"]])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "red" in out


def shown(out: str) -> str:
    """What stands in an output, whatever it was broken into."""
    return "".join(out.split())


@pytest.fixture(params=[60, 80, 120])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The width of the terminal."""
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


LONG = "spot3dcnn:layers=6,lcn=false,learning_rate=0.005,postprocess=multi_scale,short_range=25/75"


def fits(out: str, width: int) -> None:
    assert max(map(len, out.splitlines())) <= width
    assert "\N{HORIZONTAL ELLIPSIS}" not in out


def test_the_end_of_a_run_shows_every_label_and_count(card, width, capsys):
    by_scope = {s: dataclasses.replace(c, tp=c.tp + 4000) for s, c in card.counts.items()}
    scores = tuple(dataclasses.replace(s, ci95=(0.1, 0.9)) for s in card.scores)
    print_scorecard(card.replace(counts=by_scope, scores=scores, method=MethodRef(LONG, {}, "d")))
    out = capsys.readouterr().out
    fits(out, width)
    for scope, counts in by_scope.items():
        assert [scope, str(counts.tp), str(counts.fp), str(counts.fn)] in [
            line.split()[:4] for line in out.splitlines()
        ]
    assert {score.metric for score in scores} <= set(out.split())
    assert shown(out).count("[0.100,0.900]") == sum(s.scope in by_scope and s.defined for s in scores)
    assert LONG in shown(out)


@pytest.mark.parametrize("protocol", TASKS)
def test_every_score_of_every_task_fits(protocol, width, capsys):
    kind, data, _ = TASKS[protocol]
    card = kind().score(Predicted(*data(0.5)[:1]), data(0.5)[1])
    print_scorecard(card)
    out = capsys.readouterr().out
    fits(out, width)
    for score in card.scores:
        assert shown(score.metric) in shown(out)
        assert score.scope in shown(out)


def test_conventions_side_by_side_fit(predictions, truth, width, capsys):
    presets = Megc2020Spotting.presets()
    cards = {n: Megc2020Spotting().score(Predicted(predictions), truth, convention=c) for n, c in presets.items()}
    print_side_by_side(cards)
    out = capsys.readouterr().out
    fits(out, width)
    for name, card in cards.items():
        assert shown(name) in shown(out)
        assert card.fingerprint in out


def test_comparisons_fit(card, width, capsys):
    from mebench.analysis.regression import compare_scorecards

    named = card.replace(method=MethodRef(LONG, {}, "d"))
    print_comparison(compare_scorecards(named, named), everything=True)
    out = capsys.readouterr().out
    fits(out, width)
    for score in card.scores:
        assert shown(f"{score.metric} of {score.scope}") in shown(out)


def test_ascii_terminals_are_spoken_to_in_ascii(card, monkeypatch):
    import io
    import sys

    stream = io.TextIOWrapper(io.BytesIO(), "ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    print_scorecard(card.replace(method=MethodRef("m\N{LATIN SMALL LETTER E WITH ACUTE}thode", {}, "d")))
    out = stream.buffer.getvalue().decode("ascii")
    assert out.startswith("m\\u00e9thode on tiny")
    assert "-----" in out
