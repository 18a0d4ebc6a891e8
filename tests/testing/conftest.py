from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mebench.testing import files
from mebench.testing.findings import Finding
from mebench.testing.methods import check_method

Checked = Callable[..., dict[str, Finding]]

HEAD = """
import dataclasses
from pathlib import Path

import numpy as np

from mebench import (
    Clip, Dataset, Event, ExpressionType, FrameMetric, Generator, Metric, Recogniser, SpottedInterval, Spotter, Spotting,
    SpottingProtocol, Video, setting,
)
"""

REGISTRIES = ("datasets.catalogue:DATASETS", "methods.catalogue:METHODS", "protocols.catalogue:PROTOCOLS")
REGISTRIES += ("metrics.catalogue:METRICS", "runs.executors.catalogue:EXECUTORS", "faces.au_catalogue:AU_DETECTORS")


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing that a test loads stay registered."""
    for place in REGISTRIES:
        module, _, name = place.partition(":")
        registry = getattr(importlib.import_module(f"mebench.{module}"), name)
        for attribute in ("_entries", "_objects", "_broken"):
            monkeypatch.setattr(registry, attribute, dict(getattr(registry, attribute)))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("mebench_plugin_"):
            del sys.modules[name]


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: None) -> Checked:
    """Write a plug-in file, check it, and return what was found by the name of the check; nothing stays registered.

    Methods are tried in another process only where `elsewhere` says so, which takes its time.
    """

    def check(code: str, *, elsewhere: bool = False) -> dict[str, Finding]:
        if not elsewhere:
            monkeypatch.setattr(files, "check_method", lambda cls, tell, _: check_method(cls, tell))
        path = tmp_path / "own.py"
        path.write_text(HEAD + textwrap.dedent(code))
        return {finding.check: finding for finding in files.checks_of(path)}

    return check


def failed(found: dict[str, Finding]) -> dict[str, str]:
    """Return the reasons of what failed."""
    return {finding.check: finding.reason for finding in found.values() if not finding.ok}
