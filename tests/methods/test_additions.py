"""What mebench adds to recipes is what its methods do by default, and what their profiles take away."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.methods.additions import ADDITIONS, OWN_PROFILE, WITH_LEGACY, Additions
from mebench.methods.catalogue import METHODS
from mebench.schema.scorecard import Scorecard
from tests.analysis.cards import BASELINES


@pytest.mark.parametrize("method", ADDITIONS)
def test_the_table_says_what_the_methods_do(method: str) -> None:
    pytest.importorskip("torch")
    cls, additions = METHODS.get(method), ADDITIONS[method]
    for profile in (OWN_PROFILE, additions.text):
        config = cls.configure({"profile": profile}).config
        assert {name: getattr(config, name) for name in additions.settings} == additions.values(profile)
    assert cls.profiles == {additions.text: additions.values(additions.text)}
    assert all(ours != theirs for ours, theirs in additions.settings.values())


@pytest.mark.parametrize("entry", list(METHODS.entries()), ids=lambda entry: entry.id)
def test_a_method_with_profiles_is_in_the_table(entry) -> None:  # type: ignore[no-untyped-def]
    pytest.importorskip("torch")
    if entry.origin == "mebench":
        assert bool(METHODS.get(entry.id).profiles) == (entry.id in ADDITIONS)


@pytest.mark.parametrize("entry", list(METHODS.entries()), ids=lambda entry: entry.id)
def test_what_cards_leave_out_is_in_the_table(entry) -> None:  # type: ignore[no-untyped-def]
    pytest.importorskip("torch")
    if entry.origin == "mebench":
        fields = dataclasses.fields(METHODS.get(entry.id).Config)
        later = {field.name: field.default for field in fields if field.metadata.get("later")}
        later.pop("profile", None)
        assert later == (ADDITIONS[entry.id].later if entry.id in ADDITIONS else {})


def test_the_methods_with_a_legacy_setting_are_listed() -> None:
    pytest.importorskip("torch")
    known = {entry.id: METHODS.get(entry.id).Config for entry in METHODS.entries() if entry.origin == "mebench"}
    found = [id for id, config in known.items() if "legacy" in {field.name for field in dataclasses.fields(config)}]
    assert found == list(WITH_LEGACY)


@pytest.mark.parametrize("method", ADDITIONS)
def test_the_recorded_baselines_have_the_profile_of_mebench(method: str) -> None:
    pytest.importorskip("torch")
    (path,) = (path for path in BASELINES if path.parent.name == method)
    recorded = Scorecard.read(path).method
    options = {"max_epochs": 2, "samples_per_epoch": 192} if method == "spot3dcnn_end_to_end" else {}
    for profile in ({}, {"profile": OWN_PROFILE}):
        model = METHODS.get(method).configure({**options, **profile}, "synth_lv")
        assert (model.settings(), model.digest()) == (recorded.config, recorded.digest)


def test_a_profile_that_nobody_has_says_nothing() -> None:
    assert Additions("paper", {"a": (1, 2)}).values("thesis") == {}
