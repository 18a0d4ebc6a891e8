"""The long videos of 2020: their counts, and the published matching."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import OFFICIAL, Megc2020Spotting
from mebench.schema.scorecard import Counts
from mebench.schema.truth import TruthCounts
from tests.protocols.megc.counted import long_videos

PAPER = {"samm_lv": (147, 343, 159), "casme_sq": (98, 300, 57)}
"""Videos, macro- and micro-expressions as the authors of the two sets count them."""


@pytest.mark.parametrize("name", PAPER)
def test_a_truth_of_the_published_counts_is_official_and_its_events_score_one(name):
    videos, macro, micro = PAPER[name]
    assert OFFICIAL[name] == TruthCounts(videos=videos, macro=macro, micro=micro)
    truth = long_videos(name, videos, macro, micro)
    card = Megc2020Spotting().score(Predicted(truth.events), truth)
    assert card.official, card.reason
    assert card.counts == {
        **card.counts,
        "overall": Counts(macro + micro, 0, 0),
        "macro": Counts(macro, 0, 0),
        "micro": Counts(micro, 0, 0),
    }
    assert card.score("f1", "overall").value == 1


@pytest.mark.parametrize("less", [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_a_truth_that_lacks_anything_is_not(less):
    counts = [n - m for n, m in zip(PAPER["casme_sq"], less, strict=True)]
    assert "the official set has" in Megc2020Spotting().official_reason(long_videos("casme_sq", *counts))


def test_one_dataset_at_a_time():
    assert Megc2020Spotting().supports(["samm_lv"]) is None
    assert "megc2021-spotting pools several" in Megc2020Spotting().supports(["samm_lv", "casme_sq"])


def test_the_published_numbers_have_a_preset():
    assert Megc2020Spotting.preset(Megc2020Spotting.published_convention).matching == "truth_found"


def test_the_card_says_that_the_thesis_took_fewer_videos_of_casme_sq():
    reasons = {}
    for name, counts in {**PAPER, "fewer": (87, 300, 57)}.items():
        truth = long_videos("casme_sq" if name == "fewer" else name, *counts)
        card = Megc2020Spotting().score(Predicted(truth.events), truth)
        reasons[name] = (card.official, card.reason)
    assert reasons["samm_lv"] == (True, "")
    official, remark = reasons["casme_sq"]
    assert official
    assert "the thesis took 87 of these 98 videos, and which 11 it left out is unknown" in remark
    assert reasons["fewer"][0] is False
    assert "the official set has 300 macro- and 57 micro-expressions in 98 videos" in reasons["fewer"][1]
