"""ROC curves of a run: one fold, pooled, and what has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.roc import raw_frames_of_run, roc_of_run
from mebench.errors import UserError
from mebench.runs.run import run
from mebench.schema.scorecard import Scorecard

RUNS = Path(__file__).parents[1] / "runs"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with raw scores, and one without."""
    out = tmp_path_factory.mktemp("runs")
    plugins = [RUNS / "fake_plugin.py", RUNS / "raw_plugin.py"]
    for name, method in (("raw", "raw_speaker"), ("none", "raw_speaker:outputs=0")):
        run(method, ["fake_lv"], out=out / name, executor="inline", device="cpu", plugins=plugins)
    return out


def test_the_pooled_curve_has_the_area_of_the_card(made: Path) -> None:
    fpr, tpr, area = roc_of_run(made / "raw", "macro")
    assert area == Scorecard.read(made / "raw" / "scorecard.json").score("raw_auc", "macro").value
    assert np.trapezoid(tpr, fpr) == pytest.approx(area)
    assert (fpr[0], tpr[0], fpr[-1], tpr[-1]) == (0, 0, 1, 1)


def test_folds_have_their_own(made: Path) -> None:
    areas = [roc_of_run(made / "raw", "macro", f"s0{i}")[2] for i in range(1, 6)]
    mean = Scorecard.read(made / "raw" / "scorecard.json").score("raw_auc_fold_mean", "macro").value
    assert np.mean(areas) == pytest.approx(mean)
    assert len(raw_frames_of_run(made / "raw", "micro").people) == 5


@pytest.mark.parametrize(
    ("name", "scope", "fold", "message"),
    [
        ("none", "macro", None, "keeps no raw scores"),
        ("raw", "movement", None, "no raw scores of 'movement'"),
        ("raw", "macro", "s9", "Nobody of the name 's9' is tested"),
    ],
)
def test_what_has_no_curve(made: Path, name: str, scope: str, fold: str | None, message: str) -> None:
    with pytest.raises(UserError, match=message):
        roc_of_run(made / name, scope, fold)
