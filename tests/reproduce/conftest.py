from __future__ import annotations

from pathlib import Path

import pytest

from mebench.runs.plugins import load_plugin

PLUGIN = Path(__file__).parents[1] / "runs" / "fake_plugin.py"


@pytest.fixture(scope="session")
def plugin() -> Path:
    """The plug-in file with `fake_lv`, `learner` and others; registered in this process too."""
    load_plugin(PLUGIN)
    return PLUGIN
