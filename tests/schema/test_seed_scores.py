"""Scores over several seeds."""

from __future__ import annotations

import json

import pytest

from mebench.errors import UserError
from mebench.schema.scorecard import DatasetRef, MethodRef, ProtocolRef, Score, Scorecard
from mebench.schema.seed_scores import SeedScores, seeds_beside


def card(*values, digest="d", fingerprint="f"):
    scores = tuple(Score("f1", scope, value) for scope, value in zip(("overall", "macro"), values, strict=False))
    return Scorecard(
        "spotting",
        ProtocolRef("p", "1"),
        {"fingerprint": fingerprint},
        DatasetRef("x", digest),
        MethodRef("m"),
        {},
        scores,
    )


def test_sigma_is_the_standard_deviation_with_n_minus_1():
    seeds = SeedScores.of({0: card(0.1, 0.5), 1: card(0.2, 0.5), 2: card(0.3, 0.5)})
    assert seeds.sigmas() == pytest.approx({("f1", "overall"): 0.1, ("f1", "macro"): 0.0})
    assert (seeds.fingerprint, seeds.truth) == ("f", "d")


def test_a_score_that_one_seed_lacks_has_no_sigma():
    seeds = SeedScores.of({0: card(0.1, 0.5), 1: card(0.2)})
    assert list(seeds.sigmas()) == [("f1", "overall")]


def test_survives_a_file(tmp_path):
    seeds = SeedScores.of({4: card(0.1), 1: card(1 / 3)})
    seeds.write(tmp_path / "seeds.json")
    assert SeedScores.read(tmp_path / "seeds.json") == seeds
    assert [run.seed for run in seeds.runs] == [1, 4]


def test_what_gives_no_variance_is_refused(tmp_path):
    with pytest.raises(UserError, match="needs two runs or more"):
        SeedScores.of({0: card(0.1)})
    with pytest.raises(UserError, match="not graded alike"):
        SeedScores.of({0: card(0.1), 1: card(0.1, digest="e")})
    with pytest.raises(UserError, match="not graded alike"):
        SeedScores.of({0: card(0.1), 1: card(0.1, fingerprint="g")})
    (tmp_path / "seeds.json").write_text("{")
    with pytest.raises(UserError, match="record the seeds again"):
        SeedScores.read(tmp_path / "seeds.json")
    (tmp_path / "seeds.json").write_text(json.dumps({"schema": 1, "truth": "", "runs": []}))
    with pytest.raises(UserError, match="lacks the field 'fingerprint'"):
        SeedScores.read(tmp_path / "seeds.json")


def test_mean_and_spread_of_each_score():
    seeds = SeedScores.of({0: card(0.1, 0.5), 1: card(0.2, 0.5), 2: card(0.3, 0.5)})
    spread = seeds.spreads()["f1", "overall"]
    assert (spread.mean, spread.sd, spread.n) == (pytest.approx(0.2), pytest.approx(0.1), 3)
    assert str(spread) == "mean 0.200, sd 0.100, n = 3"


def test_seeds_are_found_beside_a_recorded_card_alone(tmp_path):
    one = card(0.1, digest="d")
    SeedScores.of({0: one, 1: card(0.3)}).write(tmp_path / "seeds.json")
    assert seeds_beside(tmp_path / "scorecard.json", one).spreads()["f1", "overall"].n == 2
    assert seeds_beside(tmp_path / "other.json", one) is None
    assert seeds_beside(tmp_path / "elsewhere" / "scorecard.json", one) is None
    with pytest.raises(UserError, match="was not graded as the scorecard beside it: record the seeds again"):
        seeds_beside(tmp_path / "scorecard.json", card(0.1, digest="e"))
