from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.leaderboard.cards import read_card
from mebench.leaderboard.groups import better_by_interval, group_cards, rank_cards
from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import ProtocolRef, Score
from mebench.schema.truth import Truth, VideoTable
from tests.old_cards import typed

REACH = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda ends: (min(ends) / 100, max(ends) / 100))


def labels(folders):
    (group,) = group_cards([read_card(folder) for folder in folders])
    return [(row.card.method, row.label) for row in group.all]


def interval_ranks(reaches):
    return (1 + better_by_interval(reaches).sum(axis=0)).tolist()


def f1(value, low, high):
    return typed(Score("f1", "overall", value, (low, high)))


def test_ranks_of_the_example_in_the_docstring():
    a, b, c = (0.40, 0.80), (0.60, 0.90), (0.30, 0.50)
    assert interval_ranks([a, b, c]) == [1, 1, 2]


@given(st.lists(REACH, max_size=8))
def test_a_rank_counts_those_wholly_above(reaches):
    for rank, (_, high) in zip(interval_ranks(reaches), reaches, strict=True):
        assert rank == 1 + len([other for other in reaches if other[0] > high])
    if reaches:
        assert min(interval_ranks(reaches)) == 1


def test_overlapping_intervals_share_a_rank(make_run):
    folders = [
        make_run("low", **f1(0.10, 0.05, 0.20)),
        make_run("high", **f1(0.60, 0.50, 0.70)),
        make_run("middle", **f1(0.50, 0.40, 0.60)),
    ]
    assert labels(folders) == [("high", "1="), ("middle", "1="), ("low", "3")]


def test_a_card_without_interval_is_ranked_by_its_value(make_run):
    folders = [make_run(m, **typed(Score("f1", "overall", v))) for m, v in (("a", 0.2), ("b", 0.3))]
    assert labels(folders) == [("b", "1"), ("a", "2")]


def test_bounds_and_incomplete_cards_have_no_rank_and_push_nobody_down(make_run):
    folders = [
        make_run("oracle", **f1(1.0, 1.0, 1.0)),
        make_run("half_done", complete=False, **f1(0.9, 0.85, 0.95)),
        make_run("mine", **f1(0.5, 0.4, 0.6)),
        make_run("random_intervals", **f1(0.1, 0.0, 0.2)),
    ]
    assert labels(folders) == [("mine", "1"), ("half_done", "–"), ("oracle", "–"), ("random_intervals", "–")]


@pytest.mark.parametrize(
    "changes",
    [
        {"convention": SpottingConvention(matching="truth_found")},
        {"protocol": ProtocolRef("megc2020-spotting", "2")},
        {"protocol": ProtocolRef("megc2021-spotting", "1")},
    ],
)
def test_cards_of_different_rules_never_share_a_table(make_run, changes):
    assert len(group_cards([read_card(make_run()), read_card(make_run(**changes))])) == 2


def test_cards_of_different_truths_never_share_a_table(make_run, truth):
    with_one_event_less = truth(events=truth().events.rows()[:2])
    cards = [read_card(make_run()), read_card(make_run(truth=with_one_event_less))]
    assert len(group_cards(cards)) == 2


def test_the_order_of_cards_does_not_matter(make_run):
    folders = [make_run("a"), make_run("b"), make_run("c", **f1(0.9, 0.8, 1.0))]
    assert labels(folders) == labels(folders[::-1])


def many(n):
    """Return a truth of n subjects with two events each."""
    events = [(f"s{i:02d}", "a", onset, onset + 40, "macro") for i in range(n) for onset in (100, 300)]
    return Truth(
        Intervals.from_rows(events), VideoTable.from_rows([(f"s{i:02d}", "a", 30.0, 900) for i in range(n)]), "m"
    )


@pytest.fixture
def make(make_run):
    """Make the card of a method that finds the given number of events of each subject."""

    def card(method, found):
        truth = many(len(found))
        rows = [r for i, n in enumerate(found) for r in truth.events.rows()[2 * i : 2 * i + n]]
        return read_card(make_run(method, rows=rows, truth=truth, keep=False))

    return card


def test_methods_that_differ_in_every_subject_are_told_apart(make):
    cards = [make("all", [2] * 8), make("half", [1] * 8), make("none", [0] * 8)]
    assert rank_cards(cards) == [1, 2, 3]


def test_too_few_subjects_tell_nobody_apart(make):
    assert rank_cards([make("all", [2] * 5), make("none", [0] * 5)]) == [1, 1]


def test_paired_counts_tell_apart_what_overlapping_intervals_do_not(make):
    """Half of the subjects are hard for both; on each of the others one method is better."""
    cards = [make("better", [2] * 6 + [0] * 6), make("worse", [1] * 6 + [0] * 6)]
    reaches = [card.score("f1", "overall").ci95 for card in cards]
    assert reaches[0][0] < reaches[1][1]
    assert rank_cards(cards) == [1, 2]


def test_more_methods_need_more_evidence(make):
    """Six subjects give p = 2/64 = .031: enough for one pair, not for three."""
    a, b, c = make("a", [2] * 6), make("b", [1] * 6), make("c", [1] * 6)
    assert rank_cards([a, b]) == [1, 2]
    assert rank_cards([a, b, c]) == [1, 1, 1]


def test_counts_that_are_not_those_of_the_score_are_not_used(make_run):
    rows = [("s1", "a", 100, 160, "macro")]
    cards = [read_card(make_run("a", rows=rows, **f1(0.9, 0.8, 1.0))), read_card(make_run("b", **f1(0.2, 0.1, 0.3)))]
    assert rank_cards(cards) == [1, 2]


def test_a_card_that_contradicts_itself_stands_apart_and_pushes_nobody_down(make_run):
    honest, typed_by_hand = make_run("mine"), make_run("typed")
    file = typed_by_hand / "scorecard.json"
    plain = json.loads(file.read_text())
    next(s for s in plain["scores"] if (s["metric"], s["scope"]) == ("f1", "overall"))["value"] = 0.99
    file.write_text(json.dumps(plain))
    (group,) = group_cards([read_card(honest), read_card(typed_by_hand)])
    assert [(row.card.method, row.label) for row in group.rows] == [("mine", "1")]
    assert [(row.card.method, row.label) for row in group.refused] == [("typed", "–")]
    assert group.refused[0].card.inconsistent.startswith("f1 of overall is given as 0.990000, but its counts")
    (alone,) = group_cards([read_card(typed_by_hand)])
    assert (alone.rows, alone.first.method) == ((), "typed")
