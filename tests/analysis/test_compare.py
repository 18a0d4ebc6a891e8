"""Two scorecards of one truth."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.analysis.compare import compare_cards, statistic_for
from mebench.errors import UserError
from mebench.metrics.conventions.spotting import PRESETS, SpottingConvention
from mebench.metrics.intervals import ratios
from mebench.metrics.statistics.bootstrap import weights
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import Counts, DatasetRef, MethodRef, ProtocolRef, Score, SubjectRow
from mebench.schema.truth import Truth, VideoTable
from tests.old_cards import typed

N = 9


@pytest.fixture
def wide():
    """Nine subjects with three macro- and one micro-expression each."""
    rows = [(f"s{i}", "v", 100 * k, 100 * k + 40, "macro") for i in range(N) for k in (1, 2, 3)]
    rows += [(f"s{i}", "v", 700, 710, "micro") for i in range(N)]
    return Truth(
        Intervals.from_rows(rows).sorted(), VideoTable.from_rows([(f"s{i}", "v", 30.0, 900) for i in range(N)])
    )


def grade(truth, keep, method="m", convention=None, **config):
    """Grade a method that finds the events for which `keep` is true."""
    return Megc2020Spotting().score(
        Predicted(truth.events.select(keep), method=MethodRef(method, config)), truth, convention=convention
    )


def some(truth, share, seed):
    return np.random.default_rng(seed).random(len(truth.events)) < share


def by_key(found):
    return {(d.metric, d.scope): d for d in found.differences}


def test_differences_are_first_minus_second(wide):
    a, b = grade(wide, some(wide, 0.8, 1)), grade(wide, some(wide, 0.4, 2))
    for d in compare_cards(a, b).differences:
        assert d.first == a.score(d.metric, d.scope).value
        assert d.difference == d.first - d.second
    assert {d.metric for d in compare_cards(a, b).differences} == {"f1", "precision", "recall", "frame_f1"}


def test_the_interval_is_that_of_a_loop_over_the_same_resamples(wide):
    a, b = grade(wide, some(wide, 0.8, 1)), grade(wide, some(wide, 0.6, 2))
    counts = [statistic_for(card, "f1", "macro").parts for card in (a, b)]
    values = [[ratios(row @ c)[2] for row in weights(N)] for c in counts]
    expected = np.quantile(np.subtract(*values), (0.025, 0.975))
    assert by_key(compare_cards(a, b))["f1", "macro"].ci95 == pytest.approx(tuple(expected))


def test_a_paired_interval_is_narrower_than_the_cards_own(wide):
    """The same subjects are hard for both, and one method is a little better on each."""
    events = np.arange(len(wide.events))
    hard = np.isin(wide.events.subject, ["s0", "s1", "s2", "s3"])
    a, b = grade(wide, ~hard | (events % 4 < 1)), grade(wide, (~hard & (events % 4 < 3)))
    d = by_key(compare_cards(a, b))["f1", "overall"]
    own = a.score("f1", "overall").ci95
    assert d.ci95[1] - d.ci95[0] < own[1] - own[0]
    assert d.ci95[0] > 0
    assert d.p == 2 / 2**N


def test_equal_predictions_cannot_be_told_apart(wide):
    card = grade(wide, some(wide, 0.5, 3))
    for d in compare_cards(card, card).differences:
        assert d.difference == 0
        assert d.p in (1, None)
        assert d.ci95 in ((0, 0), None)
    assert by_key(compare_cards(card, card))["frame_f1", "macro"].p == 1


@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_undefined_has_no_difference(wide, swapped):
    """A method that predicts nothing has no precision; its 0 is no number to subtract."""
    found = grade(wide, some(wide, 0.8, 1)), grade(wide, np.zeros(len(wide.events), bool))
    d = by_key(compare_cards(*(found[::-1] if swapped else found)))["precision", "overall"]
    assert (d.first, d.second) == ((None, 1.0) if swapped else (1.0, None))
    assert (d.difference, d.ci95, d.p) == (None, None, None)


def test_a_mean_over_subjects_is_compared_as_such(wide):
    mean = SpottingConvention(pooling="mean")
    a, b = grade(wide, some(wide, 0.8, 1), convention=mean), grade(wide, some(wide, 0.4, 2), convention=mean)
    d = by_key(compare_cards(a, b))["recall", "overall"]
    assert d.ci95[0] <= d.difference <= d.ci95[1]
    assert d.p < 0.05


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dataset": DatasetRef("", "other")}, r"their truths differ \( [0-9a-f]{12} and  other\); grade both"),
        ({"protocol": ProtocolRef("megc2020-spotting", "2")}, "their protocols differ"),
        (
            {"convention": PRESETS["auw_gcn"].as_dict()},
            "their conventions differ in comparison, length, matching, outside;",
        ),
    ],
)
def test_cards_that_were_graded_otherwise_are_refused_in_one_sentence(wide, change, message):
    card = grade(wide, some(wide, 0.5, 3))
    with pytest.raises(UserError, match=message) as refused:
        compare_cards(card, card.replace(**change))
    assert "\n" not in str(refused.value)


def test_only_settings_that_differ_are_named(wide):
    a, b = (grade(wide, some(wide, 0.5, 3), "au_sum", window=w, scale=1) for w in (3, 5))
    found = compare_cards(a, b)
    assert (found.first, found.second) == ("au_sum:window=3", "au_sum:window=5")
    assert compare_cards(a, grade(wide, some(wide, 0.5, 3), "mdmd", k=1)).first == "au_sum"


def test_counts_of_subjects_that_are_not_those_of_the_score_are_not_used(wide):
    card = grade(wide, some(wide, 0.5, 3))
    kept = statistic_for(card, "f1", "overall")
    assert kept.parts.sum(axis=0).tolist() == list(dataclasses.astuple(card.counts["overall"]))
    others = (
        {"by_subject": ()},
        {"scores": (Score("f1", "overall", 0.123),)},
        {"by_subject": (SubjectRow("s0", {"overall": Counts(1, 2, 3)}),)},
        {"statistics": ()},
        {"statistics": (dataclasses.replace(kept.row, kind="of the future"),)},
    )
    assert [statistic_for(card.replace(**change), "f1", "overall") for change in others] == [None] * len(others)
    found = compare_cards(card, card.replace(**typed(*card.scores)))
    assert {d.p for d in found.differences} == {None}
    assert "no intervals" in found.notes[0]


def test_what_a_reader_should_know(truth, predictions):
    card = Megc2020Spotting().score(Predicted(predictions), truth)
    notes = compare_cards(card, card.replace(complete=False)).notes
    assert notes == ("B is not complete.", "With 3 subjects no difference can reach p < .05.")


def test_a_card_that_contradicts_itself_is_refused(wide):
    card = grade(wide, some(wide, 0.5, 3))
    wrong = card.replace(scores=tuple(dataclasses.replace(s, value=0.9) for s in card.scores))
    with pytest.raises(UserError, match=r"Scorecard B \(m\) is inconsistent: f1 of .* Grade its predictions again"):
        compare_cards(card, wrong)
