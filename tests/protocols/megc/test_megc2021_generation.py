"""The composite is the unweighted mean of the databases, as the printed table of a study has it."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2021_generation import Megc2021Generation
from mebench.schema.ratings import Item, RatedItems, Rating, Scale

PRINTED = {
    "GANimation": (1.7083, 1.7542, 1.8500, 1.7708),
    "FGFEM": (2.4250, 2.5500, 2.6417, 2.5389),
    "FOMM": (4.1167, 3.9000, 3.1333, 3.7167),
    "TPSRAU": (4.1871, 3.5417, 3.7917, 3.8402),
}
"""Scores of CASME II, SAMM and SMIC and their composite, of a participant of 2022."""


@pytest.mark.parametrize("row", PRINTED.values(), ids=PRINTED)
def test_the_printed_composite_is_the_mean_of_the_printed_databases(row):
    """SMIC has three items and the others one, which must weigh nothing."""
    names = ("casme2", "samm", "smic", "smic", "smic")
    items = tuple(Item(name, f"{name}{i}") for i, name in enumerate(names))
    marks = dict(zip(("casme2", "samm", "smic"), row[:3], strict=True))
    given = tuple(Rating(f"c{j}", *item[:2], marks[item.database]) for item in items for j in range(3))
    card = Megc2021Generation().score(Predicted(given), RatedItems(items, Scale(0, 5), 3, "g"))
    assert card.score("rating", "composite").value == pytest.approx(row[3], abs=1e-4)
    assert card.score("rating", "smic").value == pytest.approx(row[2])


def test_halves_and_criteria_are_items_of_their_own_and_are_resampled_with_their_clip():
    parts = [f"{half}-{what}" for half in ("upper", "lower") for what in ("quality", "units", "noise")]
    items = tuple(sorted(Item("samm", f"clip{i}-{part}", f"clip{i}") for i in (1, 2, 3) for part in parts))
    given = tuple(Rating(f"c{j}", *item[:2], float(item.subject[-1])) for item in items for j in range(3))
    card = Megc2021Generation().score(Predicted(given), RatedItems(items, Scale(1, 5, 1), 3, "g"))
    score = card.score("rating", "composite")
    assert score.value == pytest.approx(2)
    assert len(card.by_subject) == 3
    assert score.ci95 == (1, 3)
