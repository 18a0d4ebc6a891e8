"""Repeats of a run: a folder for each seed, equal folds, and mean and deviation as worked out by hand."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from mebench.runs.repeats import repeated, spreads_of
from mebench.runs.run import load_run
from mebench.schema.seed_scores import FILE, SeedScores


@pytest.fixture
def results(tmp_path: Path, plugin: Path):
    more = {"executor": "inline", "plugins": [plugin], "cache": tmp_path / "cache", "method": "learner"}
    return list(repeated(3, seed=4, out=tmp_path / "r", datasets=["fake_lv:subjects=3"], **more))


def test_each_seed_has_its_folder_and_all_the_same_folds(results, tmp_path):
    assert [result.folder.name for result in results] == ["seed-4", "seed-5", "seed-6"]
    configs = [load_run(result.folder).config for result in results]
    assert [config["seed"] for config in configs] == [4, 5, 6]
    assert all(config["folds"] == configs[0]["folds"] for config in configs)


def test_mean_and_deviation_are_those_of_the_cards(results, tmp_path):
    found = spreads_of(results, 4, tmp_path)
    assert found
    for (metric, scope), spread in found.items():
        values = [result.scorecard.score(metric, scope).value for result in results]
        assert spread.mean == pytest.approx(statistics.fmean(values))
        assert spread.sd == pytest.approx(statistics.stdev(values))
    assert SeedScores.read(tmp_path / FILE).spreads() == found
