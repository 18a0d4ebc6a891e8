"""Folds that are done are pooled; what is missing counts as not found."""

from __future__ import annotations

import pytest

from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.runs.plan import Fold
from mebench.runs.run import run
from mebench.runs.score import score_run
from mebench.runs.store import RunFolder
from mebench.schema.scorecard import Scorecard
from mebench.schema.truth import Truth


@pytest.fixture
def folder(plugin, tmp_path):
    run("oracle", ["fake_lv:subjects=4"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin])
    return RunFolder(tmp_path / "r")


def score(folder, plan):
    method = Scorecard.read(folder.path / "scorecard.json").method
    return score_run(folder, plan, Megc2020Spotting(), Truth.read(folder.path / "truth"), method)


def plan_of(folder):
    return [Fold.from_dict(plain) for plain in folder.config()["folds"]]


def test_scoring_again_gives_the_same_card(folder):
    before = Scorecard.read(folder.scorecard)
    card = score(folder, plan_of(folder))
    assert card.compared() == before.compared()
    assert Scorecard.read(folder.scorecard) == card
    assert card.timing["folds"] == 4


def test_the_order_of_folds_never_matters(folder):
    plan = plan_of(folder)
    assert score(folder, plan).compared() == score(folder, plan[::-1]).compared()


def test_a_missing_fold_is_not_found_and_makes_the_card_incomplete(folder):
    plan = plan_of(folder)
    whole = score(folder, plan)
    (folder.fold(plan[0]).path / "done.json").unlink()
    card = score(folder, plan)
    lost = next(row for row in whole.by_subject if row.subject == plan[0].test[0].subject).counts["overall"]
    assert (whole.complete, card.complete) == (True, False)
    assert card.counts["overall"].fn == lost.tp > 0
    assert card.counts["overall"].tp == whole.counts["overall"].tp - lost.tp
    assert len(card.by_subject) == 4
