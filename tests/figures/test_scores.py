"""Frame scores of one video over time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.figures.scores import draw_scores, score_curves
from mebench.runs.run import run

RUNS = Path(__file__).parents[1] / "runs"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs with raw scores of both types, of movement, and without."""
    out = tmp_path_factory.mktemp("runs")
    plugins = [RUNS / "fake_plugin.py", RUNS / "raw_plugin.py"]
    for outputs in (2, 1, 0):
        method = f"raw_speaker:outputs={outputs}"
        run(method, ["fake_lv"], out=out / str(outputs), executor="inline", device="cpu", plugins=plugins)
    return out


def test_raw_scores_are_drawn_as_the_run_keeps_them(made: Path) -> None:
    found = score_curves(made / "2", "s01/v1")
    assert (found.kind, list(found.curves), found.method) == ("raw", ["macro", "micro"], "raw_speaker")
    with np.load(made / "2/folds/001-s01/raw.npz") as archive:
        assert np.array_equal(found.curves["macro"], archive["scores/s01/v1"][:, 1])
    assert found.thresholds == {"macro": 0.6}  # that of micro is never reached
    assert [kind for *_, kind in found.events if kind == "macro"] == ["macro"]
    assert found.events[0][:2] == (14, 54)


@pytest.mark.parametrize(("name", "kind", "thresholds"), [("1", "raw", {"movement": 0.6}), ("0", "processed", {})])
def test_one_score_of_any_movement_is_one_curve(made: Path, name: str, kind: str, thresholds: dict[str, float]) -> None:
    found = score_curves(made / name, "s01/v1")
    assert (found.kind, list(found.curves), found.thresholds) == (kind, ["movement"], thresholds)


def test_the_same_run_gives_the_same_bytes(made: Path) -> None:
    sheet = draw_scores(score_curves(made / "2", "s01/v1"))
    assert sheet == draw_scores(score_curves(made / "2", "s01/v1"))
    assert sheet != draw_scores(score_curves(made / "2", "s02/v1"))


def test_a_video_that_is_not_there_or_has_no_one_name_is_told(made: Path) -> None:
    with pytest.raises(UserError, match="no scores of a video 's01/v9'.*s01/v1"):
        score_curves(made / "2", "s01/v9")
    with pytest.raises(UserError, match="5 videos are called 'v1': name one of s01/v1, s02/v1"):
        score_curves(made / "2", "v1")
