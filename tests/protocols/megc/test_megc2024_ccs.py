"""Cross-cultural spotting: one table, and a scope for each culture."""

from __future__ import annotations

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2024_ccs import Megc2024Ccs
from mebench.schema.scorecard import Counts
from tests.protocols.megc.counted import counted


def test_both_cultures_have_a_scope_and_add_up():
    predictions, truth = counted({"samm": (4, 6, 10), "casme3": (3, 5, 20)})
    card = Megc2024Ccs().score(Predicted(predictions), truth)
    assert card.counts["samm"] == Counts(4, 2, 6)
    assert card.counts["casme3"] == Counts(3, 2, 17)
    assert card.counts["overall"] == Counts(7, 4, 23)
    assert card.score("f1", "overall").value == 14 / 41


def test_a_perfect_prediction_scores_one_in_every_scope():
    _, truth = counted({"samm": (0, 0, 10), "casme3": (0, 0, 20)})
    card = Megc2024Ccs().score(Predicted(truth.events), truth)
    assert {card.score("f1", scope).value for scope in ("overall", "samm", "casme3")} == {1.0}
