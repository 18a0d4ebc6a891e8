"""Scores that do not follow."""

from __future__ import annotations

import pytest

from mebench.analysis.card_scores import unchecked_scores, wrong_scores
from mebench.protocols.catalogue import PROTOCOLS
from tests.analysis.cards import altered, card_of, score_in

STRICT = "megc2020-spotting"


def told(change, protocol=STRICT):
    return " ".join(wrong_scores(altered(card_of(protocol), change)))


def test_a_ratio_names_score_stated_value_counts_and_derived_value():
    card = card_of(STRICT)
    counts, right = card.counts["micro"], card.score("f1", "micro").value
    assert told(lambda plain: score_in(plain, "f1", "micro").update(value=0.9)) == (
        f"f1 of micro is given as 0.900000, but its counts ({counts.tp} TP, {counts.fp} FP, {counts.fn} FN) "
        f"give {right:.6f}."
    )


def test_a_score_of_parts_names_both_values():
    right = card_of("megc2019-cde").score("uf1", "full").value
    found = told(lambda plain: score_in(plain, "uf1", "full").update(value=0.9), "megc2019-cde")
    assert found == f"uf1 of full is given as 0.900000, but what its subjects add gives {right:.6f}."


def test_a_mean_of_subjects_is_not_held_against_pooled_counts():
    rules = PROTOCOLS.get(STRICT).presets()
    card = card_of(STRICT, 0.6, type(rules["strict"])(pooling="mean"))
    assert list(wrong_scores(card)) == []


def test_rounding_is_no_alteration():
    value = card_of(STRICT).score("f1", "micro").value
    assert told(lambda plain: score_in(plain, "f1", "micro").update(value=value + 1e-12)) == ""


def test_what_is_undefined_has_no_value():
    found = told(lambda plain: score_in(plain, "uar", "full").update(defined=False), "megc2019-cde")
    assert "uar of full is 0/0, but has the value" in found
    assert "is given as 0/0" in told(lambda plain: score_in(plain, "f1", "micro").update(defined=False))


def test_a_missing_score_of_a_statistic_is_seen():
    found = told(lambda plain: plain["scores"].remove(score_in(plain, "f1", "micro")))
    assert "f1 of micro is missing, though the card says how it follows" in found


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain["by_subject"][0]["parts"].update({"frames/micro": [1.0]}),
        lambda plain: plain["statistics"][0].update(kind="of the future"),
        lambda plain: plain["statistics"][0].update(options={"only": "f7"}),
        lambda plain: plain["statistics"][0].update(options={"one": 1}),
        lambda plain: plain["statistics"][0].update(parts="nothing"),
        lambda plain: plain["statistics"][0].update(metrics=["f1"]),
    ],
)
def test_a_statistic_that_gives_no_scores_is_seen(change):
    found = told(change)
    assert "cannot be worked out from what the subjects add" in found or "should be 3 scores, not 1" in found


def test_an_interval_where_none_can_be_is_seen():
    def alone(plain):
        plain["by_subject"] = plain["by_subject"][:1]

    assert "but its subjects give none" in told(alone)


def test_what_nothing_is_kept_of_is_named():
    assert unchecked_scores(card_of(STRICT)) == ()
    assert "uf1 of full" in unchecked_scores(card_of("megc2019-cde").replace(statistics=()))
