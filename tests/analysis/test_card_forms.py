"""A card may not choose how its scores follow."""

from __future__ import annotations

import pytest

from mebench.analysis.card_forms import form_of, wrong_forms
from mebench.analysis.consistency import consistency_of
from mebench.schema.migrations import OLD_SCHEMA
from tests.analysis.cards import EVERY, altered, card_of


@pytest.mark.parametrize("protocol", EVERY)
def test_every_score_of_ours_has_its_form(protocol):
    card = card_of(protocol)
    assert all(form_of(card, score) is not None for score in card.scores)
    assert list(wrong_forms(card)) == []


def row_of(plain, metric, scope):
    return next(row for row in plain["statistics"] if row["scope"] == scope and metric in row["metrics"])


@pytest.mark.parametrize(
    ("protocol", "where", "change", "message"),
    [
        (
            "megc2019-cde",
            ("uf1", "full"),
            {"options": {"size": 4, "n_classes": 1, "drop_absent": False}},
            "n_classes should",
        ),
        ("megc2019-cde", ("uf1", "full"), {"options": {"size": 4, "n_classes": 3, "drop_absent": True}}, "drop_absent"),
        ("megc2019-cde", ("f1", "surprise"), {"options": {"size": 4, "number": 0}}, "number should be 2, not 0"),
        (
            "megc2020-spotting",
            ("f1", "micro"),
            {"parts": "counts/macro"},
            "parts should be counts/micro, not counts/macro",
        ),
        ("megc2020-spotting", ("frame_f1", "micro"), {"options": {"only": "precision"}}, "only should be f1"),
        (
            "megc2020-spotting",
            ("f1", "micro"),
            {"kind": "mean", "parts": "mean/micro"},
            "kind should be ratios, not mean",
        ),
        ("megc2025-vqa", ("uf1_coarse", "overall"), {"parts": "fine/overall"}, "parts should be coarse/overall"),
        ("megc2021-generation", ("rating", "composite"), {"options": {"n_databases": 1}}, "n_databases should be 2"),
        ("megc2024-str", ("strs", "overall"), {"kind": "metric:theirs"}, "kind should be spot_recognise"),
    ],
)
def test_another_account_of_a_score_is_seen(protocol, where, change, message):
    card = altered(card_of(protocol), lambda plain: row_of(plain, *where).update(change))
    assert any(message in fault for fault in wrong_forms(card))


def test_a_uf1_over_one_class_alone_stays_wrong_when_its_value_follows():
    """The options and the value are altered together, so that the parts give the value."""

    def choose(plain):
        row_of(plain, "uf1", "full")["options"]["n_classes"] = 1
        plain["scores"] = [{**s, "value": 1.0} if s["scope"] == "full" else s for s in plain["scores"]]

    assert (
        "does not follow the rules of megc2019-cde" in consistency_of(altered(card_of("megc2019-cde"), choose)).reason
    )


def test_old_cards_kept_too_little_to_ask():
    card = card_of("megc2019-cde").replace(statistics=())
    assert list(wrong_forms(card))
    assert list(wrong_forms(card.replace(environment={OLD_SCHEMA: 1}))) == []
