"""With what a result was made: the same at every start, and plain JSON."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import subprocess

import pytest

from mebench.runs import provenance
from mebench.runs.provenance import PACKAGES, commit, environment, version


def test_the_environment_is_plain_and_the_same_at_every_start():
    assert json.loads(json.dumps(environment())) == environment()
    assert environment()["python"] == platform.python_version()
    assert environment()["mebench"] == importlib.metadata.version("mebench")


def test_only_packages_that_are_installed_are_listed(monkeypatch):
    listed = environment()["packages"]
    assert listed["numpy"] == importlib.metadata.version("numpy")
    assert set(listed) <= set(PACKAGES)
    monkeypatch.setattr(provenance, "PACKAGES", ("numpy", "no-such-distribution"))
    assert list(environment()["packages"]) == ["numpy"]


def test_mebench_that_is_not_installed_has_no_version(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert version() == "unknown"


@pytest.mark.parametrize("error", [OSError("no git"), subprocess.CalledProcessError(128, "git")])
def test_without_git_there_is_no_commit(monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(subprocess, "run", fail)
    assert commit() is None


def test_a_commit_is_that_of_the_checkout_alone(monkeypatch, tmp_path):
    found = commit()
    assert found is None or re.fullmatch("[0-9a-f]{40}", found)
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "mebench" / "runs" / "provenance.py"))
    assert commit() is None
