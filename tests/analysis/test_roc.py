"""ROC curves of a run: of raw or processed scores, one fold and pooled, and what has none."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.roc import RocCurve, curve_of, raw_frames_of_run, roc_of_run
from mebench.errors import UserError
from mebench.protocols.rules.raw_scores import ScopeFrames
from mebench.runs.run import run
from mebench.schema.scorecard import Scorecard

RUNS = Path(__file__).parents[1] / "runs"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs with raw scores of both types, of movement, and without; `learner` has folds of two people."""
    out = tmp_path_factory.mktemp("runs")
    plugins = [RUNS / "fake_plugin.py", RUNS / "raw_plugin.py"]
    methods = {"raw": "raw_speaker", "one": "raw_speaker:outputs=1", "none": "raw_speaker:outputs=0"}
    for name, method in {**methods, "learner": "learner"}.items():
        run(method, ["fake_lv"], out=out / name, executor="inline", device="cpu", plugins=plugins)
    return out


def value(folder: Path, metric: str, scope: str) -> float:
    return Scorecard.read(folder / "scorecard.json").score(metric, scope).value


@pytest.mark.parametrize(("name", "kind", "metric"), [("raw", "raw", "raw_auc"), ("learner", "processed", "auc")])
def test_pooled_areas_are_those_of_the_card(made: Path, name: str, kind: str, metric: str) -> None:
    found = roc_of_run(made / name)
    assert (found.kind, found.method) == (kind, "raw_speaker" if name == "raw" else name)
    assert (found.tested, found.planned, list(found.pooled)) == (5, 5, ["macro", "micro"])
    for scope, curve in found.pooled.items():
        assert curve.area == value(made / name, metric, scope)
        assert np.trapezoid(curve.true_positive, curve.false_positive) == pytest.approx(curve.area)


def test_a_fold_is_one_tested_person(made: Path) -> None:
    areas = [roc_of_run(made / "raw", f"s0{i}").of_fold["macro"].area for i in range(1, 6)]
    assert np.mean(areas) == pytest.approx(value(made / "raw", "raw_auc_fold_mean", "macro"))
    assert len(raw_frames_of_run(made / "raw", "micro").people) == 5


def test_a_fold_of_the_run_is_the_frames_of_all_whom_it_tests(made: Path) -> None:
    found = roc_of_run(made / "learner", "001-s01-s02")
    assert (found.fold, found.people) == ("001-s01-s02", ("s01", "s02"))
    one = roc_of_run(made / "learner", "s02")
    assert (one.fold, one.people) == ("s02", ("s02",))
    assert found.of_fold["macro"].area != one.of_fold["macro"].area


@pytest.mark.parametrize(("name", "kind"), [("one", "raw"), ("none", "processed")])
def test_one_score_of_any_movement_is_one_curve(made: Path, name: str, kind: str) -> None:
    found = roc_of_run(made / name)
    assert (found.kind, list(found.pooled), list(found.of_fold)) == (kind, ["movement"], ["movement"])


def frames(labels: list[bool], scores: list[float], person: list[int]) -> ScopeFrames:
    of = np.array(person)
    return ScopeFrames(np.array(labels), np.array(scores, np.float32), of, None, ("a", "b", "c"))


def test_curves_as_worked_by_hand() -> None:
    # Person a: positives .9 and .4, negatives .6 and .1; person b: a negative above all, and a positive tied with one.
    both = frames([True, True, False, False, False, True], [0.9, 0.4, 0.6, 0.1, 1.0, 0.6], [0, 0, 0, 0, 1, 1])
    alone = curve_of(both, ["a"])
    assert alone.false_positive.tolist() == [0, 0, 0.5, 0.5, 1]
    assert alone.true_positive.tolist() == [0, 0.5, 0.5, 1, 1]
    assert alone.area == 0.75
    pooled = curve_of(both)
    # Of 9 pairs: .9 lies above two negatives, .4 above one, .6 above one and ties with one.
    assert pooled.area == pytest.approx(4.5 / 9)
    assert curve_of(both, ["c"]).area is None
    assert curve_of(frames([False, False], [0.1, 0.2], [0, 0])).area is None


def test_long_curves_are_thinned_and_keep_their_ends() -> None:
    x = np.linspace(0, 1, 10_000)
    kept = RocCurve(x, x**2, 2 / 3).thinned(400)
    assert kept.shape == (2, 400)
    assert (kept[:, 0].tolist(), kept[:, -1].tolist()) == ([0, 0], [1, 1])


def test_by_default_the_fold_is_a_person_of_whom_every_curve_is_defined(made: Path, tmp_path: Path) -> None:
    assert roc_of_run(made / "learner").fold == "s01"
    other = tmp_path / "other"
    shutil.copytree(made / "raw", other)
    events = other / "truth" / "events.csv"
    events.write_text("".join(line for line in events.read_text().splitlines(True) if not line.startswith("s01,")))
    assert roc_of_run(other).fold == "s02"
    assert roc_of_run(other, "s01").of_fold["macro"].area is None


def test_folds_that_are_not_done_are_told(made: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    shutil.copytree(made / "learner", part)
    (part / "folds/001-s01-s02/done.json").unlink()
    found = roc_of_run(part)
    assert (found.fold, found.tested, found.planned) == ("s03", 3, 5)
    for name in ("001-s01-s02", "s01"):
        with pytest.raises(UserError, match=f"The fold {name} of .* is not done: give the same mebench run"):
            roc_of_run(part, name)
    for done in part.glob("folds/*/done.json"):
        done.unlink()
    with pytest.raises(UserError, match="No fold of .* is done"):
        roc_of_run(part)


@pytest.mark.parametrize(
    ("name", "scope", "message"), [("none", "macro", "keeps no raw scores"), ("raw", "movement", "no raw scores of 'm")]
)
def test_what_has_no_raw_frames(made: Path, name: str, scope: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        raw_frames_of_run(made / name, scope)


def test_what_has_no_curve(made: Path) -> None:
    with pytest.raises(UserError, match="tests nobody and has no fold of the name 's9'.* s05"):
        roc_of_run(made / "raw", "s9")
    with pytest.raises(UserError, match="is not the folder of a run"):
        roc_of_run(made)
