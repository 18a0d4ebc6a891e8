"""Ratings of generated videos: means, composite, agreement, and the declared scale."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2021_generation import Megc2021Generation
from mebench.schema.problems import InvalidTable
from mebench.schema.ratings import Item, RatedItems, Rating, Scale
from mebench.schema.scorecard import Scorecard

ITEMS = (Item("casme2", "a"), Item("casme2", "b"), Item("samm", "c"), Item("smic", "d"))
GIVEN = {"a": (1, 2, 3), "b": (3, 4, 5), "c": (5, 5, 5), "d": (2, 2, 5)}


def truth(scale=None, items=ITEMS, coders=3):
    return RatedItems(tuple(sorted(items)), scale or Scale(1, 5, 1), coders, "megc2021_generation")


def ratings(given=None, items=ITEMS):
    table = given or GIVEN
    return tuple(Rating(f"c{j}", i.database, i.item, float(r)) for i in items for j, r in enumerate(table[i.item]))


def grade(given, against=None, **options):
    return Megc2021Generation().score(Predicted(given), against or truth(), **options)


def test_means_and_the_unweighted_composite():
    card = grade(ratings())
    means = {"casme2": 3, "samm": 5, "smic": 3}
    assert {name: card.score("rating", name).value for name in means} == means
    assert card.score("rating", "composite").value == pytest.approx(11 / 3)
    assert np.mean(list(GIVEN.values())) != pytest.approx(11 / 3)
    assert Scorecard.from_json(card.to_json()) == card


def test_agreement_by_hand():
    # Shrout and Fleiss 1979, Table 2, without the fourth judge's scale being any problem
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    items = tuple(Item("x", f"i{n}") for n in range(6))
    given = ratings({f"i{n}": row for n, row in enumerate(table)}, items)
    card = grade(given, truth(Scale(1, 10, 1), items, coders=4))
    assert round(card.score("icc", "overall").value, 2) == 0.29
    assert card.score("icc", "x").value == card.score("icc", "overall").value
    low, high = card.score("krippendorff_alpha", "overall").ci95
    assert low <= card.score("krippendorff_alpha", "overall").value <= high


def test_a_single_item_or_equal_ratings_are_undefined_not_nan():
    card = grade(ratings())
    assert not card.score("icc", "samm").defined
    assert not card.score("krippendorff_alpha", "samm").defined
    assert card.score("rating", "samm").ci95 is None
    assert all(np.isfinite(score.value) for score in card.scores)


def test_subjects_are_resampled_where_they_are_named():
    one = tuple(item._replace(subject="s1") for item in ITEMS if item.database == "casme2")
    assert grade(ratings(items=one), truth(items=one)).score("rating", "casme2").ci95 is None
    assert grade(ratings()).score("rating", "casme2").ci95 is not None


def test_the_scale_belongs_to_the_fingerprint():
    one, other = grade(ratings()), grade(ratings(), truth(Scale(0, 5, 1)))
    assert one.convention["scale"] == "1 to 5 in steps of 1"
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == grade(ratings()).fingerprint
    assert not one.official
    assert "the official scale was never published; this one is declared as 1 to 5" in one.reason


def test_sheets_that_do_not_fit_are_refused():
    with pytest.raises(InvalidTable, match="a rating from 1 to 4"):
        grade(ratings(), truth(Scale(1, 4, 1)))
    with pytest.raises(InvalidTable, match="a rating of 'c2/smic/d', found none"):
        grade(ratings()[:-1])


def test_order_changes_nothing():
    assert grade(ratings()[::-1]).compared() == grade(ratings()).compared()
