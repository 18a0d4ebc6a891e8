from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

from mebench.errors import UserError
from mebench.registry import Registry


@pytest.fixture
def registry():
    return Registry[object]("method", "mebench.test_group")


def test_a_target_is_imported_only_when_asked_for(registry):
    registry.add("lazy", "a_module_that_does_not_exist:Thing", "never imported")
    assert [entry.id for entry in registry.entries()] == ["lazy"]
    assert "lazy" in registry


def test_get_returns_the_object(registry):
    registry.add("ordered", "collections:OrderedDict")
    import collections

    assert registry.get("ordered") is collections.OrderedDict


def test_a_broken_plugin_stays_listed_with_its_reason(registry):
    registry.add("broken", "no_such_module_at_all:Thing", origin="somebody")
    with pytest.raises(UserError, match=r"'broken' of somebody cannot be imported \(ModuleNotFoundError"):
        registry.get("broken")
    assert "no_such_module_at_all" in registry.reason("broken")
    assert [entry.id for entry in registry.entries()] == ["broken"]


def test_a_missing_attribute_is_a_reason_too(registry):
    registry.add("hollow", "collections:NoSuchThing")
    with pytest.raises(UserError, match="AttributeError"):
        registry.get("hollow")


def test_a_name_taken_twice_names_both_origins(registry):
    registry.add("twin", "a:A", origin="first package")
    with pytest.raises(UserError, match="first package .*second package"):
        registry.add("twin", "b:B", origin="second package")


def test_an_unknown_name_gets_the_nearest(registry):
    registry.add("spot3dcnn", "a:A")
    with pytest.raises(UserError, match=r"no method 'spot3dcn'. Did you mean 'spot3dcnn'\?"):
        registry.get("spot3dcn")


def test_entry_points_of_other_packages_are_found(registry, monkeypatch):
    point = importlib.metadata.EntryPoint("theirs", "collections:deque", "mebench.test_group")
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point] if group == registry.group else [])
    import collections

    assert registry.get("theirs") is collections.deque


@pytest.mark.parametrize("catalogue", ["methods", "datasets", "protocols"])
def test_listing_a_catalogue_imports_no_heavy_library(catalogue):
    code = (
        f"import sys; from mebench.{catalogue}.catalogue import {catalogue.upper()} as R; n = len(list(R.entries()));"
        "heavy = {'torch', 'cv2', 'pandas', 'scipy', 'sklearn', 'matplotlib'} & set(sys.modules);"
        "print(n, sorted(heavy))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(" ", 1)
    assert int(out[0]) >= 3
    assert out[1].strip() == "[]"
