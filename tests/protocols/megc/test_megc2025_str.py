"""The printed counts of the baseline of 2025 give the printed scores."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2025_str import Megc2025Str
from tests.protocols.megc.counted import counted


@pytest.mark.parametrize(
    ("name", "tp", "fp", "fn", "f1"), [("samm", 6, 217, 202, 0.0278), ("casme3", 3, 115, 34, 0.0387)]
)
def test_f1_of_spotting_follows_from_counts(name, tp, fp, fn, f1):
    predictions, truth = counted({name: (tp, tp + fp, tp + fn)}, "negative")
    card = Megc2025Str().score(Predicted(predictions), truth)
    assert (card.counts["overall"].tp, card.counts["overall"].fp, card.counts["overall"].fn) == (tp, fp, fn)
    assert card.score("f1_spotting", "overall").value == pytest.approx(f1, abs=5e-5)


def test_three_of_six_right_in_one_class_of_three_is_the_printed_analysis():
    """6 hits that all say negative, 3 of them rightly: precision .5 / 3, recall 1 / 3, F1 .2222, STRS .0062."""
    predictions, truth = counted({"samm": (6, 223, 208)}, "negative")
    rows = list(truth.events.rows())
    rows = [row._replace(emotion="positive") if i < 3 else row for i, row in enumerate(rows)]
    truth = type(truth)(type(truth.events).from_rows(rows), truth.videos, truth.dataset)
    card = Megc2025Str().score(Predicted(predictions), truth)
    assert card.score("f1_analysis", "overall").value == pytest.approx(0.2222, abs=5e-5)
    assert card.score("strs", "overall").value == pytest.approx(0.0062, abs=5e-5)
