"""Pre-training and fine-tuning as one run: who is in which stage, copies included, and what `legacy` may look at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.run import load_run, run
from mebench.schema.scorecard import Scorecard

TOYS = Path(__file__).parents[1] / "toys"
PLUGINS = [TOYS / "composite.py", TOYS / "toys.py"]


@pytest.fixture
def go(tmp_path):
    def call(method="toy_staged", out="run", dataset="toy_composite:share=9", **more):
        options = {"executor": "inline", "plugins": PLUGINS, "cache": tmp_path / "cache", "protocol": "mie-x", **more}
        return run(method, [dataset], out=tmp_path / out, **options)

    return call


@pytest.fixture
def copies(tmp_path):
    """Two made copies: one of a tested person, one of somebody else and a tested person's action units."""
    folder = tmp_path / "made"
    folder.mkdir()
    rows = [{"subject": "s01", "of": ["smic/s09"]}, {"subject": "s02", "of": ["toy_clips/s01", "samm/s09"]}]
    plain = {"schema": 1, "dataset": {"id": "toy_clips", "settings": {"subjects": 2}}, "copies": rows}
    (folder / "provenance.json").write_text(json.dumps(plain))
    return folder


def lines(folder):
    return [json.loads(line) for line in (folder.path / "log.jsonl").read_text().splitlines()]


def test_the_first_stage_holds_other_datasets_and_copies_but_nobody_who_is_tested(go, copies):
    result = go(training=["toy_smic"], also=[copies])
    assert result.complete
    seen = set()
    for folder in load_run(result.folder).folds():
        first, last, _ = lines(folder)
        tested = set(map(str, folder.fold.test))
        assert not tested & {*first["people"], *last["people"]}
        assert last["sources"] == [""]
        assert "toy_smic" in first["sources"]
        for copy, original in (("toy_clips/s01~made", "smic/s09"), ("toy_clips/s02~made", "samm/s09")):
            assert (copy in first["people"]) == (original not in tested)
            seen.add((copy, copy in first["people"]))
        assert {name.split("/")[0] for name in last["people"]} == {"casme2", "samm", "smic"}
        # People of SMIC who are not tested are in both stages.
        assert any(name.startswith("smic/") for name in first["people"])
    assert len(seen) == 4


def test_the_card_is_of_the_tested_dataset_alone_and_names_all_that_was_learnt_from(go, copies):
    result = go(training=["toy_smic"], also=[copies])
    card = Scorecard.read(result.folder / "scorecard.json")
    alone = Scorecard.read(go(out="alone").folder / "scorecard.json")
    assert [ref.id for ref in card.trained_on] == ["toy_smic", "toy_composite", "made"]
    assert card.dataset == alone.dataset
    assert card.protocol.id == "mie-x"
    assert card.convention["pooling"] == "folds"
    assert len(load_run(result.folder).config["folds"]) == 3


def test_together_and_direct_deployment(go):
    both = go("toy_staged:together=toy_smic", training=["toy_smic"])
    for folder in load_run(both.folder).folds():
        only, _ = lines(folder)
        assert only["sources"] == ["", "toy_smic"]
    direct = go("toy_staged:fine_tune=no", training=["toy_smic"], out="direct")
    for folder in load_run(direct.folder).folds():
        only, _ = lines(folder)
        assert only["sources"] == ["toy_smic"]


def test_under_other_protocols_somebody_may_not_be_of_both_sides(go):
    with pytest.raises(UserError, match="is tested and trained on"):
        go(training=["toy_smic"], protocol="megc2019-cde")


def test_only_a_legacy_run_sees_tested_truth_and_its_card_says_so(go):
    honest, legacy = go(out="last"), go("toy_staged:legacy=true", out="best")
    for folder in load_run(honest.folder).folds():
        assert lines(folder)[-1] == {"kept": 2, "scored": 0}
    for folder in load_run(legacy.folder).folds():
        assert lines(folder)[-1]["scored"] > 0
        assert lines(folder)[-1]["kept"] == 0
    last, best = (Scorecard.read(result.folder / "scorecard.json") for result in (honest, legacy))
    assert "the epoch was chosen on the tested clips" in best.reason
    assert not best.official
    assert "chosen" not in last.reason
    assert best.score("accuracy", "full").value > last.score("accuracy", "full").value
