"""A clip dataset, a recogniser and a generator of a stranger's go the whole way: run, resume, grade, record, compare."""

from __future__ import annotations

import dataclasses
import inspect
import shutil
from pathlib import Path

import pytest

from mebench.cli.commands import carry_out
from mebench.runs.plugins import load_plugin
from mebench.schema.scorecard import Scorecard
from tests.run_files import comparable

TOYS = Path(__file__).parent / "toys.py"
METHODS = {
    "toy_recogniser": ("megc2019-cde", "uf1", "full"),
    "toy_generator": ("generation-likeness", "psnr", "overall"),
}


def mebench(*arguments: object) -> int:
    """Return the exit code of a command."""
    return carry_out([str(argument) for argument in arguments])


def run(method: str, out: Path, **more: object) -> int:
    options = [f"--{name}={value}" for name, value in more.items()]
    toys = ("--plugin", TOYS, "--method", method, "--dataset", "toy_clips")
    return mebench("run", *toys, "--out", out, "--jobs", 1, *options)


@pytest.fixture(scope="module", params=METHODS)
def finished(request, tmp_path_factory) -> tuple[str, Path]:
    """A finished run of each toy."""
    out = tmp_path_factory.mktemp("runs") / request.param
    assert run(request.param, out) == 0
    return request.param, out


def files(run: Path) -> dict[str, bytes]:
    """Return every file of a run that must be the same in every start."""
    found = (path for path in run.rglob("*") if path.is_file() and path.name not in ("timing.json", ".lock"))
    return {str(path.relative_to(run)): comparable(path) for path in found}


def test_each_toy_is_short():
    load_plugin(TOYS)
    from mebench.datasets.catalogue import DATASETS
    from mebench.methods.catalogue import METHODS as KNOWN

    for cls in (DATASETS.get("toy_clips"), KNOWN.get("toy_recogniser"), KNOWN.get("toy_generator")):
        assert len(inspect.getsource(cls).splitlines()) < 60


def test_a_run_is_graded_under_the_protocol_of_its_task(finished):
    method, out = finished
    protocol, metric, scope = METHODS[method]
    card = Scorecard.read(out / "scorecard.json")
    assert card.complete
    assert card.protocol.id == protocol
    assert card.score(metric, scope).ci95 is not None
    assert [ref.id for ref in card.trained_on] == ["toy_clips"]
    assert len(card.by_subject) == 4


def test_a_run_resumes_and_ends_in_the_same_files(finished, tmp_path):
    method, out = finished
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    for fold in ("002-s02", "003-s03"):
        (copy / "folds" / fold / "done.json").unlink()
    (copy / "folds" / "003-s03" / "checkpoint.safetensors").write_bytes(b"half")
    assert run(method, copy) == run(method, tmp_path / "again") == 0
    assert files(copy) == files(out) == files(tmp_path / "again")
    assert run(method, copy, seed=1) == 2


def test_predictions_are_graded_to_the_same_scores(finished, tmp_path):
    method, out = finished
    predictions = out / ("generated" if method == "toy_generator" else "predictions.csv")
    graded = ("--protocol", METHODS[method][0], "--truth", out / "truth", "--output", tmp_path / "c.json")
    assert mebench("grade", predictions, *graded) == 0
    assert Scorecard.read(tmp_path / "c.json").scores == Scorecard.read(out / "scorecard.json").scores


def test_a_run_is_recorded_and_held_against_its_record(finished, tmp_path):
    method, out = finished
    baselines = tmp_path / "baselines"
    assert mebench("check", out, "--record", "--baselines", baselines) == 0
    kept = {str(path.relative_to(baselines)) for path in baselines.rglob("*") if path.is_file()}
    name = "generated/generated.csv" if method == "toy_generator" else "predictions.csv"
    own = {f"toy_clips/{method}/{name}", f"toy_clips/{method}/scorecard.json"}
    assert kept == {*own, "toy_clips/truth/clips.csv", "toy_clips/truth/truth.json"}
    assert mebench("check", "--baselines", baselines) == 0
    assert mebench("check", out, "--baselines", baselines) == 0
    card, metric = Scorecard.read(out / "scorecard.json"), METHODS[method][1]
    worse = [dataclasses.replace(s, value=0.0, ci95=None) if s.metric == metric else s for s in card.scores]
    card.replace(scores=tuple(worse)).write(tmp_path / "worse.json")
    assert mebench("check", tmp_path / "worse.json", "--baselines", baselines) == 1


def test_two_runs_are_compared_and_ranked(finished, tmp_path, capsys):
    method, out = finished
    assert run(f"{method}", tmp_path / "other", seed=1) == 0
    capsys.readouterr()
    assert mebench("compare", out / "scorecard.json", tmp_path / "other" / "scorecard.json") == 0
    assert METHODS[method][1] in capsys.readouterr().out
    assert mebench("leaderboard", "build", out, tmp_path / "other", "--out", tmp_path / "board") == 0
    page = (tmp_path / "board" / "index.html").read_text(encoding="utf-8")
    assert method in page
    assert {"toy_recogniser": "UF1", "toy_generator": "PSNR"}[method] in page
