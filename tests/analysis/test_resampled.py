"""Scores as functions of who is drawn: against cards, and against people that are really written so often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.compare import compare_cards
from mebench.analysis.resampled import Resampled, resampled_score
from mebench.analysis.roc import raw_frames_of_run
from mebench.metrics.frames import auc
from mebench.runs.run import run
from mebench.schema.scorecard import Scorecard

RUNS = Path(__file__).parents[1] / "runs"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs with raw scores on one dataset."""
    out = tmp_path_factory.mktemp("runs")
    plugins = [RUNS / "fake_plugin.py", RUNS / "raw_plugin.py"]
    for name, method in (("good", "raw_speaker"), ("worse", "raw_speaker:worse=true")):
        run(method, ["fake_lv"], out=out / name, executor="inline", device="cpu", plugins=plugins)
    return out


def card(run: Path) -> Scorecard:
    return Scorecard.read(run / "scorecard.json")


@pytest.mark.parametrize("metric", ["raw_f1", "raw_f1_fold_mean", "raw_loss_fold_sd", "frame_f1"])
def test_what_is_additive_has_the_intervals_of_cards(made: Path, metric: str) -> None:
    good, worse = card(made / "good"), card(made / "worse")
    one, other = (resampled_score(c, metric, "macro") for c in (good, worse))
    assert one is not None
    assert other is not None
    assert one.interval() == pytest.approx(good.score(metric, "macro").ci95)
    change, ends = one.minus(other)
    (expected,) = (d for d in compare_cards(good, worse).differences if (d.metric, d.scope) == (metric, "macro"))
    assert (change, ends) == (expected.difference, pytest.approx(expected.ci95))


def test_an_auc_is_drawn_from_the_run(made: Path) -> None:
    good, worse = (resampled_score(card(made / n), "raw_auc", "macro", made / n) for n in ("good", "worse"))
    assert good is not None
    assert worse is not None
    frames = raw_frames_of_run(made / "good", "macro")
    drawn = np.array([2, 0, 1, 1, 1])
    again = np.repeat(np.arange(len(frames.person)), drawn[frames.person])
    assert good.of(drawn[None].astype(float))[0] == pytest.approx(auc(frames.labels[again], frames.scores[again])[0])
    assert good.interval() == pytest.approx(card(made / "good").score("raw_auc", "macro").ci95)
    change, ends = good.minus(worse)
    assert ends is not None
    assert 0 < ends[0] <= change <= ends[1]


def test_nothing_is_made_up(made: Path) -> None:
    assert resampled_score(card(made / "good"), "raw_auc", "macro") is None
    assert resampled_score(card(made / "good"), "raw_auc", "macro", made) is None
    assert resampled_score(card(made / "good"), "raw_f1", "movement") is None


def test_other_people_are_drawn_apart() -> None:
    def mean_of(values: list[float], *people: str) -> Resampled:
        numbers = np.array(values)
        return Resampled(people, float(numbers.mean()), lambda drawn: drawn @ numbers / len(numbers))

    one = mean_of([0.0, 1.0, 2.0], "a", "b", "c")
    assert one.minus(one) == (0.0, (0.0, 0.0))
    change, ends = one.minus(mean_of([0.0, 1.0, 2.0], "d", "e", "f"))
    assert change == 0
    assert ends is not None
    assert ends[0] < -0.5 < 0.5 < ends[1]
    assert one.minus(mean_of([1.0], "d")) == (0.0, None)


def test_draws_without_a_value_are_left_out() -> None:
    odd = Resampled(("a", "b"), 1.0, lambda drawn: np.where(drawn[:, 0] > 0, 1.0, np.nan))
    never = Resampled(("a", "b"), 1.0, lambda drawn: np.full(len(drawn), np.nan))
    assert odd.interval() == (1.0, 1.0)
    assert never.interval() is None
