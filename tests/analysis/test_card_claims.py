"""What a card claims of itself."""

from __future__ import annotations

import pytest

from mebench.analysis.card_claims import false_claims, is_own, protocol_of
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.rules.spotting import SpottingProtocol
from tests.analysis.cards import altered, card_of, spotted


def claims(change, protocol="megc2020-spotting", **how):
    return " ".join(false_claims(altered(card_of(protocol, **how), change)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"task": "spoting"}, "Its task 'spoting' is not known here: load the plug-in that has it."),
        ({"task": "recognition"}, "Its task is 'recognition', but megc2020-spotting grades spotting."),
        ({"protocol": {"id": "megc2020", "version": "1"}}, "Its protocol 'megc2020' is not known here"),
        ({"protocol": {"id": "megc2020-spotting", "version": "2"}}, "has the version '2', this mebench has version 1"),
        ({"protocol": {"id": "megc2020-spotting", "version": "new"}}, "has the version 'new'"),
        ({"official": True}, "The card says that its truth is official, but 'd' is no official set of it."),
    ],
)
def test_what_is_not_so_is_told(change, message):
    assert claims(lambda plain: None) == ""
    assert message in claims(lambda plain: plain.update(change))


@pytest.mark.parametrize(
    "rule", [("iou", 0.3), ("pooling", "mean"), ("matching", "truth_found"), ("iou", 7), ("new", 1)]
)
def test_rules_altered_under_their_old_fingerprint_are_seen(rule):
    assert "grade the predictions again" in claims(lambda plain: plain["convention"].update([rule]))


def test_a_fingerprint_without_its_rules_is_seen():
    assert "does not have its fingerprint" in claims(lambda plain: plain["convention"].update(fingerprint="0" * 16))


def test_a_bound_that_competes_is_seen():
    change = {"id": "oracle", "config": {}, "digest": "d", "bound": False}
    assert claims(lambda plain: plain.update(method=change)) == (
        "Its method oracle is a bound, but the card says that it competes."
    )
    assert claims(lambda plain: plain.update(method={**change, "bound": True})) == ""


def test_videos_of_the_timing_are_those_of_the_card():
    assert claims(lambda plain: plain.update(timing={"videos": 8})) == ""
    assert "Its timing is of 9 videos, but the card has 8." in claims(lambda plain: plain.update(timing={"videos": 9}))


@pytest.mark.parametrize("protocol", ["megc2025-vqa", "megc2024-str", "megc2021-generation", "generation-likeness"])
def test_where_there_is_no_official_set_nothing_is_official(protocol):
    assert f"{protocol} has no official set" in claims(lambda plain: plain.update(official=True), protocol)


def test_official_clips_are_counted_by_class_and_subject():
    found = claims(lambda plain: plain.update(official=True), "megc2019-cde")
    assert "it has 18 clips of 6 subjects in casme2, the official set has 145 of 24" in found


def test_official_videos_and_events_are_counted(monkeypatch):
    predictions, truth = spotted(0.6)
    monkeypatch.setattr(Megc2020Spotting, "official", {"d": truth.counts()})
    card = card_of("megc2020-spotting", data=(predictions, truth))
    assert card.official
    assert list(false_claims(card)) == []
    fewer = card.replace(by_video=card.by_video[1:])
    assert "it has 7 videos of d, the official set has 8" in " ".join(false_claims(fewer))
    other = truth.events.select(list(range(1, len(truth.events))))
    less = card_of("megc2020-spotting", data=(predictions, type(truth)(other, truth.videos, "d"))).replace(
        official=True
    )
    assert "it has 23 expressions in d, the official set has 24" in " ".join(false_claims(less))


def test_whose_protocol_it_is():
    assert is_own("megc2020-spotting")
    assert not is_own("theirs")
    assert protocol_of("theirs") is None
    assert issubclass(protocol_of("megc2020-spotting"), SpottingProtocol)
