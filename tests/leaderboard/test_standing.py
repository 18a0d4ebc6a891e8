"""How cards of one table stand to each other."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.analysis.compare import compare_cards
from mebench.leaderboard import standing as module
from mebench.leaderboard.cards import read_card
from mebench.leaderboard.standing import better_by_interval, stand
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import Score
from mebench.schema.truth import Truth, VideoTable

REACH = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda ends: (min(ends) / 100, max(ends) / 100))


def many(n):
    """Return a truth of n subjects with two events each."""
    events = [(f"s{i:02d}", "a", onset, onset + 40, "macro") for i in range(n) for onset in (100, 300)]
    return Truth(
        Intervals.from_rows(events), VideoTable.from_rows([(f"s{i:02d}", "a", 30.0, 900) for i in range(n)]), "m"
    )


@pytest.fixture
def make(make_run):
    """Make the card of a method that finds the given number of events of each subject."""

    def card(method, found, **changes):
        truth = many(len(found))
        rows = [r for i, n in enumerate(found) for r in truth.events.rows()[2 * i : 2 * i + n]]
        return read_card(make_run(method, rows=rows, truth=truth, keep=False, **changes))

    return card


def scored(make_run, value, low, high):
    return read_card(make_run(scores=(Score("f1", "overall", value, (low, high)),)))


def apart(found):
    return {pair: one.apart for pair, one in found.pairs.items()}


def test_the_example_in_the_docstring(make_run):
    reaches = (0.75, 0.60, 0.90), (0.60, 0.40, 0.80), (0.40, 0.30, 0.50)
    found = stand([scored(make_run, *reach) for reach in reaches])
    assert found.ranks == ((1, 2), (1, 3), (2, 3))
    assert apart(found) == {(0, 1): False, (0, 2): True, (1, 2): False}
    assert {pair.p for pair in found.pairs.values()} == {None}
    assert found.subjects == 0


@given(st.lists(REACH, max_size=8))
def test_an_interval_is_above_another_when_it_lies_wholly_above(reaches):
    above = better_by_interval(reaches)
    for i, (low, _) in enumerate(reaches):
        assert [bool(x) for x in above[i]] == [low > high for _, high in reaches]


def test_methods_that_differ_in_every_subject_are_told_apart(make):
    found = stand([make("all", [2] * 8), make("half", [1] * 8), make("none", [0] * 8)])
    assert found.ranks == ((1, 1), (2, 2), (3, 3))
    assert all(apart(found).values())
    assert found.subjects == 8


def test_too_few_subjects_tell_nobody_apart_and_leave_every_place_open(make):
    found = stand([make("all", [2] * 5), make("none", [0] * 5)])
    assert found.ranks == ((1, 2), (1, 2))
    assert apart(found) == {(0, 1): False}
    assert found.pairs[0, 1].p == pytest.approx(2 / 2**5)


def test_one_subject_leaves_every_place_open_and_has_no_interval(make):
    found = stand([make("all", [2]), make("half", [1]), make("none", [0])])
    assert found.ranks == ((1, 3),) * 3
    assert [(pair.ci95, pair.p) for pair in found.pairs.values()] == [(None, 1.0)] * 3


def test_equal_methods_share_their_places(make):
    found = stand([make("a", [2, 1] * 5), make("b", [2, 1] * 5), make("c", [0] * 10)])
    assert found.ranks == ((1, 2), (1, 2), (3, 3))


def test_paired_counts_tell_apart_what_overlapping_intervals_do_not(make):
    """Half of the subjects are hard for both; on each of the others one method is better."""
    cards = [make("better", [2] * 6 + [0] * 6), make("worse", [1] * 6 + [0] * 6)]
    assert cards[0].reach[0] < cards[1].reach[1]
    found = stand(cards)
    assert apart(found) == {(0, 1): True}
    assert found.pairs[0, 1].ci95[0] > 0


def test_more_methods_need_more_evidence_to_be_told_apart(make):
    """Six subjects give p = 2/64 = .031: enough for one pair, not for three."""
    a, b, c = make("a", [2] * 6), make("b", [1] * 6), make("c", [1] * 6)
    assert apart(stand([a, b])) == {(0, 1): True}
    three = stand([a, b, c])
    assert not any(apart(three).values())
    assert three.ranks == ((1, 1), (2, 3), (2, 3))


def test_a_rank_is_never_narrower_than_the_resamples(make):
    """The tests leave more open than the resamples only where subjects are few."""
    found = stand([make("a", [2, 0] * 10), make("b", [0, 2] * 9 + [0, 0])])
    assert found.ranks == ((1, 2), (1, 2))


def test_differences_are_those_that_a_comparison_of_two_gives(make):
    cards = [make("a", [2, 1, 2, 1, 2, 2, 0, 1]), make("b", [1, 1, 0, 1, 2, 0, 0, 2])]
    pair = stand(cards).pairs[0, 1]
    same = compare_cards(cards[0].card, cards[1].card)
    (other,) = [d for d in same.differences if (d.metric, d.scope) == ("f1", "overall")]
    assert (pair.difference, pair.p) == pytest.approx((other.difference, other.p))
    assert pair.ci95 == pytest.approx(other.ci95)


def test_only_subjects_that_all_cards_have_are_compared(make):
    whole, part = make("whole", [2] * 9), make("part", [1] * 9)
    rows = part.card.by_subject[:-1]
    kept = [row.counts["overall"] for row in rows]
    tp, fp, fn = (sum(getattr(counts, name) for counts in kept) for name in ("tp", "fp", "fn"))
    overall = [s for s in part.card.scores if s.scope == "overall"]
    values = {"precision": tp / (tp + fp), "recall": tp / (tp + fn), "f1": 2 * tp / (2 * tp + fp + fn)}
    scores = tuple(Score(s.metric, "overall", values[s.metric]) for s in overall)
    less = dataclasses.replace(part, card=part.card.replace(by_subject=rows, scores=scores))
    found = stand([whole, less])
    assert (found.subjects, found.left_out) == (8, ("s08",))
    assert found.pairs[0, 1].p == pytest.approx(2 / 2**8)


def test_a_card_that_keeps_nothing_is_placed_by_its_interval(make):
    high = make("high", [2] * 8)
    nothing = make("nothing", [1] * 8, by_subject=(), scores=(Score("f1", "overall", 0.6, (0.5, 0.7)),))
    low = make("low", [0] * 8)
    found = stand([high, nothing, low])
    assert found.ranks == ((1, 1), (2, 2), (3, 3))
    assert [pair.p is None for pair in found.pairs.values()] == [True, False, True]
    assert found.subjects == 8


def test_counts_that_are_not_those_of_the_score_are_not_used(make):
    cards = [make(m, [1] * 8, scores=(Score("f1", "overall", v, (v, v)),)) for m, v in (("a", 0.9), ("b", 0.2))]
    found = stand(cards)
    assert found.ranks == ((1, 1), (2, 2))
    assert found.subjects == 0


def test_many_pairs_are_swapped_often_enough_to_be_told_apart(make, monkeypatch):
    """With the usual number of swaps the least p of so many subjects would not survive the correction."""
    monkeypatch.setattr(module, "SWAPS", 10)
    swaps = []
    usual = module.p_value

    def p_value(first, second, metric, swaps_given=10):
        swaps.append(swaps_given)
        return usual(first, second, metric, swaps_given)

    monkeypatch.setattr(module, "p_value", p_value)
    cards = [make("a", [2] * 18), make("b", [1] * 18), make("c", [0] * 18)]
    assert all(apart(stand(cards)).values())
    assert sorted(swaps) == [10] * 3 + [75] * 3


def test_nobody_and_one_alone(make):
    assert stand([]).ranks == ()
    assert stand([make("a", [1] * 3)]).ranks == ((1, 1),)
