"""What a card says of its method."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.analysis.card_method import false_method
from mebench.methods.catalogue import METHODS
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.settings import digest_of
from tests.analysis.cards import BASELINES, HISTORIC

KEPT = [Scorecard.read(path).method for path in (*HISTORIC, *BASELINES)]
CONFIGURED = [method for method in KEPT if method.config]


def told(method: MethodRef) -> str:
    return " ".join(false_method(method))


@pytest.mark.parametrize("method", KEPT, ids=lambda method: method.id)
def test_what_was_ever_written_of_our_methods_is_so(method: MethodRef) -> None:
    assert told(method) == ""


@pytest.mark.parametrize("method", CONFIGURED, ids=lambda method: method.id)
def test_settings_altered_under_their_digest_are_seen(method: MethodRef) -> None:
    for name in method.config:
        assert "do not give its digest" in told(dataclasses.replace(method, config={**method.config, name: "new"}))
    assert "do not give its digest" in told(dataclasses.replace(method, digest="0" * 64))


def test_settings_by_dataset_have_one_digest() -> None:
    settings = {"samm_lv": {"x": 1}, "casme_sq": {"x": 2}}
    digest = digest_of({id: digest_of("mdmd", "3", own) for id, own in settings.items()})
    assert told(MethodRef("mdmd", settings, digest)) == ""
    assert "do not give" in told(MethodRef("mdmd", {**settings, "casme_sq": {"x": 3}}, digest))


def test_what_cannot_be_derived_is_not_judged() -> None:
    assert told(MethodRef("theirs", {"x": 1}, "0" * 64, bound=True)) == ""
    assert told(MethodRef("au_sum", {}, "")) == ""
    assert told(MethodRef("au_sum", {"x": 1}, "d")) == ""


@pytest.mark.parametrize("entry", list(METHODS.entries()), ids=lambda entry: entry.id)
def test_a_method_is_a_bound_or_competes_as_its_class_says(entry) -> None:  # type: ignore[no-untyped-def]
    if entry.origin != "mebench":
        pytest.skip("this one is not ours")
    pytest.importorskip("torch")
    is_bound = METHODS.get(entry.id).is_bound
    assert told(MethodRef(entry.id, bound=is_bound)) == ""
    assert entry.id in told(MethodRef(entry.id, bound=not is_bound))


def test_a_method_joined_with_a_bound_is_one() -> None:
    def joined(spotter: str, recogniser: str, *, bound: bool) -> str:
        return told(MethodRef("spot_then_recognise", {"spotter": spotter, "recogniser": recogniser}, "", bound=bound))

    assert joined("oracle", "bi_woof", bound=True) == joined("au_sum", "bi_woof", bound=False) == ""
    assert joined("of_fd", "majority", bound=True) == joined("theirs", "bi_woof", bound=False) == ""
    assert "is a bound, but the card says that it competes" in joined("oracle", "bi_woof", bound=False)
    assert "competes, but the card says that it is a bound" in joined("au_sum", "bi_woof", bound=True)
    by_dataset = {"synth_lv": {"spotter": "oracle", "recogniser": "bi_woof"}}
    assert told(MethodRef("spot_then_recognise", by_dataset, "", bound=True)) == ""
