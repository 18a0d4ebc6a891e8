from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.leaderboard.artefacts import Artefacts, read_artefacts
from mebench.leaderboard.cards import read_card
from mebench.leaderboard.matching import match
from mebench.metrics.conventions.spotting import PRESETS, SpottingConvention
from mebench.schema.scorecard import Counts


def kept_of(run) -> Artefacts:
    kept = read_artefacts(run)
    assert isinstance(kept, Artefacts), kept
    return kept


def test_marks_are_those_of_the_grader(make_run):
    run = make_run()
    found = match(kept_of(run), read_card(run).card)
    assert found.predictions.tolist() == [True, False, False]
    assert found.truths.tolist() == [True, False, False]


def test_marks_follow_the_convention_of_the_card(make_run):
    two = [("s1", "a", 100, 160, "macro"), ("s1", "a", 105, 160, "macro")]
    strict, loose = (make_run(rows=two, convention=PRESETS[name]) for name in ("strict", "megc2020"))
    assert match(kept_of(strict), read_card(strict).card).predictions.sum() == 1
    assert match(kept_of(loose), read_card(loose).card).predictions.sum() == 2


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_recognised_from_a_card(name):
    assert SpottingConvention.of_card(PRESETS[name].as_dict()) == PRESETS[name]


def test_an_unknown_convention_is_not_guessed():
    with pytest.raises(UserError, match="not known here"):
        SpottingConvention.of_card({**SpottingConvention().as_dict(), "colour": "red"})


def test_a_fingerprint_that_does_not_fit_is_refused():
    with pytest.raises(UserError, match="does not have its fingerprint"):
        SpottingConvention.of_card({**SpottingConvention().as_dict(), "iou": 0.4})


def test_predictions_that_the_card_was_not_made_of_are_refused(make_run):
    run = make_run()
    card = read_card(run).card
    changed = card.replace(counts={**card.counts, "macro": Counts(2, 0, 0)})
    with pytest.raises(UserError, match="not what it was made of"):
        match(kept_of(run), changed)


def test_an_incomplete_card_may_count_fewer(make_run):
    run = make_run()
    card = read_card(run).card
    partial = card.replace(counts={**card.counts, "macro": Counts(0, 0, 0)}, complete=False)
    assert match(kept_of(run), partial).truths.sum() == 1
