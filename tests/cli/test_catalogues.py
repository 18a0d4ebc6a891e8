"""Every kind that can be listed has a registry of its own, and every id is one thing."""

from __future__ import annotations

from collections import Counter

import pytest

from mebench.cli.catalogues import KINDS, registry
from mebench.registry import Registry


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_a_registry_with_entries_that_say_what_they_are(kind):
    found = registry(kind)
    assert isinstance(found, Registry)
    entries = list(found.entries())
    assert entries
    assert all(entry.id in found for entry in entries)


OURS = [(kind, entry.id) for kind in KINDS for entry in registry(kind).entries() if entry.origin == "mebench"]


@pytest.mark.parametrize(("kind", "id"), OURS)
def test_what_a_kind_lists_is_there(kind, id, loaded):
    assert loaded(registry(kind), id)


def test_an_id_names_one_thing_alone():
    """OpenFace's tables alone are two things, action units and landmarks; `mebench describe` shows both."""
    ids = Counter(entry.id for kind in KINDS for entry in registry(kind).entries() if entry.origin == "mebench")
    assert [id for id, n in ids.items() if n > 1] == ["openface"]


def test_a_kind_that_is_unknown_is_a_fault_of_the_code():
    with pytest.raises(KeyError):
        registry("moons")
