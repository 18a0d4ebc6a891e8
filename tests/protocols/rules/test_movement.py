"""Intervals of any type, matched one to one: pooled and over folds, and the same number for strangers.

s1  truth      |--MaE--|      |-ME-|        predicted  |--ME---|                      1 TP, 0 FP, 1 FN
s2  truth      |--MaE--|                    predicted  |--MaE--|  |-ME-| |-ME-|       1 TP, 2 FP, 0 FN
"""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.conventions.spotting import PRESETS
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.rules.movement import is_untyped
from mebench.schema.intervals import Intervals
from mebench.schema.raw_scores import RawScores
from mebench.schema.scorecard import Scorecard
from mebench.schema.truth import Truth, VideoTable

EVENTS = [("s1", "a", 1, 20, "macro"), ("s1", "a", 40, 49, "micro"), ("s2", "b", 1, 20, "macro")]
FOUND = [
    ("s1", "a", 1, 18, "micro"),
    ("s2", "b", 1, 20, "macro"),
    ("s2", "b", 30, 35, "micro"),
    ("s2", "b", 50, 55, "micro"),
]
TRUTH = Truth(Intervals.from_rows(EVENTS), VideoTable.from_rows([("s1", "a", 30.0, 60), ("s2", "b", 30.0, 60)]), "t")


def grade(convention: str = "strict", columns: int = 1) -> Scorecard:
    raw = {
        key: RawScores(np.full((60, columns), 0.5, np.float32), None, np.ones(60, bool))
        for key in (("s1", "a"), ("s2", "b"))
        if columns
    }
    submission = Predicted(Intervals.from_rows(FOUND), raw_scores=raw or None)
    return Megc2020Spotting().score(submission, TRUTH, convention=PRESETS[convention])


def test_pooled_and_over_folds_by_hand() -> None:
    card = grade()
    assert card.score("precision", "movement").value == 2 / 4
    assert card.score("recall", "movement").value == 2 / 3
    assert card.score("f1", "movement").value == pytest.approx(4 / 7)
    # s1: P 1, R 1/2, F1 2/3; s2: P 1/3, R 1, F1 1/2.
    means = [card.score(f"{name}_fold_mean", "movement").value for name in ("precision", "recall", "f1")]
    assert means == pytest.approx([2 / 3, 3 / 4, 7 / 12])
    # No harmonic mean of the means of P and R, as in the thesis' Table 5.2.
    assert means[2] != pytest.approx(2 * means[0] * means[1] / (means[0] + means[1]), abs=0.05)


def test_what_is_typed_stays_beside_it() -> None:
    card = grade()
    assert card.score("f1", "overall").value == pytest.approx(2 / 7)
    assert "movement" not in card.counts


@pytest.mark.parametrize("columns", [0, 2])
def test_other_cards_have_no_such_scope(columns: int) -> None:
    assert not [s for s in grade(columns=columns).scores if s.scope == "movement"]


def test_strangers_have_the_same_number_under_the_preset() -> None:
    card = grade("movement", columns=0)
    for metric in ("precision", "recall", "f1", "f1_fold_mean", "f1_fold_sd"):
        assert card.score(metric, "movement") == grade().score(metric, "movement")
    assert card.score("f1", "overall").value == card.score("f1", "movement").value


def test_which_conventions_know_no_types() -> None:
    assert [name for name, rules in PRESETS.items() if is_untyped(rules)] == ["movement"]
