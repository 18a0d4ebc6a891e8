"""Folds that are done are pooled; what is missing counts as not found."""

from __future__ import annotations

import json
import re

import pytest

from mebench.analysis.consistency import Consistency, consistency_of
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


def test_where_every_fold_is_missing_there_is_no_score(folder):
    plan = plan_of(folder)
    for fold in plan:
        (folder.fold(fold).path / "done.json").unlink()
    card = score(folder, plan)
    assert (card.complete, card.scores, card.counts, card.by_subject) == (False, (), {}, ())
    assert card.reason == "no fold is done, so there is nothing to grade"
    assert Scorecard.read(folder.scorecard) == card
    assert consistency_of(card) == Consistency()


def test_seed_seconds_and_date_stand_on_the_card_and_are_not_compared(folder):
    card = Scorecard.read(folder.scorecard)
    assert card.environment["seed"] == 0
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", card.timing["date"])
    assert card.timing["training_seconds"] >= 0
    other = card.replace(environment={"seed": 1}, timing={**card.timing, "date": "2001-01-01"})
    assert other.compared() == card.compared()


def test_a_start_that_trains_nothing_keeps_the_date(folder, plugin):
    path = folder.path / "timing.json"
    path.write_text(path.read_text().replace(json.loads(path.read_text())["date"], "2001-02-03"))
    run("oracle", ["fake_lv:subjects=4"], out=folder.path, executor="inline", device="cpu", plugins=[plugin])
    assert Scorecard.read(folder.scorecard).timing["date"] == "2001-02-03"


def test_what_was_tuned_on_the_tested_data_makes_the_card_unofficial_and_says_so(folder):
    plan, clause = plan_of(folder), "p = 0.55 of softnet was chosen on the scored videos"
    method, truth = Scorecard.read(folder.scorecard).method, Truth.read(folder.path / "truth")
    before = score(folder, plan)
    card = score_run(folder, plan, Megc2020Spotting(), truth, method, tuned=[clause])
    assert not card.official
    assert card.reason == "; ".join(filter(None, (before.reason, clause)))
    assert Scorecard.read(folder.scorecard) == card
    assert card.scores == before.scores
