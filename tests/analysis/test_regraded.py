"""The same predictions graded twice."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.analysis.regraded import compare_regraded
from mebench.analysis.regression import Verdict
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import ProtocolRef, Score


def grade(predictions, truth):
    return Megc2020Spotting().score(Predicted(predictions), truth)


def moved(found):
    return {(row.metric, row.scope): (row.baseline, row.new, row.verdict) for row in found.moved}


def test_the_same_card_passes_with_every_number_compared(predictions, truth):
    card = grade(predictions, truth)
    found = compare_regraded(grade(predictions, truth), card)
    assert found.ok
    assert found.moved == found.notes == ()
    with_ends = sum(score.ci95 is not None for score in card.scores)
    assert len(found.rows) == 3 * len(card.counts) + len(card.scores) + 2 * with_ends


@pytest.mark.parametrize("lost", [0, 2])
def test_a_lost_true_positive_is_told_with_its_video(predictions, truth, lost):
    kept = predictions.select([i for i in range(len(predictions)) if i != lost])
    found = compare_regraded(grade(kept, truth), grade(predictions, truth))
    scope = "macro" if predictions.is_macro[lost] else "micro"
    other = "micro" if scope == "macro" else "macro"
    assert found.fell
    assert moved(found)["tp", "overall"] == (2, 1, Verdict.FALLEN)
    assert moved(found)["fn", scope][2] is Verdict.FALLEN
    assert ("f1", scope) in moved(found)
    assert ("f1", other) not in moved(found)
    assert found.notes == (f"{predictions.subject[lost]}/{predictions.video[lost]}: {scope} tp 1 to 0, fn 0 to 1",)


def test_a_lost_false_positive_changes_the_card_and_fails_too(predictions, truth):
    found = compare_regraded(grade(predictions.select([0, 1, 2]), truth), grade(predictions, truth))
    assert moved(found)["fp", "macro"] == (1, 0, Verdict.CHANGED)
    assert moved(found)["precision", "macro"][2] is Verdict.CHANGED
    assert found.fell


def test_an_end_of_an_interval_is_compared_up_to_rounding(predictions, truth):
    card = grade(predictions, truth)

    def shifted(by):
        scores = [
            s if s.ci95 is None else dataclasses.replace(s, ci95=(s.ci95[0] + by, s.ci95[1])) for s in card.scores
        ]
        return card.replace(scores=tuple(scores))

    assert compare_regraded(shifted(1e-12), card).ok
    found = compare_regraded(shifted(1e-6), card)
    assert {row.metric.split(" of ")[0] for row in found.moved} == {"lower end"}
    assert {row.verdict for row in found.moved} == {Verdict.CHANGED}
    without = card.replace(scores=tuple(Score(s.metric, s.scope, s.value, None, s.defined) for s in card.scores))
    assert {row.verdict for row in compare_regraded(without, card).moved} == {Verdict.MISSING}


def test_many_moved_videos_are_counted(truth):
    events = Intervals.concat(
        [truth.events.replace(subject=[f"{s}{i}" for s in truth.events.subject]) for i in range(4)]
    )
    rows = [(f"{s}{i}", v, 30.0, 200) for s, v in truth.videos.keys() for i in range(4)]  # noqa: SIM118
    wide = dataclasses.replace(truth, events=events, videos=type(truth.videos).from_rows(rows))
    found = compare_regraded(grade(Intervals.empty(), wide), grade(events, wide))
    assert len(found.notes) == 6
    assert found.notes[-1] == "and 7 more videos"
    assert found.notes[0] == "s10/a: macro tp 1 to 0, fn 0 to 1; micro tp 1 to 0, fn 0 to 1"


def test_other_rules_are_an_error_and_no_rows(predictions, truth):
    card = grade(predictions, truth)
    found = compare_regraded(card.replace(protocol=ProtocolRef("megc2020-spotting", "2")), card)
    assert found.rows == ()
    assert "The protocol is" in found.errors[0]
    assert not found.fell
    assert not found.ok
