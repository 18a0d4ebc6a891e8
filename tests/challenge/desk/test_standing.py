from __future__ import annotations

import dataclasses

import pytest

from mebench.challenge.desk import ties as ties_module
from mebench.challenge.desk.receipt import PublicScore, Receipt, RulesDigest
from mebench.challenge.desk.rule_tables import FinalRules
from mebench.challenge.desk.standing import chosen, final_standing
from mebench.challenge.desk.truths import RulesInForce
from mebench.errors import UserError
from mebench.protocols.base import Predicted
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import ProtocolRef, Scorecard
from mebench.schema.truth import Truth, VideoTable

RULES = RulesDigest(ProtocolRef("megc2022-spotting", "1"), "c", "t", "s")
IN_FORCE = RulesInForce(RULES, (RULES,))


def receipt(team, value, hour, metric="f1", phase="test"):
    score = PublicScore(metric, "overall", value)
    return Receipt(f"{team}{hour}", team, "m", phase, f"2026-05-01T{hour:02}:00:00Z", "0", RULES, "1", (score,))


def card(found, n_people):
    """Return the card of who finds the macro-expressions of some people, and the micro-expressions of others."""
    people = [f"s{i:02}" for i in range(n_people)]
    events = [(p, "v", 100, 180, "macro") for p in people] + [(p, "v", 500, 520, "micro") for p in people]
    truth = Truth(Intervals.from_rows(events), VideoTable.from_rows([(p, "v", 30.0, 900) for p in people]), "tiny")
    kept = [event for i, event in enumerate(events) if i in found]
    return PROTOCOLS.get("megc2022-spotting")().score(Predicted(Intervals.from_rows(kept)), truth).to_json()


class Papers:
    """Stands for a store."""

    def __init__(self, cards):
        self.cards = cards

    def papers(self, id):
        return self.cards[id]


def stand(challenge, found, n_people=12, part="hidden"):
    """Return the standing of teams by what they find, the first of them submitted first and best in public."""
    receipts = [receipt(team, 0.9 - i / 100, i) for i, team in enumerate(found)]
    cards = {r.id: {part: card(found[r.team], n_people)} for r in receipts}
    return final_standing(challenge, Papers(cards), receipts, IN_FORCE)


def test_teams_rank_by_the_hidden_part_and_equal_scores_share_a_rank(make_challenge):
    # Of 12 people: A finds 3 macro-expressions, B and C find 12 events each, D finds all 24.
    found = {"A": {0, 1, 2}, "B": set(range(12)), "C": set(range(12, 24)), "D": set(range(24))}
    standing = stand(make_challenge(), found)
    assert [(p.name, p.rank, p.shared, p.public_rank) for p in standing.places] == [
        ("D", 1, False, 4),
        ("B", 2, True, 2),
        ("C", 2, True, 3),
        ("A", 4, False, 1),
    ]
    assert [p.tied_with for p in standing.places] == [(), ("C",), ("B",), ()]
    assert (standing.part, standing.subjects, standing.is_tested, standing.notes) == ("hidden", 12, True, ())
    first = standing.places[0].scores["f1:overall"]
    assert (first.value, first.ci95) == (1.0, (1.0, 1.0))


def test_few_subjects_are_told(make_challenge):
    standing = stand(make_challenge(), {"A": {0}, "B": set(range(6))}, n_people=3)
    assert [(p.name, p.rank, p.tied_with) for p in standing.places] == [("B", 1, ("A",)), ("A", 2, ("B",))]
    assert standing.notes == (
        "3 subjects are too few to tell any of 2 teams apart by the test: the order is that of the scores alone, and "
        "says little.",
    )


@pytest.mark.parametrize(
    ("subjects", "teams", "few"), [(5, 2, True), (6, 2, False), (8, 4, False), (7, 4, True), (3, 1, False)]
)
def test_how_many_subjects_a_test_needs(subjects, teams, few):
    assert ties_module.too_few(subjects, teams) == few


def test_where_nothing_is_hidden_everything_ranks(make_challenge):
    one = receipt("A", 0.0, 0)
    whole = card({0}, 12)
    said = Scorecard.from_json(whole).score("f1", "overall").value
    fitting = dataclasses.replace(one, scores=(PublicScore("f1", "overall", round(said, 4)),))
    assert final_standing(make_challenge(), Papers({one.id: {"all": whole}}), [fitting], IN_FORCE).part == "all"


def test_scores_without_parts_are_tied_by_their_intervals(make_challenge, monkeypatch):
    monkeypatch.setattr(ties_module, "statistic_for", lambda *_: None)
    found = {"A": set(range(24)), "B": set(range(23)), "C": {0}}
    standing = stand(make_challenge(), found)
    assert not standing.is_tested
    assert [p.tied_with for p in standing.places] == [("B",), ("A",), ()]


