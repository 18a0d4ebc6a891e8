"""A composite of three databases goes the whole way under megc2019-cde: 68 folds, each learning from all others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.runs.run import load_run, run
from mebench.schema.clips import ClipTable
from mebench.schema.people import Person
from mebench.schema.scorecard import Scorecard

TOYS = Path(__file__).parent / "composite.py"
COUNTED = ("casme2", "samm", "smic", "toy_clips")


def go(out: Path, *datasets: str, method: str = "toy_most", **more):
    options = {"executor": "inline", "plugins": [TOYS], "cache": out.parent / "cache", **more}
    return run(method, datasets, out=out, **options)


@pytest.fixture(scope="module")
def composite(tmp_path_factory):
    """The official numbers of clips and people, run."""
    return go(tmp_path_factory.mktemp("composite") / "run", "toy_composite", protocol="megc2019-cde")


@pytest.mark.slow
def test_there_are_68_folds_over_people_of_databases(composite):
    folds = [folder.fold for folder in load_run(composite.folder).folds()]
    assert len(folds) == 68
    tested = [person for fold in folds for person in fold.test]
    assert len(set(tested)) == 68
    assert {Person("casme2", "s03"), Person("samm", "s03"), Person("smic", "s03")} <= set(tested)
    assert all(set(fold.train) == set(tested) - set(fold.test) for fold in folds)


@pytest.mark.slow
def test_every_fold_learns_from_the_composite(composite):
    for folder in load_run(composite.folder).folds():
        (line,) = map(json.loads, (folder.path / "log.jsonl").read_text().splitlines())
        assert (line["databases"], line["people"]) == (["casme2", "samm", "smic"], 67)


@pytest.mark.slow
def test_it_is_scored_in_full_and_per_database_by_one_model_of_the_composite(composite):
    card = Scorecard.read(composite.folder / "scorecard.json")
    assert card.official, card.reason
    assert [ref.id for ref in card.trained_on] == ["toy_composite"]
    # Everything is said to be negative: UF1 is a third of 2 n / (n + all).
    found = {"full": (250, 442), "casme2": (88, 145), "samm": (92, 133), "smic": (70, 164)}
    for scope, (negative, clips) in found.items():
        assert card.score("uf1", scope).value == pytest.approx(2 * negative / (negative + clips) / 3)
        assert card.score("uar", scope).value == pytest.approx(1 / 3)
    assert len(card.by_subject) == 68
    assert len(ClipTable.read(composite.folder / "truth").clips) == 442


def test_several_datasets_are_one_composite(tmp_path):
    """Their people learn from each other, and each dataset is a database of the truth."""
    done = go(tmp_path / "r", "toy_composite:share=29", "toy_clips", plugins=[TOYS, TOYS.with_name("toys.py")])
    card = Scorecard.read(done.folder / "scorecard.json")
    assert card.protocol.id == "megc2019-cde"
    assert {score.scope for score in card.scores if score.metric == "uf1"} == {"full", *COUNTED}
    for folder in load_run(done.folder).folds():
        (line,) = map(json.loads, (folder.path / "log.jsonl").read_text().splitlines())
        assert line["people"] == len(card.by_subject) - 1
    assert not card.official
