"""ROC curves on the page of a run."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from mebench.leaderboard.build import build_leaderboard
from mebench.leaderboard.roc import SIDE, UNREADABLE, roc_view
from mebench.runs.run import run
from mebench.schema.scorecard import Scorecard

RUNS = Path(__file__).parents[1] / "runs"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with raw scores, and one without, whose one score is of any movement."""
    out = tmp_path_factory.mktemp("runs")
    plugins = [RUNS / "fake_plugin.py", RUNS / "raw_plugin.py"]
    for name, method in (("raw", "raw_speaker"), ("none", "raw_speaker:outputs=0")):
        run(method, ["fake_lv"], out=out / name, executor="inline", device="cpu", plugins=plugins)
    return out


def test_the_curves_are_of_the_scores_that_the_run_keeps(made):
    view = roc_view(made / "raw")
    assert [line.scope for line in view.lines] == ["macro", "micro"]
    card = Scorecard.read(made / "raw/scorecard.json")
    assert [line.area for line in view.lines] == [
        f"AUC {card.score('raw_auc', scope).value:.3f}".replace("0.", ".") for scope in ("macro", "micro")
    ]
    assert view.caption.startswith("Raw scores of the frames with a face of 5 people, pooled")
    other = roc_view(made / "none")
    assert [line.scope for line in other.lines] == ["movement"]
    assert other.caption.startswith("Processed scores of the frames of 5 people, pooled")


def test_a_path_runs_from_corner_to_corner_and_never_back(made):
    for line in roc_view(made / "raw").lines:
        points = [tuple(map(int, point.split())) for point in line.path.removeprefix("M").split("L")]
        assert (points[0], points[-1]) == ((0, SIDE), (SIDE, 0))
        assert all(a <= c and b >= d for (a, b), (c, d) in zip(points, points[1:], strict=False))


def test_folds_that_are_missing_are_said(made, tmp_path):
    part = tmp_path / "part"
    shutil.copytree(made / "raw", part)
    next(part.glob("folds/*/done.json")).unlink()
    assert "4 of 5 people" in roc_view(part).caption


def test_a_card_alone_has_none_and_a_run_that_cannot_be_read_says_so(made, tmp_path, make_run):
    assert roc_view(make_run()) is None
    broken = tmp_path / "broken"
    shutil.copytree(made / "raw", broken)
    config = json.loads((broken / "config.json").read_text())
    (broken / "config.json").write_text(json.dumps({**config, "protocol": {"id": "nobodys", "version": 1}}))
    view = roc_view(broken)
    assert (view.lines, view.problem) == ((), UNREADABLE)
    assert str(tmp_path) not in UNREADABLE


def test_the_page_shows_them_once(made, tmp_path, parse):
    page = parse(build_leaderboard([made / "raw"], tmp_path))
    figures = page.find_all("figure", "roc")
    assert len(figures) == 1
    paths = [path.attributes["class"] for path in figures[0].find_all("path")]
    assert paths == ["roc-macro", "roc-micro"]
    assert re.fullmatch(r"macro, AUC \.\d{3} micro, AUC \.\d{3} Raw scores.*", figures[0].find("figcaption").text)
