"""Runs that differ in the seed alone."""

from __future__ import annotations

import pytest

from mebench.analysis.seeds import mean_card, seed_of, uncertainties
from mebench.runs.run import run
from mebench.schema.scorecard import ProtocolRef, Score, Scorecard
from mebench.schema.seed_scores import SeedScores
from tests.analysis.cards import card_of


def with_f1(value, ci95=None):
    return card_of("megc2020-spotting").replace(scores=(Score("f1", "overall", value, ci95),))


def test_the_seed_stands_on_the_card_or_in_the_run(tmp_path):
    card = card_of("megc2020-spotting")
    assert seed_of(tmp_path / "scorecard.json", card) is None
    assert seed_of(tmp_path / "scorecard.json", card.replace(environment={"seed": 3})) == 3
    assert seed_of(tmp_path / "scorecard.json", card.replace(environment={"seed": "3"})) is None


def test_a_mean_has_the_scores_that_all_cards_have():
    a, b = with_f1(0.2), with_f1(0.4)
    more = b.replace(scores=(*b.scores, Score("auc", "micro", 0.9)))
    (score,) = mean_card([more, a]).scores
    assert (score.metric, score.scope, score.value) == ("f1", "overall", pytest.approx(0.3))
    undefined = a.replace(scores=(Score("f1", "overall", 0.0, defined=False),))
    assert not mean_card([b, undefined]).score("f1", "overall").defined
    assert not mean_card([b, a.replace(complete=False)]).complete


def test_both_chances_are_said_and_told_apart():
    recorded = with_f1(0.452, (0.374, 0.526))
    seeds = SeedScores.of({0: recorded, 1: with_f1(0.51), 2: with_f1(0.48)})
    assert uncertainties(recorded, seeds) == [
        "f1 of overall: over seeds mean 0.481, sd 0.029, n = 3 (the chance of training); "
        "recorded 0.452, interval over subjects [0.374, 0.526] (the chance of who is tested)"
    ]
    assert uncertainties(with_f1(0.452), seeds)[0].endswith("(the chance of training)")
    assert uncertainties(recorded.replace(protocol=ProtocolRef("theirs", "1")), seeds) == []


def test_a_run_of_the_past_says_its_seed_in_its_configuration(plugin, tmp_path):
    run("oracle", ["fake_lv"], out=tmp_path, executor="inline", device="cpu", seed=4, plugins=[plugin])
    card = Scorecard.read(tmp_path / "scorecard.json")
    assert card.environment["seed"] == 4
    assert seed_of(tmp_path / "scorecard.json", card.replace(environment={})) == 4
