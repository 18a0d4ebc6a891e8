from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.apply.models import Models, choose_models
from mebench.runs.plugins import load_plugin
from mebench.runs.run import run

PLUGIN = Path(__file__).parents[1] / "runs" / "fake_plugin.py"


@pytest.fixture(scope="session")
def plugin() -> Path:
    """The plug-in file with `fake_lv`, `learner` and others; registered in this process too."""
    load_plugin(PLUGIN)
    return PLUGIN


@pytest.fixture(scope="session")
def trained(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of `learner`, whose five models all find one macro-expression."""
    out = tmp_path_factory.mktemp("run") / "r"
    run("learner", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin])
    return out


@pytest.fixture
def models(trained: Path) -> Models:
    """The models of `trained`."""
    return choose_models(None, trained, None)


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """A folder of 80 tiny pictures."""
    return make_frames(tmp_path / "holiday")


def make_frames(folder: Path, count: int = 80, shade: int = 0) -> Path:
    """Write a folder of pictures whose grey is their number plus `shade`."""
    cv2 = pytest.importorskip("cv2")
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        cv2.imwrite(str(folder / f"{number:03d}.png"), np.full((6, 6), number + shade, np.uint8))
    return folder
