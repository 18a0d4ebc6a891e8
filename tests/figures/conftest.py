from __future__ import annotations

from pathlib import Path

import pytest

from mebench.runs.plugins import load_plugin
from mebench.runs.run import run

PLUGIN = Path(__file__).parents[1] / "runs" / "fake_plugin.py"


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of `learner` on `fake_lv`: five subjects in three folds, without torch and without faces."""
    load_plugin(PLUGIN)
    out = tmp_path_factory.mktemp("run") / "r"
    run("learner", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[PLUGIN])
    return out