def test_many_teams_are_tied_by_their_intervals(make_challenge, monkeypatch):
    monkeypatch.setattr(ties_module, "SWAPS", 100)
    found = {"A": set(range(40)), "B": set(range(39)), "C": {0}, "D": {1}}
    challenge = make_challenge()
    assert not stand(challenge, found, n_people=20).is_tested
    assert stand(challenge, found, n_people=16).is_tested


def test_the_rule_says_which_submission_counts(make_challenge):
    challenge = make_challenge()
    receipts = [receipt("A", 0.2, 1), receipt("a", 0.5, 2), receipt("A", 0.3, 3), receipt("B", 0.4, 1)]
    papers = Papers({r.id: {"hidden": card({0}, 3)} for r in receipts})
    for rules, ids, counts in (
        (FinalRules(), ["B1", "a2"], "best"),
        (FinalRules(counts="latest"), ["B1", "A3"], "latest"),
        (FinalRules(phase="test", counts="best"), ["B1", "a2"], "best"),
    ):
        ruled = dataclasses.replace(challenge, final=rules)
        standing = final_standing(ruled, papers, receipts, IN_FORCE)
        assert ([p.receipt for p in standing.places], standing.counts) == (ids, counts)
        assert {p.name: p.entries for p in standing.places} in ({"B": 1, "a": 3}, {"B": 1, "A": 3})
    board = dataclasses.replace(challenge, board=dataclasses.replace(challenge.board, show="latest"))
    assert final_standing(board, papers, receipts, IN_FORCE).counts == "latest"


def test_only_the_final_phase_competes(make_challenge):
    receipts = [receipt("A", 0.2, 1), receipt("B", 0.2, 1, phase="warm-up")]
    papers = Papers({r.id: {"hidden": card({0}, 3)} for r in receipts})
    assert [p.name for p in final_standing(make_challenge(), papers, receipts, IN_FORCE).places] == ["A"]


def test_what_would_be_left_out_is_refused(make_challenge):
    other = dataclasses.replace(RULES, truth="other")
    receipts = [receipt("A", 0.2, 1), dataclasses.replace(receipt("B", 0.2, 1), rules=other)]
    challenge = make_challenge()
    with pytest.raises(UserError, match="1 of 2 submissions were graded .* run `mebench challenge regrade"):
        final_standing(challenge, Papers({}), receipts, IN_FORCE)
    with pytest.raises(UserError, match="scorecards of the receipt A1 are lost: run `mebench challenge regrade"):
        final_standing(challenge, Papers({"A1": {}}), receipts[:1], IN_FORCE)
    ranked = dataclasses.replace(challenge.board, columns=("f1:smic",), rank_by="")
    without = dataclasses.replace(challenge, board=ranked)
    with pytest.raises(UserError, match="the hidden part of the truth has no f1:smic: choose another rank_by"):
        final_standing(without, Papers({"A1": {"hidden": card({0}, 3)}}), receipts[:1], IN_FORCE)


def test_nobody_is_no_ranking(make_challenge):
    assert final_standing(make_challenge(), Papers({}), [], IN_FORCE).places == ()


def test_best_or_latest_of_each_team(make_challenge):
    challenge = make_challenge()
    receipts = [receipt("A", 0.2, 1), receipt("a", 0.5, 2), receipt("A", 0.3, 3), receipt("B", 0.4, 1)]
    assert [r.id for r in chosen(challenge, receipts)] == ["a2", "B1"]
    latest = dataclasses.replace(challenge, board=dataclasses.replace(challenge.board, show="latest"))
    assert [r.id for r in chosen(latest, receipts)] == ["B1", "A3"]
    assert [r.id for r in chosen(latest, receipts, "best")] == ["a2", "B1"]


def test_the_earlier_of_equals_comes_first(make_challenge):
    receipts = [receipt("B", 0.4, 2), receipt("A", 0.4, 3), receipt("B", 0.4, 5)]
    assert [r.id for r in chosen(make_challenge(), receipts)] == ["B2", "A3"]


def test_of_some_scores_less_is_better(make_challenge):
    rules = make_challenge()
    challenge = dataclasses.replace(
        rules, board=dataclasses.replace(rules.board, columns=("niqe:overall",), rank_by="")
    )
    receipts = [receipt("A", 5.0, 1, "niqe"), receipt("B", 3.0, 1, "niqe")]
    assert [r.team for r in chosen(challenge, receipts)] == ["B", "A"]
