"""Counts of both datasets are added, then divided."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.megc.megc2021_spotting import Megc2021Spotting
from mebench.schema.scorecard import Counts
from tests.protocols.megc.counted import counted


def test_the_overall_score_is_of_pooled_counts():
    """2 * 9 / (10 + 20) and 2 * 1 / (10 + 10): .6 and .1, pooled 20 / 50, whose mean would be .35."""
    predictions, truth = counted({"samm_lv": (9, 10, 20), "casme_sq": (1, 10, 10)})
    card = Megc2021Spotting().score(Predicted(predictions), truth)
    values = [card.score("f1", scope).value for scope in ("samm_lv", "casme_sq", "overall")]
    assert values == pytest.approx([0.6, 0.1, 0.4])


def test_counts_of_the_datasets_add_up():
    predictions, truth = counted({"samm_lv": (3, 5, 9), "casme_sq": (2, 8, 4)})
    counts = Megc2021Spotting().score(Predicted(predictions), truth).counts
    a, b = counts["samm_lv"], counts["casme_sq"]
    assert counts["overall"] == Counts(a.tp + b.tp, a.fp + b.fp, a.fn + b.fn) == Counts(5, 8, 8)


def test_several_datasets_are_welcome_and_the_sets_those_of_2020():
    assert Megc2021Spotting().supports(["samm_lv", "casme_sq"]) is None
    assert Megc2021Spotting.official == Megc2020Spotting.official
