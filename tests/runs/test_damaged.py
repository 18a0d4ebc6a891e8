"""Folds that were graded once and cannot be read any more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.rescore import rescore
from mebench.analysis.roc import raw_frames_of_run, roc_of_run
from mebench.errors import UserError
from mebench.runs.damaged import damaged_folds
from mebench.runs.folds import DONE
from mebench.runs.run import load_run, run
from mebench.runs.store import RunFolder
from mebench.runs.work.raw_scores import RAW
from mebench.runs.work.spotting import SCORES
from mebench.schema.scorecard import Scorecard
from tests.cli.conftest import Mebench, mebench  # noqa: F401  a fixture

PLUGINS = [Path(__file__).with_name(name) for name in ("fake_plugin.py", "raw_plugin.py")]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("damaged") / "r"
    run("raw_speaker", ["fake_lv:subjects=3"], out=out, executor="inline", device="cpu", plugins=PLUGINS)
    return out


@pytest.fixture
def copy(done: Path, tmp_path: Path) -> Path:
    shutil.copytree(done, tmp_path / "r")
    return tmp_path / "r"


def first_fold(folder: Path) -> Path:
    return next(iter(load_run(folder).folds())).path


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def fill(path: Path) -> None:
    with np.load(path) as archive:
        arrays = {name: np.full_like(archive[name], np.nan) for name in archive.files}
    np.savez(path, **arrays)


DAMAGES = [
    (RAW, truncate, f"{RAW} is damaged"),
    (RAW, fill, f"{RAW} is damaged"),
    (RAW, Path.unlink, f"{RAW} is missing"),
    (SCORES, truncate, f"{SCORES} is damaged"),
    (DONE, truncate, f"{DONE} is damaged"),
    (DONE, Path.unlink, f"{DONE} is missing"),
]


def test_a_run_without_damage(done: Path) -> None:
    assert damaged_folds(RunFolder(done)) == ()


@pytest.mark.parametrize(("name", "damage", "told"), DAMAGES)
def test_damage_is_named_and_no_score_is_of_some_people_alone(copy: Path, name: str, damage, told: str) -> None:
    before, fold = Scorecard.read(copy / "scorecard.json"), first_fold(copy)
    damage(fold / name)
    (sentence,) = damaged_folds(RunFolder(copy))
    assert sentence.startswith(f"The fold {fold} cannot be read: {told}. Give the same mebench run command")
    card = rescore(copy)
    assert not card.complete
    assert "folds are damaged, so what needs their files (auc and raw_* of spotting) is left out" in card.reason
    assert not [s for s in card.scores if s.metric.startswith("raw_") or s.metric == "auc"]
    assert card.score("f1", "overall") == before.score("f1", "overall")
    with pytest.raises(UserError, match="cannot be read"):
        raw_frames_of_run(copy, "macro")
    with pytest.raises(UserError, match="not done"):
        roc_of_run(copy, fold.name)


def test_a_fold_that_never_was_is_no_damage(copy: Path) -> None:
    fold = first_fold(copy)
    plain = json.loads((copy / "scorecard.json").read_text())
    (copy / "scorecard.json").write_text(json.dumps({**plain, "complete": False}))
    shutil.rmtree(fold)
    assert damaged_folds(RunFolder(copy)) == ()
    assert [s for s in rescore(copy).scores if s.metric.startswith("raw_")]


@pytest.mark.parametrize("verb", [("rescore",), ("rescore", "--output", "-"), ("figure", "roc")])
def test_the_verbs_end_with_1(copy: Path, mebench: Mebench, verb: tuple[str, ...]) -> None:  # noqa: F811
    (first_fold(copy) / RAW).unlink()
    answer = mebench(*verb, str(copy))
    assert answer.code == 1
    assert answer.err.splitlines()[-1].startswith(f"The fold {first_fold(copy)} cannot be read: {RAW} is missing.")
