"""ROC curves of a run: the numbers of its card, and one fold apart from all."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.figures import roc
from mebench.figures.roc import areas, draw_roc, roc_of
from mebench.runs.run import load_run


def test_pooled_areas_are_those_of_the_card(trained: Path) -> None:
    found = roc_of(trained)
    card = load_run(trained).scorecard
    for scope in ("macro", "micro"):
        (value,) = [score.value for score in card.scores if (score.metric, score.scope) == ("auc", scope)]
        assert found.pooled[scope].area == value
    assert (found.fold, found.folds, found.planned, found.method) == ("001-s01-s02", 3, 3, "learner")
    assert roc_of(trained, "002-s03-s04").of_fold["macro"].area != found.of_fold["macro"].area


def test_curves_as_worked_by_hand(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Macro-expression at frames 14-54 of 211 and none in the second video: scores rank half of its frames first.
    def scores(folder: object) -> dict[str, np.ndarray]:
        array = np.zeros((211, 2), np.float32)
        array[13:33, 1] = 2
        array[100:120, 1] = 1
        return {"s01/v1": array}

    monkeypatch.setattr(roc, "kept_scores", scores)
    curve = roc_of(trained).of_fold["macro"]
    negatives = 211 - 41
    assert curve.true_positive.tolist() == pytest.approx([0, 20 / 41, 20 / 41, 1])
    assert curve.false_positive.tolist() == pytest.approx([0, 0, 20 / negatives, 1])
    wrong, ties = 21 * 20, 21 * 150
    assert curve.area == pytest.approx(1 - (wrong + ties / 2) / (41 * negatives))


def test_one_score_of_any_movement_is_one_curve(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scores(folder: object) -> dict[str, np.ndarray]:
        column = np.zeros(211, np.float32)
        column[13:54] = column[113:123] = 1  # both events
        return {"s01/v1": np.stack([column, column], axis=1)}

    monkeypatch.setattr(roc, "kept_scores", scores)
    found = roc_of(trained)
    assert list(found.pooled) == ["movement"]
    assert found.pooled["movement"].area == 1.0
    assert set(found.arrays()) == {"fold/movement", "pooled/movement"}


def test_a_fold_without_events_has_no_area(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roc, "kept_scores", lambda folder: {"s01/v2": np.zeros((212, 2), np.float32)})
    found = roc_of(trained)
    assert list(areas(found.of_fold)) == ["movement not defined"]
    assert draw_roc(found)["png"].startswith(b"\x89PNG")


def test_long_curves_are_thinned_and_keep_their_ends() -> None:
    x = np.linspace(0, 1, 10_000)
    kept = roc._thinned(x, x**2)
    assert (kept[0], kept[-1], len(kept) <= roc.POINTS) == (0, 9_999, True)


def test_the_same_run_gives_the_same_bytes(trained: Path) -> None:
    assert draw_roc(roc_of(trained)) == draw_roc(roc_of(trained))


def test_folds_that_are_not_there_or_not_done_are_told(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no fold '001'.* Did you mean '001-s01-s02'"):
        roc_of(trained, "001")
    part = tmp_path / "part"
    shutil.copytree(trained, part)
    (part / "folds/001-s01-s02/done.json").unlink()
    assert (roc_of(part).fold, roc_of(part).folds) == ("002-s03-s04", 2)
    with pytest.raises(UserError, match="The fold 001-s01-s02 of .* is not done"):
        roc_of(part, "001-s01-s02")
    for done in part.glob("folds/*/done.json"):
        done.unlink()
    with pytest.raises(UserError, match="No fold of .* is done"):
        roc_of(part)
