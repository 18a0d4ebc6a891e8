"""Mean and spread over the seeds that lie beside a card."""

from __future__ import annotations

import dataclasses

from mebench.leaderboard.cards import read_card
from mebench.leaderboard.seeds import ShownSpread, seeds_of
from mebench.schema.scorecard import Score
from mebench.schema.seed_scores import SeedScores


def keep_seeds(run, values, **changes):
    card = read_card(run).card
    cards = {i: card.replace(scores=(Score("f1", "overall", v),)) for i, v in enumerate(values)}
    dataclasses.replace(SeedScores.of(cards), **changes).write(run / "seeds.json")
    return read_card(run)


def test_mean_and_spread_of_every_seed(make_run):
    seeds = seeds_of(keep_seeds(make_run(), [0.4, 0.5, 0.6]))
    assert seeds.of("f1", "overall") == ShownSpread(3, ".500 ± .100")
    assert seeds.of("f1", "macro") is None


def test_a_card_without_seeds(make_run):
    assert seeds_of(read_card(make_run())).of("f1", "overall") is None


def test_seeds_of_another_truth_are_not_shown_and_that_is_said(make_run):
    seeds = seeds_of(keep_seeds(make_run(), [0.4, 0.5], truth="other"))
    assert seeds.scores is None
    assert "record the seeds again" in seeds.why_not
